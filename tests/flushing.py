"""Emptying the tables between transactional tests, although SQLite's triggers refuse to delete from the ledger."""

from importlib import import_module
from typing import Any

from django.db.backends.sqlite3.base import DatabaseOperations

TRIGGERS = import_module("bihuan.ledger.migrations.0002_append_only")
plain_flush = DatabaseOperations.sql_flush


def flush_with_triggers_lifted(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
    lift = [statement.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS") for statement in TRIGGERS.DROP["sqlite"]]
    return [*lift, *plain_flush(self, *args, **kwargs), *TRIGGERS.CREATE["sqlite"]]


DatabaseOperations.sql_flush = flush_with_triggers_lifted
