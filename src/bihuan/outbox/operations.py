"""Posting deliveries and carrying them out."""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from bihuan.kernel.canonical import canonical_json
from bihuan.kernel.errors import NotFound
from bihuan.outbox import policy, waking
from bihuan.outbox.enums import State
from bihuan.outbox.errors import BeingAnswered, EveryAttemptDied, Fenced, Hopeless, KeyReused, NotDead, NotNow
from bihuan.outbox.jobs import job_for, mourn, outside_topics
from bihuan.outbox.models import Delivery, Promised, new_key
from bihuan.outbox.queries import payload_of

log = logging.getLogger(__name__)
ERROR_LENGTH = 4000
POSTED_AT_ONCE = 500
CLAIM = """
UPDATE outbox_delivery SET attempts = attempts + 1, lease_until = %s
WHERE id = (
    SELECT id FROM outbox_delivery
    WHERE state = 'PENDING' AND next_at <= %s AND (lease_until IS NULL OR lease_until <= %s){lane}
    ORDER BY next_at, id LIMIT 1 {lock}
)
RETURNING id, attempts, last_attempt, topic, key, payload
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery in this worker's hands until the lease ends. `token` fences a late worker."""

    id: int
    token: int
    last_attempt: int
    topic: str
    key: str
    payload: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody outside is told. `is_replay`: it was told before, and nothing was done now."""

    status: int
    body: str
    is_replay: bool = False


_IN_HAND: set[tuple[str, str]] = set()
_GUARD = threading.Lock()


def post(
    topic: str, payload: Mapping[str, Any], *, at: datetime, not_before: datetime | None = None, key: str | None = None
) -> Delivery:
    """Owe a delivery from the moment the surrounding transaction commits.

    With a `key`, posting it again changes nothing and returns the first delivery.
    """
    row = Delivery(
        topic=topic, payload=canonical_json(payload), posted_at=at, next_at=not_before or at, key=key or new_key()
    )
    if key is None:
        row.save(force_insert=True)
    else:
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
        row = Delivery.objects.get(key=key)
    transaction.on_commit(waking.ring)
    return row


def post_unless_posted(topic: str, payload: Mapping[str, Any], *, key: str, at: datetime) -> None:
    """Like `post` with a key, in one statement and without reading the row back."""
    post_each_unless_posted(topic, {key: payload}, at=at)


def post_each_unless_posted(topic: str, payloads: Mapping[str, Mapping[str, Any]], *, at: datetime) -> None:
    """Owe one delivery for each key; what was posted under its key before stays as it is."""
    Delivery.objects.bulk_create(
        [
            Delivery(topic=topic, payload=canonical_json(payload), posted_at=at, next_at=at, key=key)
            for key, payload in payloads.items()
        ],
        ignore_conflicts=True,
        batch_size=POSTED_AT_ONCE,
    )
    transaction.on_commit(waking.ring)


def run_once(*, at: datetime, limit: int = 100, outside: bool | None = None) -> int:
    """Carry out up to `limit` due deliveries, one after the other. Returns how many were tried.

    `outside`: only those that wait for other machines, or only the others; all of them when nothing is said.
    """
    for tried in range(limit):
        claim = claim_next(at=at) if outside is None else claim_next(at=at, outside=outside)
        if claim is None:
            return tried
        carry_out(claim, at=at)
    return limit


def claim_next(*, at: datetime, outside: bool | None = None) -> Claim | None:
    """Take the next due delivery for the length of a lease, in one statement on both databases."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    adapt = connection.ops.adapt_datetimefield_value
    lane, topics = _lane(outside=outside)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(lock=lock, lane=lane), [adapt(at + policy.LEASE), adapt(at), adapt(at), *topics])
        row = cursor.fetchone()
    return None if row is None else Claim(*row)


def _lane(*, outside: bool | None) -> tuple[str, list[str]]:
    """The condition on the topic, and its parameters."""
    topics = outside_topics()
    if outside is None or not topics:
        return (" AND 1 = 0" if outside else "", [])
    marks = ", ".join(["%s"] * len(topics))
    return f" AND topic {'' if outside else 'NOT '}IN ({marks})", topics


def carry_out(claim: Claim, *, at: datetime) -> bool:
    """Run the job and mark the delivery done in one transaction; on failure note why and when to try again."""
    try:
        (attempt_outside if claim.topic in outside_topics() else attempt)(claim, at=at)
    except Fenced:
        log.warning("delivery %s (%s) was taken over by another worker", claim.key, claim.topic)
        return False
    except NotNow as later:
        put_off(claim, until=later.until)
        return False
    except Exception as error:  # noqa: BLE001  whatever a job raises must end in the row
        log.warning("delivery %s (%s) failed at attempt %s: %r", claim.key, claim.topic, claim.token, error)
        note_failure(claim, error, at=at)
        return False
    return True


