"""Many rows of a table written with one prepared statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def update_each(statement: str, values: Sequence[Sequence[Any]]) -> bool:
    """Run an update of one row for each of the values, in the caller's transaction. Tells whether every one found its
    row; whoever calls undoes the transaction where one did not."""
    if not values:
        return True
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)
        return bool(cursor.rowcount == len(values))
