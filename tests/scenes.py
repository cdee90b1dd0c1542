"""A scene is acted once in the life of a test process; afterwards its rows are written as they were then.

The company of the tests and the way of the campaign to a step take hundreds of statements, in a thousand tests.
What a scene did to the rows is kept and repeated by a few statements, under the same keys; sequences never go back, so
these are free. A scene is only repeated where it was acted: in the state the same scenes left, with nothing written
since. A test that replaces a part of the product under a scene has to write something first.

On SQLite the processes of a run know each other's scenes, by files beside the tables: whoever acts one first keeps it
for all. On PostgreSQL each has a database with sequences of its own, and acts for itself.
"""

import hashlib
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models

from bihuan.files.queries import FOLDER, path_of
from bihuan.ledger.models import Entry

IS_FAULTY = "BIHUAN_TEST_FAULTY" in os.environ
"""What is acted with a planted fault is not for the others."""
ACTS_FOR_ITSELF = os.environ.get("BIHUAN_TEST_FAULTY") == "acting"
WRITES = ("INSERT", "UPDATE", "DELETE", "ROLLBA", "TRUNCA")
SIGNING_IN = (f'"{Session._meta.db_table}"', 'SET "last_login" =')  # changes nothing that a scene goes by

Key = tuple[Any, ...]
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


@dataclass(frozen=True)
class Scene:
    """What it did to the rows and to the folder of handed in files, and what its act returned."""

    changes: list[Change]
    files: dict[str, bytes]
    result: bytes

    def repeat(self) -> Any:
        for change in self.changes:
            change.repeat()
        for key, content in self.files.items():
            path = path_of(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return pickle.loads(self.result)


def stored() -> set[Path]:
    return set((Path(settings.DATA_DIR) / FOLDER).glob("*/*"))


@dataclass
class Repertoire:
    """The scenes of this process, and of those that stand beside it. Only what goes on from scenes that all of them
    have can be had from another."""

    own: dict[Key, Scene] = field(default_factory=dict)
    common: set[Key] = field(default_factory=lambda: {()})

    def find(self, behind: Key, key: Key) -> Scene | None:
        if key not in self.own and self._is_common(behind) and (file := self._file(key)).exists():
            self.own[key] = pickle.loads(file.read_bytes())
            self.common.add(key)
        return self.own.get(key)

    def keep(self, behind: Key, key: Key, scene: Scene) -> None:
        self.own[key] = scene
        if self._is_common(behind) and not IS_FAULTY and publish(self._file(key), pickle.dumps(scene)):
            self.common.add(key)

    def _is_common(self, behind: Key) -> bool:
        return connection.vendor == "sqlite" and behind in self.common and not ACTS_FOR_ITSELF

    def _file(self, key: Key) -> Path:
        return Path(os.environ["BIHUAN_TEST_SHARED"], f"{hashlib.sha256(repr(key).encode()).hexdigest()}.scene")


def publish(file: Path, content: bytes) -> bool:
    """Whether this process was the first; nobody ever reads the half of it."""
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    try:
        os.link(part, file)
    except FileExistsError:
        return False
    finally:
        part.unlink()
    return True


@dataclass
class Stage:
    """The scenes that are known, and those behind the test where it stands: None once anything else was written."""

    known: Repertoire = field(default_factory=Repertoire)
    behind: Key | None = None
    _is_playing: bool = False

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not self._is_playing and sql[:6] in WRITES and not any(words in sql for words in SIGNING_IN):
            self.behind = None
        return execute(sql, params, many, context)

    def play(self, name: Key, act: Callable[[], Any]) -> Any:
        """What `act` returns, and its rows; acted where it was never acted in this state."""
        if not self._is_known_state():
            return act()
        behind = self.behind or ()
        key = (*behind, name)
        with self._playing():
            scene = self.known.find(behind, key)
            result = scene.repeat() if scene else self._first(behind, key, act)
        self.behind = key
        return result

    def _is_known_state(self) -> bool:
        """A world that stands for a whole module was written before the test began."""
        if self.behind is None or not connection.in_atomic_block:
            return False
        return self.behind != () or not Entry.objects.exists()

    def _first(self, behind: Key, key: Key, act: Callable[[], Any]) -> Any:
        rows, files = everything(), stored()
        result = act()
        changes = [Change.between(table, rows[table.name], table.rows()) for table in tables()]
        handed_in = {path.name: path.read_bytes() for path in stored() - files}
        scene = Scene([change for change in changes if change], handed_in, pickle.dumps(result))
        self.known.keep(behind, key, scene)
        return result

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
