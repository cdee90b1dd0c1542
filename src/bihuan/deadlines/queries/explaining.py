"""How an instant came about, and what it would be by another calendar."""

from collections.abc import Mapping

from bihuan import clock
from bihuan.clock import Due, Schedule
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import due_of, hours
from bihuan.deadlines.queries.closing import explained_as_named
from bihuan.deadlines.registry import round_of
from bihuan.organisation.queries import schedule_of_site

WENT_ON = ("继续计时", "clock went on")


def recomputed(deadline: Deadline, schedule: Schedule) -> Due | None:
    """When a deadline is due by a schedule; None for an instant that a person typed, which no calendar moves.

    Limit, profile and what a pause left are the row's own, whatever its rule says today. Pure; raises ClockError
    where the schedule knows no such instant.
    """
    counting = deadline.counting
    return None if counting is None else due_of(counting, schedule)


def explained(deadline: Deadline, schedule: Schedule | None = None) -> Mapping[str, str] | None:
    """The way from the start to the instant as a sentence by language, or what comes round then, or the day that a
    person typed and the hour at which it is over; None for what is counted back from such an instant (T35).

    Where a form says how many hours a rule that counts them has (T24, T34), they are told from its start on.

    A calendar that changed since may tell another way than the one that was gone: then it says so by giving None.
    """
    if not deadline.counts:
        found = round_of(deadline.rule)
        if found is not None:
            return found.explain(deadline)
        if deadline.limit:
            return None
        return _explained_as_hours(deadline) if deadline.its_rule.limits else explained_as_named(deadline)
    schedule = schedule or schedule_of_site(deadline.site_id)
    due = recomputed(deadline, schedule)
    if due is None or due.at != deadline.due_at:
        return None
    began_here = deadline.counts_from == deadline.started_at
    return clock.explain(schedule, due, begun=deadline.its_rule.begun if began_here else WENT_ON).sentences()


def _explained_as_hours(deadline: Deadline) -> Mapping[str, str]:
    schedule, start = schedule_of_site(deadline.site_id), deadline.started_at
    due = clock.add(schedule, start, hours(deadline.due_at - start, clock.Unit.HOURS), clock.Profile.LITERAL)
    return clock.explain(schedule, due, begun=deadline.its_rule.begun).sentences()
