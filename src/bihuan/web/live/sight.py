"""Who listens, and which events that person may know of. Runs in threads, because the ORM does."""

from collections.abc import Collection, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from bihuan.access.queries import levels
from bihuan.kernel.now import now
from bihuan.organisation.queries import actor_for
from bihuan.web.live.hub import Event


def visible_ids(session_key: str, events: Iterable[Event]) -> list[str] | None:
    """The ids the person behind the session may see at this moment; None when the session has ended."""
    close_old_connections()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    if not person.is_authenticated:
        return None
    wanted = set(events)
    if not wanted:
        return []
    seen = _readable(person, {event.scope_id for event in wanted if event.scope_id is not None})
    return sorted({event.id for event in wanted if event.scope_id in seen or event.person_id == person.pk})


def _readable(person: Any, scope_ids: set[int]) -> Collection[int]:
    if not scope_ids:
        return ()
    at = now()
    return levels(actor_for(person, at), scope_ids, at=at)
