"""A clock stands still while an outside party is waited for, and goes on with what was left (domain §4.1)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.clock import Schedule
from bihuan.deadlines.enums import State
from bihuan.deadlines.errors import DeadlineStale, MayNotPause, NotYoursToPause, RestsWithMatter
from bihuan.deadlines.facts import DeadlinePaused, DeadlineResumed
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.changing import change
from bihuan.deadlines.operations.fencing import say_counting
from bihuan.deadlines.operations.moving import approached
from bihuan.deadlines.operations.recording import spell, tell
from bihuan.deadlines.operations.telling import tell_paused, tell_resumed
from bihuan.deadlines.policy.counting import Counting, due_of, is_elapsed, left_at
from bihuan.deadlines.policy.ladder import Span
from bihuan.deadlines.rules import can_stand_still, may_pause, may_resume
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedule_of_site

REASON_LIMIT = 500


@transaction.atomic
def pause(deadline: Deadline, *, reason: str, seen_revision: int, actor: Actor, at: datetime) -> Deadline:
    """Stop the clock while an outside party is waited for; who waits and the head are told. Records ``DeadlinePaused``.

    Raises ``NotYoursToPause``, ``MayNotPause`` for urgent rules, typed instants and what is overdue, ``Refused``
    without a reason or with one that is too long, ``DeadlineStale``.
    """
    reason = reason.replace("\x00", "").strip()
    if not may_pause(actor, deadline):
        raise NotYoursToPause
    if not can_stand_still(deadline, at):
        raise MayNotPause
    if found := _reason_findings(reason):
        raise Refused(found)
    ledger.lock_chain(deadline.root)
    change(
        deadline, State.RUNNING, seen_revision,
        state=State.PAUSED.value, paused_at=at, pause_reason=reason, next_at=None,
    )  # fmt: skip
    fact = DeadlinePaused(deadline_id=deadline.pk, rule=deadline.rule, what=deadline.what, reason=reason)
    tell([deadline], fact, actor=actor, at=at)
    tell_paused(deadline, actor, at)
    return deadline


@transaction.atomic
def resume(deadline: Deadline, *, seen_revision: int, actor: Actor, at: datetime) -> Deadline:
    """Let the clock go on with what was left when it stopped, by today's calendar. Records ``DeadlineResumed``.

    Raises ``NotYoursToPause``, ``RestsWithMatter``, ``DeadlineStale`` when it runs.
    """
    if not may_resume(actor, deadline):
        raise NotYoursToPause
    if deadline.rests:
        raise RestsWithMatter
    ledger.lock_chain(deadline.root)
    since, before = deadline.paused_at, deadline.due_at
    if since is None:
        raise DeadlineStale
    say_counting()
    schedule = schedule_of_site(deadline.site_id)
    change(deadline, State.PAUSED, seen_revision, state=State.RUNNING.value, **gone_on(deadline, schedule, at))
    fact = DeadlineResumed(
        deadline_id=deadline.pk, rule=deadline.rule, what=deadline.what, due_before=spell(before),
        due_at=spell(deadline.due_at), paused_minutes=(at - since) // timedelta(minutes=1),
    )  # fmt: skip
    tell([deadline], fact, actor=actor, at=at)
    tell_resumed(deadline, actor, at)
    return deadline


def gone_on(paused: Deadline, schedule: Schedule, at: datetime) -> dict[str, Any]:
    """The columns of a paused clock that goes on: what was left is counted from now.

    An instant that a person typed stays, and so does one that was over already; clocks of a whole matter may be such.
    """
    counting, since = paused.counting, paused.paused_at
    if since is None:
        raise DeadlineStale
    stood = {"paused_at": None, "paused_for": paused.paused_for + (at - since), "pause_reason": "", "rests": False}
    if counting is None or since >= paused.due_at:
        span = Span(schedule, paused.counts_from, paused.due_at, elapsed=is_elapsed(counting, urgent=False))
        return {**stood, **approached(paused, paused.due_at, span, at)}
    rest = Counting(at, left_at(counting, due_of(counting, schedule).at, since, schedule), counting.profile)
    due = due_of(rest, schedule)
    return {
        **stood, "counts_from": at, "counts": str(rest.limit), "is_provisional": due.provisional,
        **approached(paused, due.at, Span(schedule, at, due.at, elapsed=is_elapsed(rest, urgent=False)), at),
    }  # fmt: skip


def _reason_findings(reason: str) -> list[Finding]:
    if not reason:
        return [error("deadlines.reason_missing", "reason")]
    if len(reason) > REASON_LIMIT:
        return [error("deadlines.reason_too_long", "reason", limit=REASON_LIMIT)]
    return []
