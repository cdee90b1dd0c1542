"""What the index does when it is told that something changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bihuan.kernel.subjects import SubjectRef
from bihuan.outbox.jobs import job
from bihuan.search import operations


def listen() -> None:
    """The job below is registered by the import of this file; registering it twice changes nothing."""
    job(operations.TOPIC)(look)


def look(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Index what changed about the root named, or the next piece of whatever is behind."""
    if "root" not in payload:
        operations.follow_grown(at=at)
        return
    kind, _colon, pk = payload["root"].partition(":")
    operations.follow([SubjectRef(kind, int(pk))], at=at)
