"""A matter is more or less urgent from now on: what runs in it is due by its new class."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.clock import Profile, Schedule
from bihuan.deadlines.enums import OPEN, State
from bihuan.deadlines.facts import DeadlinesReclassed
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.changing import write_many
from bihuan.deadlines.operations.fencing import say_counting
from bihuan.deadlines.operations.moving import approached
from bihuan.deadlines.operations.pausing import gone_on
from bihuan.deadlines.operations.recording import spell, tell
from bihuan.deadlines.operations.resting import GONE_ON
from bihuan.deadlines.operations.telling import tell_reclassed
from bihuan.deadlines.policy.counting import Counting, is_elapsed
from bihuan.deadlines.policy.ladder import Span
from bihuan.deadlines.policy.reclassing import anew
from bihuan.deadlines.policy.table import RULES
from bihuan.deadlines.policy.terms import RULES_ALONE, Terms, kind_of
from bihuan.deadlines.queries.choices import chosen_profile
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedules_of_sites

WRITTEN = (*GONE_ON, "state", "kind", "limit", "profile", "said_by", "is_urgent")


@dataclass(frozen=True, slots=True)
class Classed:
    """By what a deadline is asked from now on: the `kind` of its limit, or the instant of its turn."""

    kind: str = ""
    due_at: datetime | None = None


@transaction.atomic(savepoint=False)
def class_anew(
    wanted: Mapping[int, Classed], *, root: SubjectRef, urgent: bool, reason: str, actor: Actor, at: datetime,
    terms: Terms = RULES_ALONE,
) -> int:  # fmt: skip
    """Let these deadlines of a matter be due by another class of it: the limit of the class from their own start, the
    earlier instant where it became urgent (Q12), day and night if urgent; an urgent clock stands still no longer.

    Records one ``DeadlinesReclassed`` and tells whom an instant concerns that moved; nothing where every one is as it
    should be. Returns how many changed. A fixed number of queries.
    """
    ledger.lock_chain(root)
    running = Deadline.objects.filter(pk__in=wanted, root_kind=root.kind, root_id=root.id, state__in=OPEN)
    rows = [row for row in running.order_by("pk") if _differs(row, wanted[row.pk], urgent=urgent)]
    if not rows:
        return 0
    say_counting()
    schedules = schedules_of_sites({row.site_id for row in rows})
    before = {row.pk: row.due_at for row in rows}
    chosen = {rule: chosen_profile(RULES[rule]) for rule in {row.rule for row in rows}}
    said = [
        _class(row, wanted[row.pk], terms, chosen[row.rule], schedules[row.site_id], urgent=urgent, at=at)
        for row in rows
    ]
    _go_on(rows)
    write_many(rows, WRITTEN)
    tell(rows, DeadlinesReclassed(deadlines=tuple(said), reason=reason), actor=actor, at=at)
    tell_reclassed(((row, before[row.pk]) for row in rows if row.due_at != before[row.pk]), at)
    return len(rows)


def _differs(row: Deadline, wanted: Classed, *, urgent: bool) -> bool:
    moves = wanted.due_at is not None and wanted.due_at != row.due_at
    return moves or row.is_urgent != urgent or (bool(row.counts) and row.kind != kind_of(row.its_rule, wanted.kind))


def _go_on(rows: list[Deadline]) -> None:
    """`write_many` finds a row by the state it was read in."""
    Deadline.objects.filter(pk__in=[row.pk for row in rows if row.state == State.RUNNING], state=State.PAUSED).update(
        state=State.RUNNING.value, paused_at=None
    )


def _class(
    row: Deadline, wanted: Classed, terms: Terms, chosen: Profile | None, schedule: Schedule, *, urgent: bool,
    at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Set the columns; they are written together afterwards."""
    due_before, limit_before = spell(row.due_at), row.limit
    if urgent and row.state == State.PAUSED:
        _set(row, gone_on(row, schedule, at) | {"state": State.RUNNING.value})
    row.is_urgent = urgent
    if row.state == State.RUNNING:
        if row.counts:
            columns = _counted(row, _counting(row, wanted.kind, terms, chosen), schedule, at)
            _set(row, columns | (_named(row, wanted.kind, terms) if columns else {}))
        due_at = row.due_at if row.counts else wanted.due_at or row.due_at
        span = Span(schedule, row.counts_from, due_at, elapsed=is_elapsed(row.counting, urgent=urgent))
        _set(row, approached(row, due_at, span, at))
    return {
        "deadline_id": row.pk, "rule": row.rule, "what": row.what, "is_urgent": urgent, "limit_before": limit_before,
        "limit": row.limit, "due_before": due_before, "due_at": spell(row.due_at),
    }  # fmt: skip


def _counting(row: Deadline, kind: str, terms: Terms, chosen: Profile | None) -> Counting:
    """The limit of the kind from its own start, or from where it went on."""
    profile = row.its_rule.profile_of(terms.profile_of(row.its_rule, kind, chosen), urgent=row.is_urgent)
    begun = row.counts_from if row.paused_for else row.started_at
    return Counting(begun, terms.limit_of(row.its_rule, kind), profile)


def _counted(row: Deadline, wanted: Counting, schedule: Schedule, at: datetime) -> dict[str, Any]:
    """The columns of the instant by another limit, which explain it too; none where it stays."""
    has_stood = bool(row.paused_for)
    found = anew(wanted, row.due_at, at, schedule, urgent=row.is_urgent, has_stood=has_stood)
    if found is None:
        return {}
    counting, due = found
    limit, profile = str(counting.limit), counting.profile.value
    return {
        "limit": limit, "profile": profile, "counts": limit, "counts_from": counting.start, "due_at": due.at,
        "is_provisional": due.provisional,
    }  # fmt: skip


def _named(row: Deadline, kind: str, terms: Terms) -> dict[str, Any]:
    return {"kind": kind_of(row.its_rule, kind), "said_by": terms.name_for(row.its_rule, kind)}


def _set(row: Deadline, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
