"""Who counts by a calendar while it changes.

On PostgreSQL an instant counted by the old calendar may be committed after the change, behind the place a recount has
reached. So whoever counts says so until the end of his transaction, and a recount begins when nobody does who may have
read the old calendar. SQLite lets only one writer in.
"""

from django.db import connection

COUNTING = 0x62696875616E  # an advisory lock of our own
SAY = "SELECT pg_advisory_xact_lock_shared(%s)"
LOOK = "SELECT CASE WHEN pg_try_advisory_lock(%s) THEN pg_advisory_unlock(%s) ELSE false END"


def say_counting() -> None:
    """From now to the end of the transaction instants are counted by the calendars as they are read from here on."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SAY, [COUNTING])


def is_anybody_counting() -> bool:
    """Whether a transaction that is still open may have counted by calendars from before. Holds nobody up."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [COUNTING, COUNTING])
        (is_free,) = cursor.fetchone()
    return not is_free
