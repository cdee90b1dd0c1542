"""Identity of list rows: a short id that stays with the row through every draft and version."""

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import chain, count
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


def is_untouched(body: Body, place: str) -> bool:
    """Nothing was typed at a place of the body (`metrics.0.target`), however it was picked."""
    *way, key = place.split(".")
    holder: Any = body
    for part in way:
        holder = _inside(holder, part)
    return is_blank(_inside(holder, key)) and is_blank(_inside(holder, key + TEXT_OF))


def _inside(holder: Any, part: str) -> Any:
    if isinstance(holder, list):
        return holder[int(part)] if part.isdecimal() and int(part) < len(holder) else None
    return holder.get(part) if isinstance(holder, dict) else None


def is_blank_row(field: Field, row: Body) -> bool:
    """Nothing a person could have typed is in the row; a row the product gave is never blank."""
    if field.fixed_rows:
        return False
    typed = {column.key: column.kind for column in field.columns if not column.computed}
    said = ((typed.get(key.removesuffix(TEXT_OF)), value) for key, value in row.items())
    return all(is_blank(value) or _is_no_answer(kind, value) for kind, value in said if kind is not None)


def _is_no_answer(kind: Kind, value: Any) -> bool:
    """A yes or a no answers nothing but a question for one."""
    return isinstance(value, bool) and kind is not Kind.BOOL


def derived_id(key: str, index: int, row: Body) -> str:
    """An id for a row that came without one, the same for the same row at the same place."""
    text = repr((key, index, sorted(row.items(), key=lambda item: item[0])))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def first_free(wanted: str, taken: set[str]) -> str:
    return next(name for name in chain([wanted], (f"{wanted}x{n}" for n in count(2))) if name not in taken)


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

    def rows(field: Field, typed: list[Body]) -> list[Body]:
        return identified(field, typed, new_id)

    return each_list(fields, body, rows)


def without_blank_rows(fields: tuple[Field, ...], body: Body) -> Body:
    """The draft without rows in which nobody typed anything, such as the spare row of a page."""

    def rows(field: Field, typed: list[Body]) -> list[Body]:
        return [row for row in typed if not is_blank_row(field, row)]

    return each_list(fields, body, rows)


def each_list(fields: tuple[Field, ...], body: Body, change: Callable[[Field, list[Body]], list[Body]]) -> Body:
    """A copy of the draft with every list changed, inner lists first."""
    result = dict(body)
    for field in fields:
        value = body.get(field.key)
        if field.kind is Kind.ROWS and isinstance(value, list):
            result[field.key] = change(field, [each_list(field.columns, row, change) for row in as_rows(value)])
        elif field.kind is Kind.GROUP and isinstance(value, dict):
            result[field.key] = each_list(field.columns, value, change)
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
    before, after = fixed_ids(form, stored), fixed_ids(form, sent)
    return [place for place in before | after if before.get(place, []) != after.get(place, [])]


def fixed_ids(form: Form, body: Body) -> dict[str, list[str]]:
    return {
        place: sorted(str(row.get("id")) for row in rows)
        for place, field, rows in lists_of(tuple(form.fields()), body)
        if field.fixed_rows
    }


def with_fixed(form: Form, stored: Body, sent: Body) -> Body:
    """What was sent, with the tables given by the product that it leaves out."""
    left_out = {field.key for field in form.fields() if field.fixed_rows} & stored.keys() - sent.keys()
    return sent | {key: stored[key] for key in left_out}
