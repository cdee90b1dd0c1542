"""A scene is acted once in the life of a test process; afterwards its rows are written as they were then.

The company of the tests and the way of the campaign to a step take hundreds of statements, in a thousand tests.
What a scene did to the rows is kept and repeated by a few statements, under the same keys; sequences never go back, so
these are free. A scene is only repeated where it was acted: in the state the same scenes left, with nothing written
since. A test that replaces a part of the product under a scene has to write something first.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

from bihuan.ledger.models import Entry

WRITES = ("INSERT", "UPDATE", "DELETE", "ROLLBA", "TRUNCA")
SIGNING_IN = (f'"{Session._meta.db_table}"', 'SET "last_login" =')  # changes nothing that a scene goes by

Row = tuple[Any, ...]
Rows = dict[Any, Row]


@dataclass(frozen=True)
class Table:
    name: str
    key: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, model: type[models.Model]) -> "Table":
        columns = tuple(field.column for field in model._meta.local_concrete_fields if not field.generated)
        assert model._meta.pk is not None
        return cls(model._meta.db_table, model._meta.pk.column, columns)

    def rows(self) -> Rows:
        place = self.columns.index(self.key)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self._names} FROM {self._name}")
            return {row[place]: tuple(row) for row in cursor.fetchall()}

    def insert(self, rows: list[Row]) -> None:
        with connection.cursor() as cursor:
            for begin in range(0, len(rows), self._at_once):
                some = rows[begin : begin + self._at_once]
                values = ", ".join([f"({', '.join(['%s'] * len(self.columns))})"] * len(some))
                cursor.execute(
                    f"INSERT INTO {self._name} ({self._names}) VALUES {values}",
                    [value for row in some for value in row],
                )

    def update(self, rows: Rows) -> None:
        settings = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in self.columns)
        with connection.cursor() as cursor:
            for key, row in rows.items():
                cursor.execute(f"UPDATE {self._name} SET {settings} WHERE {self._key} = %s", [*row, key])

    def delete(self, keys: list[Any]) -> None:
        with connection.cursor() as cursor:
            for key in keys:
                cursor.execute(f"DELETE FROM {self._name} WHERE {self._key} = %s", [key])

    @property
    def _name(self) -> str:
        return connection.ops.quote_name(self.name)

    @property
    def _key(self) -> str:
        return connection.ops.quote_name(self.key)

    @property
    def _names(self) -> str:
        return ", ".join(map(connection.ops.quote_name, self.columns))

    @property
    def _at_once(self) -> int:
        return max(1, 900 // len(self.columns))


@dataclass(frozen=True)
class Change:
    """What a scene did to one table."""

    table: Table
    added: list[Row]
    changed: Rows
    gone: list[Any]

    @classmethod
    def between(cls, table: Table, before: Rows, after: Rows) -> "Change":
        return cls(
            table,
            [row for key, row in after.items() if key not in before],
            {key: row for key, row in after.items() if key in before and before[key] != row},
            [key for key in before if key not in after],
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)

    def repeat(self) -> None:
        self.table.delete(self.gone)
        self.table.update(self.changed)
        self.table.insert(self.added)


def tables() -> list[Table]:
    return [Table.of(model) for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def everything() -> dict[str, Rows]:
    return {table.name: table.rows() for table in tables()}


@dataclass
class Stage:
    """The scenes of this process, and those behind the test where it stands: None once anything else was written."""

    known: dict[tuple[Any, ...], tuple[list[Change], bytes]] = field(default_factory=dict)
    behind: tuple[Any, ...] | None = None
    _is_playing: bool = False

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not self._is_playing and sql[:6] in WRITES and not any(words in sql for words in SIGNING_IN):
            self.behind = None
        return execute(sql, params, many, context)

    def play(self, name: tuple[Any, ...], act: Callable[[], Any]) -> Any:
        """What `act` returns, and its rows; acted where it was never acted in this state."""
        if not self._is_known_state():
            return act()
        key = (*(self.behind or ()), name)
        with self._playing():
            result = self._again(key) if key in self.known else self._first(key, act)
        self.behind = key
        return result

    def _is_known_state(self) -> bool:
        """A world that stands for a whole module was written before the test began."""
        if self.behind is None or not connection.in_atomic_block:
            return False
        return self.behind != () or not Entry.objects.exists()

    def _first(self, key: tuple[Any, ...], act: Callable[[], Any]) -> Any:
        before = everything()
        result = act()
        changes = [Change.between(table, before[table.name], table.rows()) for table in tables()]
        self.known[key] = ([change for change in changes if change], pickle.dumps(result))
        return result

    def _again(self, key: tuple[Any, ...]) -> Any:
        changes, result = self.known[key]
        for change in changes:
            change.repeat()
        return pickle.loads(result)

    @contextmanager
    def _playing(self) -> Iterator[None]:
        """Scenes within a scene are part of it."""
        self.behind, self._is_playing = None, True
        try:
            yield
        finally:
            self._is_playing = False


STAGE = Stage()


@pytest.fixture(autouse=True)
def empty_stage() -> Iterator[None]:
    """Before anything was written: the tables are as the migrations leave them."""
    if STAGE.watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(STAGE.watch)
    STAGE.behind = ()
    yield
    STAGE.behind = None
