"""How commands print data: lines for people, one JSON document for programs."""

import argparse
import json
from datetime import date
from enum import Enum
from typing import Any


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=spelt)


def spelt(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be printed")
