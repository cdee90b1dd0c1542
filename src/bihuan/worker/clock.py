"""The database's clock: the one clock that several workers share."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

ASK = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')",
    "postgresql": "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
}


def database_now() -> datetime:
    """The instant, moved by the offset that only demo and test may set."""
    with connection.cursor() as cursor:
        cursor.execute(ASK[connection.vendor])
        (text,) = cursor.fetchone()
    return datetime.fromisoformat(text).replace(tzinfo=UTC) + settings.OPTIONS.clock_shift
