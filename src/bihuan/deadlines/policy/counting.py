"""From a start and a limit to an instant, what a pause leaves of it, and how late something came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from bihuan import clock
from bihuan.clock import Due, Limit, Profile, Schedule, Unit
from bihuan.clock.zones import HOUR_US, MICROSECOND

MINUTE = timedelta(minutes=1)
FINE = Decimal(1).scaleb(-15)


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: a limit from an instant on. A deadline without one runs to an instant somebody typed."""

    start: datetime
    limit: Limit
    profile: Profile


def due_of(counting: Counting, schedule: Schedule) -> Due:
    return clock.add(schedule, counting.start, counting.limit, counting.profile)


def is_elapsed(counting: Counting | None, *, urgent: bool) -> bool:
    """Whether nights and holidays count; an instant that nobody counted is approached in working time, an urgent one
    day and night."""
    if counting is None:
        return urgent
    return counting.limit.unit == Unit.DAYS or (
        counting.limit.unit == Unit.HOURS and counting.profile is Profile.LITERAL
    )


def hours(span: timedelta, unit: Unit) -> Limit:
    """A span as a limit, to the microsecond; at least one."""
    amount = Decimal(max(span // MICROSECOND, 1)) / HOUR_US
    return Limit(amount.quantize(FINE, rounding=ROUND_UP), unit)


def left_at(counting: Counting, due_at: datetime, at: datetime, schedule: Schedule) -> Limit:
    """What of a limit is left when it is paused: whole days of a limit in working days, else time of its own kind."""
    if counting.limit.unit == Unit.WORKING_DAYS:
        days = clock.count_working_days(schedule, at, due_at)
        if days:
            return Limit(Decimal(days), Unit.WORKING_DAYS)
    if is_elapsed(counting, urgent=False):
        return hours(due_at - at, Unit.HOURS)
    return hours(clock.count_work(schedule, at, due_at), Unit.WORKING_HOURS)


def lateness(due_at: datetime, done_at: datetime) -> int:
    """How many minutes late, a begun one counted whole; nought at the very instant (domain §4.1)."""
    return max(-((due_at - done_at) // MINUTE), 0)
