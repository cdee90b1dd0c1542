"""The rows of periods, and in which of them a matter stands. What is owed to a period: `recurrence`."""

from datetime import datetime

from bihuan.collaborations.models import Collaboration, RecurringPeriod
from bihuan.collaborations.operations.promises import zone_of
from bihuan.collaborations.policy.playbook import OF_A_PERIOD, WORK, PlaybookPlan
from bihuan.collaborations.policy.recurrence import Recurrence, Span
from bihuan.collaborations.queries.recurrence import period_stood_in, recurrence_in, span_in


def period_to_stand_in(collaboration: Collaboration, plan: PlaybookPlan, step: str, at: datetime) -> str:
    """The period a step is about: work begins with the oldest that is not accepted, what follows stays in it."""
    if not plan.recurs or step not in OF_A_PERIOD:
        return ""
    if step != WORK:
        stood_in = period_stood_in(collaboration)
        return stood_in.key if stood_in is not None else ""
    recurrence = recurrence_in(collaboration)
    if recurrence is None:
        return ""
    if not collaboration.recurring_periods.exists():
        today = at.astimezone(zone_of(collaboration)).date()
        wait_for_span(collaboration, recurrence.first_span(today))
    oldest = collaboration.recurring_periods.filter(accepted_at__isnull=True).first()
    return oldest.key if oldest is not None else ""


def wait_for_span(collaboration: Collaboration, span: Span) -> RecurringPeriod:
    """A period that is opened when it is over; waiting for it twice changes nothing."""
    period, _made = RecurringPeriod.objects.get_or_create(
        collaboration=collaboration, key=span.key, defaults={"starts_on": span.starts_on, "ends_on": span.ends_on}
    )
    return period


def wait_for_next(collaboration: Collaboration, recurrence: Recurrence) -> None:
    """Behind every period that was opened comes another one, until the last; none stands behind the last."""
    newest = collaboration.recurring_periods.filter(opened_at__isnull=False).last()
    waiting = collaboration.recurring_periods.filter(opened_at__isnull=True)
    if newest is None:
        return
    span = span_in(newest, recurrence)
    if recurrence.is_last(span):
        waiting.delete()
    else:
        wait_for_span(collaboration, span.following)
