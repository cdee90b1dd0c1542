"""Deliveries owed: work that follows a change and must neither be lost nor done twice."""

import uuid

from django.db import models

from bihuan.outbox.enums import State
from bihuan.outbox.policy import MOST_ATTEMPTS


def new_key() -> str:
    return uuid.uuid4().hex


class Delivery(models.Model):
    """One piece of work. The row that remains is the proof of failure."""

    topic = models.CharField(max_length=64)
    key = models.CharField(max_length=160, default=new_key)
    payload = models.TextField()
    state = models.CharField(max_length=8, default=State.PENDING, choices=[(state, state) for state in State])
    posted_at = models.DateTimeField()
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)  # only ever grows: it fences a late worker
    last_attempt = models.PositiveIntegerField(default=MOST_ATTEMPTS)
    last_error = models.TextField(default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="outbox_delivery_key")]
        indexes = [
            models.Index(fields=["next_at", "id"], name="outbox_pending", condition=models.Q(state=State.PENDING)),
            models.Index(fields=["done_at"], name="outbox_done", condition=models.Q(state=State.DONE)),
            models.Index(fields=["id"], name="outbox_dead", condition=models.Q(state=State.DEAD)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class Promised(models.Model):
    """What a program outside was answered to one key of its own, so that asking again changes nothing.

    Written in the transaction of the effect. `asked` is a digest of what was asked, never the words themselves.
    """

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=128)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    promised_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="outbox_promised_once")]
        indexes = [models.Index(fields=["promised_at"], name="outbox_promised_at")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
