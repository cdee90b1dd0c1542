"""JSON from outside, read with suspicion: no NaN, no bottomless nesting, every item with its own text and line."""

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

DEPTH_LIMIT = 64
BLANKS = " \t\r\n"


class NotJson(Exception):
    """The text is no JSON, or nests too deep; `code` says which."""

    def __init__(self, code: str = "line_not_json") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a list of the document; `listed` is False for a member that is no list."""

    section: str
    line: int
    text: str
    value: Any
    listed: bool = True


Place = tuple[str, int, int, Any, bool]


def refuse_constant(name: str) -> float:
    raise ValueError(name)


DECODER = json.JSONDecoder(parse_constant=refuse_constant)


def parse(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that begins at `start` and where it ends; raise NotJson."""
    try:
        value, end = DECODER.raw_decode(text, start)
    except RecursionError:
        raise NotJson("line_too_deep") from None
    except ValueError:
        raise NotJson from None
    if is_deeper(value, DEPTH_LIMIT):
        raise NotJson("line_too_deep")
    return value, end


def parse_line(text: str) -> Any:
    """The one value of a line; raise NotJson."""
    value, end = parse(text)
    if text[end:].strip(BLANKS):
        raise NotJson
    return value


def is_deeper(value: Any, limit: int) -> bool:
    """Level by level, so that the answer itself needs no recursion."""
    level = [value]
    for _ in range(limit + 1):
        level = [child for node in level for child in children(node)]
        if not level:
            return False
    return True


def children(node: Any) -> list[Any]:
    members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [member for member in members if isinstance(member, dict | list)]


def items(text: str) -> Iterator[Item]:
    """Every element of every list of one JSON object, in the order of the text; raise NotJson where it is none."""
    line, seen = 1, 0
    for section, start, end, value, listed in members(text):
        line, seen = line + text.count("\n", seen, start), start
        yield Item(section, line, text[start:end], value, listed)


def members(text: str) -> Iterator[Place]:
    at = after(text, 0, "{")
    while text[at : at + 1] != "}":
        section, at = parse(text, at)
        at = after(text, at, ":")
        if text[at : at + 1] == "[":
            at = yield from elements(text, at + 1, str(section))
        else:
            start = at
            value, at = parse(text, at)
            yield str(section), start, at, value, False
        at = next_member(text, at, "}")
    if text[at + 1 :].strip(BLANKS):
        raise NotJson


def elements(text: str, at: int, section: str) -> Generator[Place, None, int]:
    """The elements of one list; returns the place behind its closing bracket."""
    at = skip(text, at)
    while text[at : at + 1] != "]":
        start = at
        value, at = parse(text, at)
        yield section, start, at, value, True
        at = next_member(text, at, "]")
    return at + 1


def skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in BLANKS:
        position += 1
    return position


def after(text: str, position: int, mark: str) -> int:
    position = skip(text, position)
    if text[position : position + 1] != mark:
        raise NotJson
    return skip(text, position + 1)


def next_member(text: str, position: int, close: str) -> int:
    """Past the comma, or at the closing mark."""
    position = skip(text, position)
    return position if text[position : position + 1] == close else after(text, position, ",")
