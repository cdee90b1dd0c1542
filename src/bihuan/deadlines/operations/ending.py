"""A deadline ends: kept, kept late, missed for good, or no longer owed. A late act is accepted and marked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from bihuan.deadlines.enums import OPEN, State
from bihuan.deadlines.errors import DeadlineStale
from bihuan.deadlines.facts import DeadlinesCancelled, DeadlinesKept, DeadlinesMissed
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.fencing import say_counting
from bihuan.deadlines.operations.pausing import gone_on
from bihuan.deadlines.operations.recording import tell
from bihuan.deadlines.policy.counting import lateness
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedules_of_sites


@transaction.atomic(savepoint=False)
def fulfil(
    subject: SubjectRef,
    *,
    rules: Collection[str],
    parts: Collection[str] | None = None,
    root: SubjectRef,
    actor: Actor,
    at: datetime,
) -> list[Deadline]:
    """What was owed about a subject is done. Nothing is written when nothing ran.

    At the very instant it is in time; later it is marked with the minutes. A clock that stands still goes on first, so
    that the pause is nobody's lateness. Records one ``DeadlinesKept``.
    """
    rows = _standing(subject, rules, parts, root)
    stood = {row.site_id for row in rows if row.state == State.PAUSED}
    if stood:
        say_counting()
    schedules = schedules_of_sites(stood) if stood else {}
    for row in rows:
        gone = gone_on(row, schedules[row.site_id], at) if row.state == State.PAUSED else {}
        late = lateness(gone.get("due_at", row.due_at), at)
        _end(row, State.LATE if late else State.KEPT, at, gone, kept_at=at, late_minutes=late)
    if rows:
        fact = DeadlinesKept(
            deadlines=tuple(_outline(row) | {"late_minutes": row.late_minutes, "owner": row.owner} for row in rows)
        )
        tell(rows, fact, actor=actor, at=at)
    return rows


@transaction.atomic(savepoint=False)
def give_up(
    subject: SubjectRef, *, rules: Collection[str], root: SubjectRef, actor: Actor, at: datetime
) -> list[Deadline]:
    """What was owed was not done, and nothing can be done about it any more. Records one ``DeadlinesMissed``.

    Late by what has passed since; what was not due yet, or stood still, is no longer owed instead.
    """
    rows = _standing(subject, rules, None, root)
    missed = [row for row in rows if row.state == State.RUNNING and row.due_at < at]
    for row in missed:
        _end(row, State.LATE, at, {}, late_minutes=lateness(row.due_at, at))
    if missed:
        fact = DeadlinesMissed(
            deadlines=tuple(_outline(row) | {"late_minutes": row.late_minutes, "owner": row.owner} for row in missed)
        )
        tell(missed, fact, actor=actor, at=at)
    _cancel([row for row in rows if row not in missed], reason="", actor=actor, at=at)
    return rows


@transaction.atomic(savepoint=False)
def cancel(
    subject: SubjectRef,
    *,
    rules: Collection[str],
    parts: Collection[str] | None = None,
    root: SubjectRef,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> list[Deadline]:
    """Nothing is owed about a subject any more. Records one ``DeadlinesCancelled``; nothing when nothing ran."""
    return _cancel(_standing(subject, rules, parts, root), reason=reason, actor=actor, at=at)


@transaction.atomic(savepoint=False)
def cancel_of_root(
    root: SubjectRef, *, rules: Collection[str] | None = None, reason: str = "", actor: Actor, at: datetime
) -> list[Deadline]:
    """Nothing of these rules, or of any, runs on in a matter. Records one ``DeadlinesCancelled``."""
    ledger.lock_chain(root)
    wanted = Q(root_kind=root.kind, root_id=root.id, state__in=OPEN)
    if rules is not None:
        wanted &= Q(rule__in=rules)
    return _cancel(list(Deadline.objects.filter(wanted).order_by("pk")), reason=reason, actor=actor, at=at)


def _standing(
    subject: SubjectRef, rules: Collection[str], parts: Collection[str] | None, root: SubjectRef
) -> list[Deadline]:
    """What runs, read under the chain of the matter: whoever changes a deadline holds that first, the scanner too."""
    ledger.lock_chain(root)
    wanted = Q(subject_kind=subject.kind, subject_id=subject.id, rule__in=rules, state__in=OPEN)
    if parts is not None:
        wanted &= Q(part__in=parts)
    return list(Deadline.objects.filter(wanted).order_by("pk"))


def _cancel(rows: Sequence[Deadline], *, reason: str, actor: Actor, at: datetime) -> list[Deadline]:
    """One update, whatever their number."""
    if not rows:
        return []
    mine = Deadline.objects.filter(pk__in=[row.pk for row in rows], state__in=OPEN)
    changes = _ended(State.CANCELLED, at)
    if mine.update(**changes, revision=F("revision") + 1) != len(rows):
        raise DeadlineStale
    for row in rows:
        _say(row, changes)
    fact = DeadlinesCancelled(deadlines=tuple(_outline(row) for row in rows), reason=reason)
    tell(rows, fact, actor=actor, at=at)
    return list(rows)


def _end(row: Deadline, state: State, at: datetime, gone: Mapping[str, Any], **more: Any) -> None:
    changes = {**gone, **_ended(state, at), **more}
    mine = Deadline.objects.filter(pk=row.pk, state__in=OPEN, revision=row.revision)
    if not mine.update(**changes, revision=F("revision") + 1):
        raise DeadlineStale
    _say(row, changes)


def _ended(state: State, at: datetime) -> dict[str, Any]:
    return {"state": state.value, "ended_at": at, "next_at": None, "paused_at": None, "pause_reason": ""}


def _say(row: Deadline, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision += 1


def _outline(row: Deadline) -> dict[str, Any]:
    return {"deadline_id": row.pk, "rule": row.rule, "subject": str(row.subject), "part": row.part, "what": row.what}
