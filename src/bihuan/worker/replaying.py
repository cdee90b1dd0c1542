"""Sending a dead letter again, as an act that stands in the ledger."""

from datetime import datetime

from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.outbox import operations as outbox
from bihuan.worker.facts import DeliveryReplayed

OUTBOX = SubjectRef("outbox", 0)


@transaction.atomic
def replay_delivery(delivery_id: str, *, actor: Actor, at: datetime) -> None:
    """Owe a dead letter again; fact DeliveryReplayed. Raises NotFound, and NotDead when it was not given up."""
    delivery = outbox.replay(delivery_id, at=at)
    fact = DeliveryReplayed(delivery_id=delivery.key, topic=delivery.topic, attempts=delivery.attempts)
    subject = SubjectRef("delivery", delivery.pk)
    ledger.record(fact, actor=actor, root=OUTBOX, subject=subject, scope_id=None, at=at)
