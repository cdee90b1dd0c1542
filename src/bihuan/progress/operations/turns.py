"""A problem is more or less urgent from now on: the turn of its table that is open is one of its new class."""

from datetime import datetime

from django.db import transaction

from bihuan.collaborations.enums import Urgency
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.loops import PROVISIONAL, root_of
from bihuan.collaborations.policy.playbook import TABLE
from bihuan.collaborations.policy.playbook_cadences import Turn, turn_of
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import Actor
from bihuan.organisation.queries import day_of, schedule_of_department
from bihuan.progress.models import Period
from bihuan.progress.operations.weeks import lock_week, rhythm_in


@transaction.atomic
def class_turn_anew(collaboration: Collaboration, *, urgency: str, reason: str, actor: Actor, at: datetime) -> None:
    """Let the open turn of the table be due as the class of the problem asks (T11), the earlier instant where it became
    urgent (Q12). Where nothing is due today any more, it is locked and missed by nobody (Q10).

    A turn that is over already, or filed, stays as it is; the next one is of the new class. Records
    ``DeadlinesReclassed`` or ``TableLocked``.
    """
    period = collaboration.periods.filter(form=TABLE, locked_at__isnull=True, due_at__gt=at).first()
    if period is None or not period.reports.filter(submitted_at__isnull=True).exists():
        return
    deadlines.say_counting()
    is_urgent, today = urgency == Urgency.URGENT, day_of(at)
    schedule, rhythm = schedule_of_department(collaboration.lead_department_id), rhythm_in(collaboration, TABLE)
    turn = turn_of(rhythm, today, schedule, first=today)
    if turn is None and not is_urgent:
        lock_week(period, actor=actor, at=at)
        return
    if turn is not None and _takes_its_place(turn, period, at, urgent=is_urgent):
        _turn_into(period, turn)
    reports = period.reports.filter(submitted_at__isnull=True).values("pk")
    asked = Deadline.objects.filter(subject_kind="report", subject_id__in=reports, ended_at__isnull=True)
    wanted = {row.pk: deadlines.Classed(due_at=period.due_at) for row in asked}
    root = root_of(collaboration)
    deadlines.class_anew(wanted, root=root, urgent=is_urgent, reason=reason, actor=actor, at=at)


def _takes_its_place(turn: Turn, period: Period, at: datetime, *, urgent: bool) -> bool:
    """Whether the open turn becomes this one: it lies ahead, nobody has more time for what became urgent, and no turn
    of its first day was there before."""
    if turn.due_at <= at or (urgent and turn.due_at > period.due_at):
        return False
    others = Period.objects.filter(collaboration=period.collaboration_id, form=TABLE, starts_on=turn.starts_on)
    return not others.exclude(pk=period.pk).exists()


def _turn_into(period: Period, turn: Turn) -> None:
    period.starts_on, period.ends_on, period.due_at = turn.starts_on, turn.ends_on, turn.due_at
    period.save(update_fields=["starts_on", "ends_on", "due_at"])
    asked = Loop.objects.filter(
        subject_kind="report", subject_id__in=period.reports.values("pk"), closed_at__isnull=True
    )
    for loop in asked:
        said = {key: value for key, value in loop.params.items() if key != PROVISIONAL}
        loop.params = said | {"week": turn.starts_on.isoformat()} | ({PROVISIONAL: True} if turn.is_provisional else {})
        loop.due_at = turn.due_at
        loop.save(update_fields=["params", "due_at"])
