"""How many notices wait, asked once for each page."""

from typing import Any

from django.http import HttpRequest

from bihuan.notifications.queries import MOST_COUNTED, unread_count


def unread(request: HttpRequest) -> str:
    """The number for the bell; empty when nothing waits, `99+` when it is many."""
    asked: Any = request
    if not hasattr(asked, "unread_notices"):
        asked.unread_notices = unread_count(asked.actor, asked.at)
    count = asked.unread_notices
    return "" if not count else (f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count))
