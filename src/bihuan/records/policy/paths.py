"""Names of form controls (`metrics.0.name`) to a nested draft, and back."""

from collections.abc import Iterable, Iterator
from typing import Any

from bihuan.records.policy.rows import TEXT_OF, Body
from bihuan.records.policy.shape import REFERENCES
from bihuan.records.schema import Field, Form, Kind

LARGEST_INDEX = 10**6


def from_form(form: Form, names: Iterable[tuple[str, str]]) -> Body:
    """A draft from the controls of a page. Names that are no field a person may fill are passed over.

    A list that is on the page with no row left is kept as an empty list: its marker control carries the bare name.
    """
    tree: dict[str, Any] = {}
    for name, value in names:
        _put(tree, name.split("."), value)
    return _fields(tuple(form.fields()), tree)


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        inner = tree.get(part)
        if inner is None or inner == "":  # a list's marker gives way to its rows
            inner = tree[part] = {}
        if not isinstance(inner, dict):
            return
        tree = inner
    if not isinstance(tree.get(path[-1]), dict):
        tree[path[-1]] = value


def _fields(fields: tuple[Field, ...], tree: dict[str, Any]) -> Body:
    body: Body = {}
    for field in fields:
        if field.computed:
            continue
        typed, text = tree.get(field.key), tree.get(field.key + TEXT_OF)
        if field.kind in LISTS:
            if typed is not None:
                body[field.key] = LISTS[field.kind](field, typed)
        elif field.kind is Kind.GROUP:
            if isinstance(typed, dict):
                body[field.key] = _fields(field.columns, typed)
        elif isinstance(typed, str):
            body[field.key] = typed
        if field.kind in REFERENCES and isinstance(text, str):
            body[field.key + TEXT_OF] = text
    return body


def _rows(field: Field, typed: Any) -> list[Body]:
    numbered = typed if isinstance(typed, dict) else {}
    indexes = sorted(
        int(part) for part in numbered if part.isascii() and part.isdecimal() and int(part) < LARGEST_INDEX
    )
    return [_row(field, numbered[str(index)]) for index in indexes if isinstance(numbered.get(str(index)), dict)]


def _row(field: Field, tree: dict[str, Any]) -> Body:
    own = tree.get("id")
    return ({"id": own} if isinstance(own, str) and own else {}) | _fields(field.columns, tree)


def _ticked(_field: Field, typed: Any) -> list[str]:
    return list(typed) if isinstance(typed, dict) else []


LISTS = {Kind.ROWS: _rows, Kind.DEPARTMENTS: _ticked}


def to_form(form: Form, body: Body) -> list[tuple[str, str]]:
    """The controls of a page that say what the draft says; `from_form` of them gives the draft in texts."""
    return list(_names(tuple(form.fields()), body, ""))


def _names(fields: tuple[Field, ...], body: Body, prefix: str) -> Iterator[tuple[str, str]]:
    for field in fields:
        name, value = f"{prefix}{field.key}", body.get(field.key)
        if field.computed:
            continue
        if field.kind is Kind.GROUP and isinstance(value, dict):
            yield from _names(field.columns, value, f"{name}.")
        elif field.kind is Kind.ROWS and isinstance(value, list):
            yield name, ""
            for index, row in enumerate(value):
                yield f"{name}.{index}.id", str(row.get("id", ""))
                yield from _names(field.columns, row, f"{name}.{index}.")
        elif field.kind is Kind.DEPARTMENTS and isinstance(value, list):
            yield name, ""
            yield from ((f"{name}.{typed_text(one)}", "on") for one in value)
        elif value is not None and field.kind not in {Kind.ROWS, Kind.GROUP, Kind.DEPARTMENTS}:
            yield name, typed_text(value)
        if (text := body.get(field.key + TEXT_OF)) is not None:
            yield name + TEXT_OF, str(text)


def typed_text(value: Any) -> str:
    """A draft value as the text of a control."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(value.get("id", ""))
    return "" if value is None or isinstance(value, list) else str(value)
