"""Facts of the tests, and short ways to record them and to harm them."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db import connection, transaction

from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.ledger.operations import record

WANG = Actor(ActorKind.PERSON, 7, "王敏", frozenset({"p:7"}))
FIRST, SECOND = SubjectRef("matter", 1), SubjectRef("matter", 2)
MIGRATIONS = [import_module(f"bihuan.ledger.migrations.{name}") for name in ("0002_append_only", "0003_keys")]


@dataclass(frozen=True, kw_only=True)
class Noted(Fact):
    name = "tests.noted"

    text: str


@dataclass(frozen=True, kw_only=True)
class NotedAgain(Noted):
    name = "tests.noted_again"


def note(root: SubjectRef, at: datetime, text: str = "文字", scope_id: int | None = None) -> Entry:
    with transaction.atomic():
        return record(Noted(text=text), actor=WANG, root=root, scope_id=scope_id, at=at)


def note_many(root: SubjectRef, at: datetime, count: int) -> list[Entry]:
    return [note(root, at, f"{root} {number}") for number in range(1, count + 1)]


def harm(*statements: tuple[str, list[Any]]) -> None:
    """Change the ledger as somebody with the database's password would: triggers lifted, raw SQL."""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for statement in [each for one in reversed(MIGRATIONS) for each in one.DROP[connection.vendor]]:
            cursor.execute(statement)
        for statement, values in statements:
            cursor.execute(statement, values)
        for statement in [each for one in MIGRATIONS for each in one.CREATE[connection.vendor]]:
            cursor.execute(statement)
