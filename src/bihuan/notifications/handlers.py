"""What the worker does with notices after they were written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bihuan.notifications import operations, sending
from bihuan.outbox.jobs import job


def listen() -> None:
    """Registering twice changes nothing."""
    job(operations.ROUTE)(route)
    job(sending.SEND, outside=True)(sending.send)


def route(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Whatever is new is on its way."""
    sending.route_new(at=at)
