"""What changed between two bodies of one form, place by place; rows meet by their id."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bihuan.records.policy.rows import Body, as_rows, is_blank
from bihuan.records.schema import Field, Form, Kind


class Sort(StrEnum):
    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    MOVED = "MOVED"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `trail` leads from the form to the field: (field, row number from 1 or None)."""

    place: str
    trail: tuple[tuple[Field, int | None], ...]
    sort: Sort
    old: Any
    new: Any

    @property
    def label(self) -> str:
        return " · ".join(str(field.label) + (f" {row}" if row else "") for field, row in self.trail)

    @property
    def field(self) -> Field:
        return self.trail[-1][0]


Trail = tuple[tuple[Field, int | None], ...]


def diff(form: Form, old: Body, new: Body) -> list[Change]:
    """Changes in the order of the form. A removed row stands at the place it had."""
    return list(_fields(tuple(form.fields()), old, new, "", ()))


def _fields(fields: tuple[Field, ...], old: Body, new: Body, prefix: str, trail: Trail) -> Iterator[Change]:
    for field in fields:
        place, before, after = f"{prefix}{field.key}", old.get(field.key), new.get(field.key)
        if field.kind is Kind.ROWS:
            yield from _rows(field, as_rows(before), as_rows(after), place, trail)
        elif field.kind is Kind.GROUP:
            yield from _fields(field.columns, before or {}, after or {}, f"{place}.", (*trail, (field, None)))
        elif before != after and not (is_blank(before) and is_blank(after)):
            sort = Sort.ADDED if is_blank(before) else Sort.REMOVED if is_blank(after) else Sort.CHANGED
            yield Change(place, (*trail, (field, None)), sort, before, after)


def _rows(field: Field, old: list[Body], new: list[Body], place: str, trail: Trail) -> Iterator[Change]:
    before = {row.get("id"): (index, row) for index, row in enumerate(old)}
    after = {row.get("id") for row in new}
    for index, row in enumerate(old):
        if row.get("id") not in after:
            yield Change(f"{place}.{index}", (*trail, (field, index + 1)), Sort.REMOVED, row, None)
    for index, row in enumerate(new):
        here: Trail = (*trail, (field, index + 1))
        if row.get("id") not in before:
            yield Change(f"{place}.{index}", here, Sort.ADDED, None, row)
        else:
            yield from _fields(field.columns, before[row.get("id")][1], row, f"{place}.{index}.", here)
    kept_before = [row.get("id") for row in old if row.get("id") in after]
    kept_after = [row.get("id") for row in new if row.get("id") in before]
    if kept_before != kept_after:
        yield Change(place, (*trail, (field, None)), Sort.MOVED, old, new)
