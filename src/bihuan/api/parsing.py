"""Reading bodies more strictly than JSON asks: what no database holds is refused at the door."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 30


class StrictParser(Parser):
    """Whatever is raised here is answered as 400 `api.unreadable`."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        value = json.loads(
            request.body.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_finite,
            object_pairs_hook=_each_key_once,
        )
        if not isinstance(value, dict):
            raise TypeError("the body is an object")
        ensure_storable(value)
        return value


def _no_number(text: str) -> float:
    raise ValueError(text)


def _finite(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        raise ValueError(text)
    return value


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands there twice")
    return value


def ensure_storable(value: Any, depth: int = 0) -> None:
    """No NUL, no half character, not deeper than any form. Raises ValueError."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            raise ValueError("a character that cannot be kept")
        return
    for part in _parts(value):
        ensure_storable(part, depth + 1)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else ()
