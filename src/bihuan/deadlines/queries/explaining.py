"""How an instant came about, and what it would be by another calendar."""

from collections.abc import Mapping

from bihuan import clock
from bihuan.clock import Due, Schedule
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import due_of
from bihuan.deadlines.registry import round_of
from bihuan.organisation.queries import schedule_of_site


def recomputed(deadline: Deadline, schedule: Schedule) -> Due | None:
    """When a deadline is due by a schedule; None for an instant that a person typed, which no calendar moves.

    Limit, profile and what a pause left are the row's own, whatever its rule says today. Pure; raises ClockError
    where the schedule knows no such instant.
    """
    counting = deadline.counting
    return None if counting is None else due_of(counting, schedule)


def explained(deadline: Deadline, schedule: Schedule | None = None) -> Mapping[str, str] | None:
    """The way from the start to the instant as a sentence by language, or what comes round then; None for an instant
    that a person typed.

    A calendar that changed since may tell another way than the one that was gone: then it says so by giving None.
    """
    if not deadline.counts:
        found = round_of(deadline.rule)
        return found.explain(deadline) if found is not None else None
    schedule = schedule or schedule_of_site(deadline.site_id)
    due = recomputed(deadline, schedule)
    if due is None or due.at != deadline.due_at:
        return None
    return clock.explain(schedule, due).sentences()


def comes_round(deadline: Deadline) -> bool:
    """Whether its instant is found again by a calendar, though nobody counts a limit."""
    return not deadline.counts and round_of(deadline.rule) is not None
