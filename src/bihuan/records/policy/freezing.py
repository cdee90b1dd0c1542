"""Freezing a clean body: canonical text, one digest for the whole and one for every row of every list."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.kernel.canonical import canonical_json, digest
from bihuan.records.policy.rows import Body, as_rows, lists_of
from bihuan.records.schema import Field, Form, Kind


@dataclass(frozen=True, slots=True)
class Frozen:
    """`parts` maps `criteria/ab12` to the digest of that row."""

    body: str
    digest: str
    parts: dict[str, str]


def freeze(form: Form, clean: Body) -> Frozen:
    parts = {
        f"{place}/{row['id']}": digest(agreed(field, row))
        for place, field, rows in lists_of(tuple(form.fields()), clean)
        for row in rows
    }
    return Frozen(canonical_json(clean), digest(clean), parts)


def agreed(field: Field, row: Mapping[str, Any]) -> Body:
    """What is signed of a line: without what only says who is asked about it."""
    beside = {column.key for column in field.columns if column.is_beside}
    return {key: value for key, value in row.items() if key not in beside}


def thaw(form: Form, frozen: str) -> Body:
    """A draft that says what the frozen body says, without what the product computes."""
    return _thaw(tuple(form.fields()), json.loads(frozen))


def _thaw(fields: tuple[Field, ...], body: Body) -> Body:
    draft: Body = {}
    for field in fields:
        value = body.get(field.key)
        if field.computed or value is None:
            continue
        if field.kind is Kind.ROWS:
            draft[field.key] = [{"id": row["id"], **_thaw(field.columns, row)} for row in as_rows(value)]
        elif field.kind is Kind.GROUP:
            draft[field.key] = _thaw(field.columns, value)
        elif field.kind is Kind.DEPARTMENTS:
            draft[field.key] = [each["id"] for each in value]
        else:
            draft[field.key] = value.get("id") if isinstance(value, dict) else value
    return draft


def with_computed(form: Form, clean: Body, computed: Body) -> Body:
    """The body (clean, or a draft to show) with only the computed fields taken from `computed`. Rows meet by id."""
    return _merge(tuple(form.fields()), clean, computed)


def _merge(fields: tuple[Field, ...], clean: Body, computed: Body) -> Body:
    merged = dict(clean)
    for field in fields:
        if field.computed:
            merged[field.key] = computed.get(field.key, clean.get(field.key))
        elif field.kind is Kind.GROUP:
            merged[field.key] = _merge(field.columns, clean.get(field.key) or {}, computed.get(field.key) or {})
        elif field.kind is Kind.ROWS:
            others = {row.get("id"): row for row in as_rows(computed.get(field.key))}
            rows = as_rows(clean.get(field.key))
            merged[field.key] = [_merge(field.columns, row, others.get(row.get("id"), {})) for row in rows]
    return merged