@transaction.atomic
def attempt(claim: Claim, *, at: datetime) -> None:
    """The job's effects and "done" in one transaction. Raises what the job raises, or Fenced."""
    if claim.token > claim.last_attempt:
        raise EveryAttemptDied
    job_for(claim.topic)(payload_of(claim.payload), at, claim.key)
    finish(claim, at=at)


def attempt_outside(claim: Claim, *, at: datetime) -> None:
    """First the job, in no transaction; then "done". A process that dies between the two does it again."""
    if claim.token > claim.last_attempt:
        raise EveryAttemptDied
    job_for(claim.topic)(payload_of(claim.payload), at, claim.key)
    finish(claim, at=at)


def finish(claim: Claim, *, at: datetime) -> None:
    """Mark done if this worker still holds the delivery. Raises Fenced otherwise."""
    mine = Delivery.objects.filter(pk=claim.id, attempts=claim.token, state=State.PENDING)
    if not mine.update(state=State.DONE, done_at=at, lease_until=None, last_error=""):
        raise Fenced(claim.key)


def put_off(claim: Claim, *, until: datetime) -> None:
    """Try again at an instant, with as many attempts left as before."""
    mine = Delivery.objects.filter(pk=claim.id, attempts=claim.token, state=State.PENDING)
    mine.update(next_at=until, lease_until=None, last_attempt=F("last_attempt") + 1)


@transaction.atomic
def note_failure(claim: Claim, error: Exception, *, at: datetime) -> None:
    """Write the error into the row; next try after a growing pause, dead after the last or when it is hopeless."""
    is_over = isinstance(error, Hopeless) or claim.token >= claim.last_attempt
    next_at = at + policy.delay_after(claim.token, claim.last_attempt)
    said = "".join(traceback.format_exception(error))[-ERROR_LENGTH:].replace("\0", "")
    mine = Delivery.objects.filter(pk=claim.id, attempts=claim.token, state=State.PENDING)
    state = State.DEAD if is_over else State.PENDING
    if mine.update(state=state, next_at=next_at, lease_until=None, last_error=said) and is_over:
        mourn(claim.topic, payload_of(claim.payload), error, at)


def replay(delivery_id: str, *, at: datetime) -> Delivery:
    """Owe a dead letter again, with as many attempts as at first. `worker.replaying.replay_delivery` records the fact.

    Raises NotFound, and NotDead when the delivery is still pending or done.
    """
    delivery = Delivery.objects.filter(key=delivery_id).first()
    if delivery is None:
        raise NotFound
    revived = Delivery.objects.filter(pk=delivery.pk, state=State.DEAD).update(
        state=State.PENDING, last_attempt=F("attempts") + policy.MOST_ATTEMPTS, next_at=at, lease_until=None
    )
    if not revived:
        raise NotDead
    transaction.on_commit(waking.ring)
    delivery.refresh_from_db()
    return delivery


def forget_done(*, before: datetime) -> int:
    """Delete deliveries done before the instant. Dead letters stay."""
    deleted, _ = Delivery.objects.filter(state=State.DONE, done_at__lt=before).delete()
    return deleted


def once(*, caller: str, key: str, asked: str, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Do `act` once for a key of the caller, and answer every repetition with the words of the first time.

    The answer is written in the transaction of the effect: both are there or neither, so what was refused can be sent
    again under the same key. `asked` is the digest of the request. Raises KeyReused when the key came with another
    request before, BeingAnswered while this process works on it; another process waits for the first one to commit.
    """
    with _in_hand(caller, key), transaction.atomic():
        row = _claim_key(caller, key, asked, at)
        if row is None:
            return _answered(caller, key, asked)
        answer = act()
        Promised.objects.filter(pk=row.pk).update(status=answer.status, body=answer.body)
        return answer


@contextmanager
def _in_hand(caller: str, key: str) -> Iterator[None]:
    """Refuse a second thread at once: SQLite would let it wait for the whole first transaction."""
    with _GUARD:
        if (caller, key) in _IN_HAND:
            raise BeingAnswered
        _IN_HAND.add((caller, key))
    try:
        yield
    finally:
        with _GUARD:
            _IN_HAND.discard((caller, key))


def _claim_key(caller: str, key: str, asked: str, at: datetime) -> Promised | None:
    """The new row, or None when the key was claimed before. A claim not committed yet is waited for."""
    try:
        with transaction.atomic():
            return Promised.objects.create(caller=caller, key=key, asked=asked, promised_at=at)
    except IntegrityError:
        return None


def _answered(caller: str, key: str, asked: str) -> Answer:
    row = Promised.objects.get(caller=caller, key=key)
    if row.asked != asked:
        raise KeyReused
    return Answer(row.status, row.body, is_replay=True)


def forget_answers(*, before: datetime) -> int:
    """Delete answers given before the instant; their keys can be used anew."""
    deleted, _ = Promised.objects.filter(promised_at__lt=before).delete()
    return deleted
