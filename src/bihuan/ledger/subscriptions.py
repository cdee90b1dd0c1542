"""Who wants to know which fact. Handlers run inside the transaction, lower rooms first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef

FactType = TypeVar("FactType", bound=Fact)
Handler = Callable[[Any, "Recorded"], None]
AFTER_ALL_ROOMS = "after all rooms"
LAST_OF_ALL = "last of all"
LATE = (AFTER_ALL_ROOMS, LAST_OF_ALL)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where and by whom a fact was recorded.

    `kept` is one for all that is written together: what a handler found out for one fact it need not ask for the next.
    """

    actor: Actor
    root: SubjectRef
    subject: SubjectRef
    scope_id: int | None
    at: datetime
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Acted:
    """Stands in the transaction in which somebody's act is recorded, and goes with it."""

    person_id: int | None

    def __call__(self) -> None:
        """Nothing is left to do when the transaction commits."""


def note_acting(actor: Actor) -> None:
    transaction.on_commit(Acted(actor.person_id))


def acting_person() -> int | None:
    """Whose act was recorded last in this transaction: what follows from it is no news to that person."""
    acted = [hook[1] for hook in connection.run_on_commit if isinstance(hook[1], Acted)]
    return acted[-1].person_id if acted else None


@dataclass(frozen=True, slots=True)
class Subscription:
    place: int
    fact_class: type[Fact]
    handler: Handler
    is_late: bool


Waiting = dict[tuple[int, Handler, SubjectRef, int | None], tuple[Fact, Recorded]]
"""What runs after all rooms, once for a root and scope however many facts ask for it."""
_SUBSCRIPTIONS: list[Subscription] = []


def subscribe(fact_class: type[FactType], handler: Callable[[FactType, Recorded], None], *, room: str) -> None:
    """Call `handler` for every fact of the class (and its subclasses). Registered in the `apps.py` of `room`.

    A handler that must see what every room made of the fact subscribes for AFTER_ALL_ROOMS: it runs when no other is
    left to run, once for a root and scope, with the last fact that asked for it. LAST_OF_ALL comes after even those.
    Subscribing the same handler twice changes nothing.
    """
    order = [*settings.ROOMS, *LATE]
    subscription = Subscription(order.index(room), fact_class, handler, room in LATE)
    if subscription not in _SUBSCRIPTIONS:
        _SUBSCRIPTIONS.append(subscription)
        _SUBSCRIPTIONS.sort(key=lambda one: one.place)


def unsubscribe(fact_class: type[Fact], handler: Callable[..., None]) -> None:
    _SUBSCRIPTIONS[:] = [one for one in _SUBSCRIPTIONS if (one.fact_class, one.handler) != (fact_class, handler)]


def dispatch(fact: Fact, context: Recorded, waiting: Waiting) -> None:
    """Run the handlers of a fact, in room order, then in the order of their registration.

    Those that run after all rooms are put into `waiting`.
    """
    for subscription in tuple(_SUBSCRIPTIONS):
        if not isinstance(fact, subscription.fact_class):
            continue
        if subscription.is_late:
            waiting[subscription.place, subscription.handler, context.root, context.scope_id] = (fact, context)
        else:
            subscription.handler(fact, context)


def run_waiting(waiting: Waiting) -> None:
    """Run what waited for all rooms, and what that makes wait."""
    while waiting:
        first = min(waiting, key=lambda one: one[0])
        fact, context = waiting.pop(first)
        first[1](fact, context)
