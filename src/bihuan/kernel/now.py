"""The clock, read at the edge only (web, api, cli, worker) and handed down as `at`."""

from datetime import UTC, datetime

from django.conf import settings


def now() -> datetime:
    """The instant, moved by the offset that only demo and test may set."""
    return datetime.now(UTC) + settings.OPTIONS.clock_shift
