"""The condition under which a row is seen, as the database reads it.

Said in SQL, because every list and every single object asks it, a page several times: building it from query sets was
a seventh of the work of a page, and the database gets the same text either way.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, DateTimeField, Expression, F

from bihuan.access.enums import HIDDEN, Level

ADMITTED = """EXISTS(SELECT 1 FROM "access_member" "seen" WHERE "seen"."scope_id" = {scope}
 AND "seen"."principal" IN ({principals}) AND "seen"."until_at" IS NULL AND "seen"."from_at" <= %s
 AND "seen"."level" >= %s{exception})"""
EXCEPTION = """ AND NOT ("seen"."principal" IN ({acting}) AND EXISTS(SELECT 1 FROM "access_scope" "of"
 WHERE "of"."id" = "seen"."scope_id" AND "of"."secrecy" IN ({hidden})))"""


class IsAdmitted(Expression):
    """Whether one of the principals belongs to the scope at a moment, at a level or above.

    What is secret is not opened by standing in for somebody (playbooks.md §3.5).
    """

    output_field = BooleanField()

    def __init__(
        self, scope: str, principals: Sequence[str], acting_for: Sequence[str], at: datetime, level: Level
    ) -> None:
        super().__init__()
        self.scope: Any = F(scope)
        self.principals, self.acting_for = tuple(principals), tuple(acting_for)
        self.at, self.level = at, level

    def get_source_expressions(self) -> list[Any]:
        return [self.scope]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.scope,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.principals:
            raise EmptyResultSet
        scope, params = compiler.compile(self.scope)
        said = ADMITTED.format(
            scope=scope, principals=_places(self.principals), exception=self._exception() if self.acting_for else ""
        )
        at = DateTimeField().get_db_prep_value(self.at, connection)
        secret = [*self.acting_for, *HIDDEN] if self.acting_for else []
        return said, (*params, *self.principals, at, self.level.value, *secret)

    def _exception(self) -> str:
        return EXCEPTION.format(acting=_places(self.acting_for), hidden=_places(HIDDEN))


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
