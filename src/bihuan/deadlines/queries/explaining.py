"""How an instant came about, and what it would be by another calendar."""

from collections.abc import Mapping

from bihuan import clock
from bihuan.clock import Due, Schedule
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import due_of
from bihuan.organisation.queries import schedule_of_site


def recomputed(deadline: Deadline, schedule: Schedule) -> Due | None:
    """When a deadline is due by a schedule; None for an instant that a person typed, which no calendar moves.

    Limit, profile and what a pause left are the row's own, whatever its rule says today. Pure; raises ClockError
    where the schedule knows no such instant.
    """
    counting = deadline.counting
    return None if counting is None else due_of(counting, schedule)


def explained(deadline: Deadline, schedule: Schedule | None = None) -> Mapping[str, str] | None:
    """The way from the start to the instant as a sentence by language; None for a typed instant.

    A calendar that changed since may tell another way than the one that was gone: then it says so by giving None.
    """
    schedule = schedule or schedule_of_site(deadline.site_id)
    due = recomputed(deadline, schedule)
    if due is None or due.at != deadline.due_at:
        return None
    return clock.explain(schedule, due).sentences()
