"""What the ledger says of a matter, and proof that a refusal left every table as it was."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from bihuan.kernel.errors import DomainError
from bihuan.ledger.models import Entry

Row = dict[str, Any]


@cache
def questions() -> dict[str, str]:
    """What asks for every row of a table of the product, by the label of its model."""
    models = [model for model in apps.get_models() if model.__module__.startswith("bihuan.")]
    return {
        model._meta.label: f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"'
        for model in models
    }


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the product, as the database has it."""
    rows = {}
    with connection.cursor() as cursor:
        for label, question in questions().items():
            cursor.execute(question)
            rows[label] = cursor.fetchall()
    return rows


@contextmanager
def refused(expected: type[DomainError], *codes: str) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """The act inside is refused in exactly this way, with all these findings, and nothing was written."""
    before = everything()
    with pytest.raises(expected) as caught, transaction.atomic():
        yield caught
    assert type(caught.value) is expected
    said = [finding.code for finding in caught.value.findings]
    assert set(codes) <= set(said), said
    assert everything() == before


def last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def facts_since(entry_id: int, name: str = "") -> list[Row]:
    """The facts recorded after an entry, oldest first, as name and body; what deadlines make of them only by name."""
    rows = Entry.objects.filter(pk__gt=entry_id).select_related("body").order_by("pk")
    rows = rows.filter(name=name) if name else rows.exclude(name__startswith="deadlines.")
    return [{"name": row.name, **json.loads(row.body.body)} for row in rows]


def names_since(entry_id: int) -> list[str]:
    return [fact["name"] for fact in facts_since(entry_id)]
