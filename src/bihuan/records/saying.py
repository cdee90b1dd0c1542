"""Frozen values in words, for files that leave the product: dates and numbers as they were frozen."""

import json
from typing import Any

from django.utils.translation import gettext as _

from bihuan.records.schema import Field, Kind


def in_words(field: Field, value: Any, *, unsaid: str = "") -> str:
    """A value of a field; what it is made of is never left out."""
    if value in (None, "", [], {}):
        return str(field.unsaid) or unsaid
    if field.kind is Kind.DEPARTMENTS:
        value = "、".join(each["name"] for each in value)
    if field.kind is Kind.ROWS:
        return "\n".join(row_in_words(field, row, unsaid=unsaid) for row in value)
    if field.kind is Kind.GROUP:
        return row_in_words(field, value, unsaid=unsaid)
    if field.kind is Kind.CHOICE:
        return next((str(choice.label) for choice in field.choices if choice.value == value), str(value))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("number") or json.dumps(value, ensure_ascii=False))
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    return f"{value}{field.suffix}"


def row_in_words(field: Field, row: dict[str, Any], *, unsaid: str = "") -> str:
    """The columns of a row with their names, on one line."""
    return "; ".join(f"{each.label}: {in_words(each, row.get(each.key), unsaid=unsaid)}" for each in field.columns)
