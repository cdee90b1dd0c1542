"""The small interface behind which work runs: a topic and the function that does it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bihuan.outbox.errors import UnknownTopic

Job = Callable[[Mapping[str, Any], datetime, str], None]
GivenUp = Callable[[Mapping[str, Any], Exception, datetime], None]
_JOBS: dict[str, Job] = {}
_GIVEN_UP: dict[str, GivenUp] = {}
_OUTSIDE: set[str] = set()


class DuplicateTopic(Exception):
    """Two jobs were registered for one topic."""


def job(topic: str, *, outside: bool = False, given_up: GivenUp | None = None) -> Callable[[Job], Job]:
    """Register `handle(payload, at, delivery_id)`. `delivery_id` is stable over all attempts.

    The job runs inside the transaction that marks the delivery done, so what it writes to the
    database happens exactly once; what it does outside happens at least once.

    With `outside` it waits for somebody else's machine: it runs in no transaction, so that nobody waits for it, and
    in a thread of its own, so that no other delivery does. It reads the database and writes nothing, unless one
    statement that says it is done and may be said again.

    `given_up(payload, error, at)` runs in the transaction in which a delivery becomes a dead letter.
    """

    def register(handle: Job) -> Job:
        if _JOBS.get(topic, handle) is not handle:
            raise DuplicateTopic(topic)
        _JOBS[topic] = handle
        if outside:
            _OUTSIDE.add(topic)
        if given_up is not None:
            _GIVEN_UP[topic] = given_up
        return handle

    return register


def job_for(topic: str) -> Job:
    try:
        return _JOBS[topic]
    except KeyError:
        raise UnknownTopic(topic) from None


def mourn(topic: str, payload: Mapping[str, Any], error: Exception, at: datetime) -> None:
    """Let whoever owed the delivery know that it was given up."""
    if topic in _GIVEN_UP:
        _GIVEN_UP[topic](payload, error, at)


def outside_topics() -> list[str]:
    """The topics whose jobs wait for somebody else's machine."""
    return sorted(_OUTSIDE)
