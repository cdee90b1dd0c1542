"""Whether a draft has the outline of its form: known keys, single values where single values belong."""

from collections.abc import Iterator
from typing import Any

from bihuan.kernel.findings import Finding, error
from bihuan.records.policy.rows import TEXT_OF, Body
from bihuan.records.schema import Field, Form, Kind

REFERENCES = frozenset({Kind.PERSON, Kind.DEPARTMENT, Kind.SITE})


def misshapen(form: Form, body: Body) -> list[Finding]:
    """What a page would never send and a program must not: unknown fields, computed fields, trees for values."""
    return list(_walk(tuple(form.fields()), body, ""))


def _walk(fields: tuple[Field, ...], body: Body, prefix: str) -> Iterator[Finding]:
    known = {field.key: field for field in fields}
    for key, value in body.items():
        place = f"{prefix}{key}"
        field = known.get(str(key).removesuffix(TEXT_OF))
        if field is None or (key != field.key and field.kind not in REFERENCES):
            yield error("records.unknown_field", place, field=str(key)[:80])
        elif field.computed:
            yield error("records.read_only_field", place, field=field.key)
        else:
            yield from _value(field, value, place)


def _value(field: Field, value: Any, place: str) -> Iterator[Finding]:
    if value is None:
        return
    if field.kind is Kind.ROWS:
        yield from _rows(field, value, place)
    elif field.kind is Kind.DEPARTMENTS:
        yield from _departments(value, place)
    elif field.kind is Kind.GROUP:
        if isinstance(value, dict):
            yield from _walk(field.columns, value, f"{place}.")
        else:
            yield error("records.not_a_group", place)
    elif isinstance(value, list | dict) and not _is_reference(field, value):
        yield error("records.not_a_value", place)


def _rows(field: Field, value: Any, place: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield error("records.not_rows", place)
        return
    for index, row in enumerate(value):
        if isinstance(row, dict):
            inner = {key: cell for key, cell in row.items() if key != "id"}
            yield from _walk(field.columns, inner, f"{place}.{index}.")
        else:
            yield error("records.not_rows", f"{place}.{index}")


def _departments(value: Any, place: str) -> Iterator[Finding]:
    if not isinstance(value, list) or any(isinstance(one, list | dict) and not _is_named(one) for one in value):
        yield error("records.not_departments", place)


def _is_reference(field: Field, value: Any) -> bool:
    return field.kind in REFERENCES and _is_named(value)


def _is_named(value: Any) -> bool:
    is_named = isinstance(value, dict) and set(value) <= {"id", "name"}
    return is_named and not any(isinstance(v, list | dict) for v in value.values())
