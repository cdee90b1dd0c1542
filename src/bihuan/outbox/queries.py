"""What is owed, what is stuck, what was given up."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from bihuan.outbox.enums import State
from bihuan.outbox.models import Delivery


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    id: str
    topic: str
    state: str
    attempts: int
    posted_at: datetime
    next_at: datetime
    last_error: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries wait, how many are due now, since when the oldest of these is due, how many are dead."""

    pending: int
    due: int
    oldest_due: datetime | None
    dead: int


def payload_of(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value


def card_of(row: Delivery) -> DeliveryCard:
    return DeliveryCard(
        row.key, row.topic, row.state, row.attempts, row.posted_at, row.next_at, row.last_error, payload_of(row.payload)
    )


def deliveries(*, state: State, limit: int = 100) -> list[DeliveryCard]:
    """The oldest deliveries of one state."""
    return [card_of(row) for row in Delivery.objects.filter(state=state).order_by("id")[:limit]]


def dead_letters(*, limit: int = 100) -> list[DeliveryCard]:
    return deliveries(state=State.DEAD, limit=limit)


def backlog(at: datetime) -> Backlog:
    pending = Delivery.objects.filter(state=State.PENDING)
    due = pending.filter(next_at__lte=at)
    return Backlog(
        pending=pending.count(),
        due=due.count(),
        oldest_due=due.aggregate(oldest=Min("next_at"))["oldest"],
        dead=Delivery.objects.filter(state=State.DEAD).count(),
    )
