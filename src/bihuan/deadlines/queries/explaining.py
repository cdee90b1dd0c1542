"""How an instant came about, and what it would be by another calendar."""

from collections.abc import Mapping

from bihuan import clock
from bihuan.clock import Due, Schedule
from bihuan.clock.days import Names
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import due_of, hours
from bihuan.deadlines.queries.closing import explained_as_named
from bihuan.deadlines.registry import round_of
from bihuan.organisation.queries import schedule_of_site

WENT_ON = ("继续计时", "clock went on")
CLASSED = ("改定为紧急", "classed urgent")


def recomputed(deadline: Deadline, schedule: Schedule) -> Due | None:
    """When a deadline is due by a schedule; None for an instant that a person typed, which no calendar moves.

    Limit, profile and what a pause left are the row's own, whatever its rule says today. Pure; raises ClockError
    where the schedule knows no such instant.
    """
    counting = deadline.counting
    return None if counting is None else due_of(counting, schedule)


def explained(deadline: Deadline, schedule: Schedule | None = None) -> Mapping[str, str]:
    """The way to the instant as a sentence by language: from its start, or what comes round then, or the day that a
    person typed and the hour at which it is over, or so long ahead of what was promised (T35).

    Where a form says how many hours a rule that counts them has (T24, T34), they are told from its start on. Of what a
    calendar that changed since would give otherwise, it is said that it was that of then.
    """
    schedule = schedule or schedule_of_site(deadline.site_id)
    if deadline.counts:
        return _counted(deadline, schedule, recomputed(deadline, schedule), _begun(deadline))
    if (found := round_of(deadline.rule)) is not None:
        return found.explain(deadline) or clock.explain_former(schedule, deadline.due_at)
    if deadline.limit:
        limit, profile = clock.parse_limit(deadline.limit), clock.Profile(deadline.profile)
        return clock.explain_ahead(schedule, clock.add(schedule, deadline.due_at, limit, profile))
    if not deadline.its_rule.limits:
        return explained_as_named(deadline)
    span = hours(deadline.due_at - deadline.started_at, clock.Unit.HOURS)
    due = clock.add(schedule, deadline.started_at, span, clock.Profile.LITERAL)
    return _counted(deadline, schedule, due, deadline.its_rule.begun)


def _begun(deadline: Deadline) -> Names:
    """What happened where the counting begins: its own start, or a clock that went on, or an urgent limit."""
    if deadline.counts_from == deadline.started_at:
        return deadline.its_rule.begun
    return WENT_ON if deadline.paused_for else CLASSED


def _counted(deadline: Deadline, schedule: Schedule, due: Due | None, begun: Names) -> Mapping[str, str]:
    if due is None or due.at != deadline.due_at:
        return clock.explain_former(schedule, deadline.due_at, due, begun=begun)
    return clock.explain(schedule, due, begun=begun).sentences()
