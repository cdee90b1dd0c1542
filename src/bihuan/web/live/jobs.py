"""From the outbox to the streams: within the process on SQLite, to every process through PostgreSQL's NOTIFY."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from bihuan.kernel.canonical import canonical_json
from bihuan.outbox import operations as outbox
from bihuan.outbox.jobs import job
from bihuan.search.operations import TOPIC as SEARCH
from bihuan.web.live.hub import HUB, Event

CHANNEL = "bihuan_live"


@job("live")
def announce(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Tell every connected process that something changed, and the index, on its own delivery."""
    if payload["scope_id"] is not None:
        outbox.post_unless_posted(SEARCH, {"root": payload["id"]}, key=f"{SEARCH}:{delivery_id}", at=at)
    if connection.vendor != "postgresql":
        HUB.publish(event_of(payload))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, canonical_json(payload)])


def event_of(payload: Mapping[str, Any]) -> Event:
    return Event(id=payload["id"], scope_id=payload["scope_id"], person_id=payload.get("person_id"))


def event_from(text: str) -> Event:
    return event_of(json.loads(text))
