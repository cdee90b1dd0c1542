"""What the worker does with notices after they were written, and with messages that could not be delivered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bihuan.kernel import principals
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import operations, sending
from bihuan.notifications.channels import TurnedAway
from bihuan.notifications.enums import UNDELIVERED
from bihuan.organisation.models import Person
from bihuan.outbox.jobs import job

LONGEST_REASON = 150


def listen() -> None:
    """Registering twice changes nothing."""
    job(operations.ROUTE)(route)
    job(sending.SEND, outside=True, given_up=tell_administrators)(sending.send)


def route(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Whatever is new is on its way."""
    sending.route_new(at=at)


def tell_administrators(payload: Mapping[str, Any], error: Exception, at: datetime) -> None:
    """Who was not reached and why: once for an address that is refused, once a day when the channel itself fails.

    A message about this is given up in its turn when it is to an address that is refused, and told to nobody again.
    """
    person = Person.objects.get(pk=payload["person_id"])
    once = f"{person.pk}:{person.email}" if isinstance(error, TurnedAway) else f"{at:%Y-%m-%d}"
    about = SubjectRef("person", person.pk)
    news = operations.News(
        kind=UNDELIVERED,
        principals=[principals.ADMINISTRATOR],
        subject=about,
        root=about,
        scope_id=None,
        key=f"undelivered:{payload['channel']}:{once}"[:160],
        params={"who": person.name, "address": person.email, "why": (str(error) or repr(error))[:LONGEST_REASON]},
    )
    operations.notify_all([news], at=at)
