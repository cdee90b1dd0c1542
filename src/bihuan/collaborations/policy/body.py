"""Reading a clean body: every getter answers with a plain value, or with nothing when the field is not filled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """A person or a department as a frozen body names it."""

    id: int
    name: str


def text(body: Body, key: str) -> str:
    value = body.get(key)
    return value.strip() if isinstance(value, str) else ""


def number(body: Body, key: str) -> Decimal | None:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        parsed = Decimal(value)
    except InvalidOperation:
        return None
    return parsed if parsed.is_finite() else None


def whole(body: Body, key: str) -> int | None:
    value = number(body, key)
    return int(value) if value is not None and value == value.to_integral_value() else None


def day(body: Body, key: str) -> date | None:
    try:
        return date.fromisoformat(text(body, key))
    except ValueError:
        return None


def instant(body: Body, key: str) -> datetime | None:
    """An aware instant; a naive one counts as not filled."""
    try:
        value = datetime.fromisoformat(text(body, key))
    except ValueError:
        return None
    return value if value.tzinfo else None


def yes(body: Body, key: str) -> bool:
    return body.get(key) is True


def ref(body: Body, key: str) -> Ref | None:
    value = body.get(key)
    if not isinstance(value, Mapping) or not isinstance(value.get("id"), int):
        return None
    return Ref(value["id"], text(value, "name"))


def rows(body: Body, key: str) -> list[Body]:
    value = body.get(key)
    if not isinstance(value, list | tuple):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def refs(lines: Iterable[Body], key: str) -> list[Ref]:
    return [found for row in lines if (found := ref(row, key))]


def refs_in(body: Body, key: str) -> list[Ref]:
    """The departments that one field names."""
    value = body.get(key)
    return refs([{"one": one} for one in value], "one") if isinstance(value, list | tuple) else []


def group(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def same(one: str, other: str) -> bool:
    """Whether two typed names mean the same thing: case and blanks do not count."""
    return normal(one) == normal(other)


def normal(name: str) -> str:
    return "".join(name.split()).casefold()
