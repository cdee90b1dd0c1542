"""Who wants to know which fact. Handlers run inside the transaction, lower rooms first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from bihuan.kernel.actor import Actor
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef

FactType = TypeVar("FactType", bound=Fact)
AFTER_ALL_ROOMS = "after all rooms"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where and by whom a fact was recorded."""

    entry_id: int
    actor: Actor
    root: SubjectRef
    subject: SubjectRef
    scope_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    place: int
    fact_class: type[Fact]
    handler: Callable[[Any, Recorded], None]


_SUBSCRIPTIONS: list[Subscription] = []


def subscribe(fact_class: type[FactType], handler: Callable[[FactType, Recorded], None], *, room: str) -> None:
    """Call `handler` for every fact of the class (and its subclasses). Registered in the `apps.py` of `room`.

    A handler that must see what every room made of the fact subscribes for AFTER_ALL_ROOMS.
    Subscribing the same handler twice changes nothing.
    """
    place = len(settings.ROOMS) if room == AFTER_ALL_ROOMS else settings.ROOMS.index(room)
    subscription = Subscription(place, fact_class, handler)
    if subscription not in _SUBSCRIPTIONS:
        _SUBSCRIPTIONS.append(subscription)
        _SUBSCRIPTIONS.sort(key=lambda one: one.place)


def unsubscribe(fact_class: type[Fact], handler: Callable[..., None]) -> None:
    _SUBSCRIPTIONS[:] = [one for one in _SUBSCRIPTIONS if (one.fact_class, one.handler) != (fact_class, handler)]


def dispatch(fact: Fact, context: Recorded) -> None:
    """Run the handlers of a fact, in room order, then in the order of their registration."""
    for subscription in tuple(_SUBSCRIPTIONS):
        if isinstance(fact, subscription.fact_class):
            subscription.handler(fact, context)
