"""Another instant, another owner."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.clock import Schedule
from bihuan.deadlines.enums import OPEN, Level, State
from bihuan.deadlines.facts import DeadlinesHandedOver, DeadlinesMoved
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.changing import write_many
from bihuan.deadlines.operations.fencing import say_counting
from bihuan.deadlines.operations.recording import spell, tell
from bihuan.deadlines.operations.starting import watched, written
from bihuan.deadlines.operations.telling import tell_moved
from bihuan.deadlines.policy.counting import is_elapsed
from bihuan.deadlines.policy.ladder import Span, rungs
from bihuan.deadlines.queries.explaining import recomputed
from bihuan.deadlines.queries.sites import departments_of_principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedules_of_sites

MOVED = ("due_at", "ladder", "level", "next_at", "is_provisional")


@transaction.atomic(savepoint=False)
def move(
    instants: Mapping[int, datetime], *, root: SubjectRef, reason: str, actor: Actor, at: datetime,
    provisional: Collection[int] = (),
) -> int:  # fmt: skip
    """Set other typed instants, by deadline; the lateness so far is forgotten, the ledger keeps it. Those that are
    `provisional` hang on days of rest that are not published yet.

    Records one ``DeadlinesMoved``, nothing when every one stays. Returns how many moved. A fixed number of queries.
    """
    ledger.lock_chain(root)
    rows = Deadline.objects.filter(pk__in=instants, root_kind=root.kind, root_id=root.id, state=State.RUNNING)
    moved = [
        row
        for row in rows.order_by("pk")
        if (row.due_at, row.is_provisional) != (instants[row.pk], row.pk in provisional)
    ]
    schedules = schedules_of_sites({row.site_id for row in moved}) if moved else {}
    for row in moved:
        row.is_provisional = row.pk in provisional
    said = [_move(row, instants[row.pk], schedules[row.site_id], at) for row in moved]
    write_many(moved, MOVED)
    if moved:
        tell(moved, DeadlinesMoved(deadlines=tuple(said), reason=reason), actor=actor, at=at)
    return len(moved)


@transaction.atomic(savepoint=False)
def recompute(ids: Iterable[int], *, root: SubjectRef, reason: str, actor: Actor, at: datetime) -> int:
    """Count the running deadlines of a matter anew by the calendars as they are now. Returns how many moved.

    Typed instants and paused clocks stay (a paused one is counted when it goes on); a rule that changed touches
    nothing. Records one ``DeadlinesMoved`` with before and after, and tells whom it concerns. A fixed number of queries
    for a matter.
    """
    ledger.lock_chain(root)
    rows = Deadline.objects.filter(pk__in=list(ids), root_kind=root.kind, root_id=root.id, state=State.RUNNING).exclude(
        counts=""
    )
    running = list(rows.order_by("pk"))
    say_counting()
    schedules = schedules_of_sites({row.site_id for row in running}) if running else {}
    said, moved, before = [], [], []
    for row in running:
        due = recomputed(row, schedules[row.site_id])
        if due is not None and (due.at, due.provisional) != (row.due_at, row.is_provisional):
            before.append(row.due_at)
            row.is_provisional = due.provisional
            said.append(_move(row, due.at, schedules[row.site_id], at))
            moved.append(row)
    write_many(moved, MOVED)
    if moved:
        tell(moved, DeadlinesMoved(deadlines=tuple(said), reason=reason), actor=actor, at=at)
        tell_moved(((row, old) for row, old in zip(moved, before, strict=True) if row.due_at != old), at)
    return len(moved)


@transaction.atomic(savepoint=False)
def hand_over(owners: Mapping[int, str], *, root: SubjectRef, actor: Actor, at: datetime) -> int:
    """Others owe it from now on, by deadline; the instants stay. Records one ``DeadlinesHandedOver``.

    Part of handing over what the deadline is about: the caller has checked who may do that.
    """
    ledger.lock_chain(root)
    rows = Deadline.objects.filter(pk__in=owners, root_kind=root.kind, root_id=root.id, state__in=OPEN)
    given = [row for row in rows.order_by("pk") if row.owner != owners[row.pk]]
    departments = departments_of_principals({owners[row.pk] for row in given}, at)
    said = [{**_outline(row), "before": row.owner, "after": owners[row.pk]} for row in given]
    for row in given:
        row.owner, row.department_id = owners[row.pk], departments.get(owners[row.pk])
    write_many(given, ("owner", "department"))
    if given:
        tell(given, DeadlinesHandedOver(deadlines=tuple(said)), actor=actor, at=at)
    return len(given)


def _move(row: Deadline, due_at: datetime, schedule: Schedule, at: datetime) -> dict[str, Any]:
    """Set the columns; they are written together afterwards."""
    before = spell(row.due_at)
    span = Span(schedule, row.counts_from, due_at, elapsed=is_elapsed(row.counting, urgent=row.is_urgent))
    for name, value in approached(row, due_at, span, at).items():
        setattr(row, name, value)
    return {**_outline(row), "due_before": before, "due_at": spell(due_at)}


def approached(row: Deadline, due_at: datetime, span: Span, at: datetime) -> dict[str, Any]:
    """The columns of another instant. A rung that was told already is not told again."""
    ladder = written(rungs(row.its_rule.ladder, span, urgent=row.is_urgent))
    columns: dict[str, Any] = {"due_at": due_at, "ladder": ladder, **watched(ladder, at)}
    if due_at < at and row.level >= Level.RED:
        return columns | {"level": row.level}
    return columns


def _outline(row: Deadline) -> dict[str, Any]:
    return {"deadline_id": row.pk, "rule": row.rule, "what": row.what}
