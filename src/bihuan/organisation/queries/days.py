"""Days as pages draw them: rested or worked, and the word for it."""

from dataclasses import dataclass
from datetime import date

from bihuan.clock import Schedule
from bihuan.clock.days import DayKind, Names


@dataclass(frozen=True, slots=True)
class DrawnDay:
    """`names` are Chinese and English, empty on a usual day; provisional while the year is not published."""

    day: date
    kind: DayKind
    names: Names
    is_worked: bool
    is_provisional: bool


def days_between(schedule: Schedule, first: date, after: date) -> list[DrawnDay]:
    """Every day from one until, not including, another. No query."""
    return [_drawn(schedule, date.fromordinal(ordinal)) for ordinal in range(first.toordinal(), after.toordinal())]


def _drawn(schedule: Schedule, day: date) -> DrawnDay:
    calendar = schedule.calendar_on(day.toordinal())
    plan = calendar.plan(day)
    return DrawnDay(day, plan.kind, plan.name, bool(plan.shifts), not calendar.official.is_published(day.year))
