"""Identity of list rows: a short id that stays with the row through every draft and version."""

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from bihuan.records.schema import Field, Form, Kind

Body = dict[str, Any]
ROW_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
TEXT_OF = "__text"


def as_rows(value: Any) -> list[Body]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def is_blank(value: Any) -> bool:
    """Nothing was answered, however deep."""
    if isinstance(value, dict):
        return all(is_blank(inner) for key, inner in value.items() if key != "id")
    if isinstance(value, list):
        return all(is_blank(inner) for inner in value)
    return value is None or (isinstance(value, str) and not value.strip())


def is_blank_row(field: Field, row: Body) -> bool:
    """Nothing a person could have typed is in the row; a row the product gave is never blank."""
    if field.fixed_rows:
        return False
    typed = {column.key for column in field.columns if not column.computed}
    return all(is_blank(value) for key, value in row.items() if key.removesuffix(TEXT_OF) in typed)


def derived_id(key: str, index: int, row: Body) -> str:
    """An id for a row that came without one, the same for the same row at the same place."""
    text = repr((key, index, sorted(row.items(), key=lambda item: item[0])))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def first_free(wanted: str, taken: set[str]) -> str:
    return next(name for name in (wanted, *(f"{wanted}x{n}" for n in count(2))) if name not in taken)


def identified(field: Field, rows: list[Body], new_id: Callable[[str, int, Body], str]) -> list[Body]:
    """The same rows, each with an id that no other row of the list has."""
    taken: set[str] = set()
    kept: list[Body] = []
    for index, row in enumerate(rows):
        own = row.get("id")
        if not (isinstance(own, str) and ROW_ID.fullmatch(own)) or own in taken:
            own = first_free(new_id(field.key, index, row), taken)
        taken.add(own)
        kept.append({**row, "id": own})
    return kept


def with_ids(fields: tuple[Field, ...], body: Body, new_id: Callable[[str, int, Body], str]) -> Body:
    """The draft with an id on every row, also in groups and in rows of rows."""
    result = dict(body)
    for field in fields:
        value = body.get(field.key)
        if field.kind is Kind.ROWS and isinstance(value, list):
            rows = [with_ids(field.columns, row, new_id) for row in as_rows(value)]
            result[field.key] = identified(field, rows, new_id)
        elif field.kind is Kind.GROUP and isinstance(value, dict):
            result[field.key] = with_ids(field.columns, value, new_id)
    return result


def lists_of(fields: tuple[Field, ...], body: Body, prefix: str = "") -> Iterator[tuple[str, Field, list[Body]]]:
    """Every list of the body with its dotted place; lists inside rows belong to their row."""
    for field in fields:
        value = body.get(field.key)
        if field.kind is Kind.ROWS:
            yield f"{prefix}{field.key}", field, as_rows(value)
        elif field.kind is Kind.GROUP and isinstance(value, dict):
            yield from lists_of(field.columns, value, f"{prefix}{field.key}.")


def fixed_strangers(form: Form, stored: Body, sent: Body) -> list[str]:
    """Places of lists given by the product whose rows are not exactly the stored ones."""
    before = {place: [row.get("id") for row in rows] for place, _, rows in lists_of(tuple(form.fields()), stored)}
    return [
        place
        for place, field, rows in lists_of(tuple(form.fields()), sent)
        if field.fixed_rows and sorted(str(row.get("id")) for row in rows) != sorted(map(str, before.get(place, [])))
    ]
