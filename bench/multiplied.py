"""Rows that are already there, again and again under other keys, in one statement for each table and time."""

from collections.abc import Sequence
from typing import Any

APART = 1_000_000  # more than any key of the rows that are there
GENERIC = frozenset({"subject_id", "root_id"})  # beside a kind: keys of what is multiplied


def multiply(models: Sequence[Any], times: int, *, named: frozenset[str], inside: dict[str, str]) -> None:
    """Each row of these tables `times` as often. Keys, and what refers to these tables, move on by a fixed number;
    `named` columns, which must be unique, get the number of the copy; `inside`, a key within a column of JSON, moves on
    too. What other tables hold, such as people, all copies share."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for copy in range(1, times):
            for model in models:
                cursor.execute(statement(model, models, copy, named=named, inside=inside))
        for reset in connection.ops.sequence_reset_sql(no_colour(), models):
            cursor.execute(reset)


def statement(model: Any, models: Sequence[Any], copy: int, *, named: frozenset[str], inside: dict[str, str]) -> str:
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if not field.generated:
            columns.append(f'"{field.column}"')
            values.append(value(field, models, copy, named=named, inside=inside))
    table = f'"{model._meta.db_table}"'
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} "
        f'WHERE "{model._meta.pk.column}" < {APART}'
    )


def value(field: Any, models: Sequence[Any], copy: int, *, named: frozenset[str], inside: dict[str, str]) -> str:
    own, by = f'"{field.column}"', copy * APART
    if field.primary_key or field.related_model in models or field.column in GENERIC:
        return f"{own} + {by}"
    if field.column in named:
        return f"{own} || '/{copy}'"
    if field.column in inside:
        return moved(own, inside[field.column], by)
    return own


def moved(column: str, key: str, by: int) -> str:
    """A whole number within JSON, moved on where there is one."""
    from django.db import connection

    if connection.vendor == "sqlite":
        number = f"json_extract({column}, '$.{key}')"
        return f"CASE WHEN {number} IS NULL THEN {column} ELSE json_set({column}, '$.{key}', {number} + {by}) END"
    number = f"({column}->>'{key}')::bigint"
    return (
        f"CASE WHEN {number} IS NULL THEN {column} ELSE jsonb_set({column}, '{{{key}}}', to_jsonb({number} + {by})) END"
    )


def no_colour() -> Any:
    from django.core.management.color import no_style

    return no_style()
