"""Emptying the tables between transactional tests, although SQLite's triggers refuse to delete from the ledger. The
mark of working time goes with the rest and is set anew, as the triggers of PostgreSQL do by themselves."""

from importlib import import_module
from typing import Any

from django.db.backends.sqlite3.base import DatabaseOperations

TRIGGERS = [import_module(f"bihuan.ledger.migrations.{name}") for name in ("0002_append_only", "0003_keys")]
MARKING = import_module("bihuan.organisation.migrations.0011_working_time_mark")
plain_flush = DatabaseOperations.sql_flush


def flush_with_triggers_lifted(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
    drop = [statement for each in TRIGGERS for statement in each.DROP["sqlite"]]
    lift = [statement.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS") for statement in drop]
    create = [statement for each in TRIGGERS for statement in each.CREATE["sqlite"]]
    return [*lift, *plain_flush(self, *args, **kwargs), *create, MARKING.another("lower(hex(randomblob(16)))")]


DatabaseOperations.sql_flush = flush_with_triggers_lifted
