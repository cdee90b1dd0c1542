"""What comes round: the instants of weekly, daily and monthly promises (T11, T13, T15, Q9, Q10, AS11, AS26)."""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta

from bihuan.clock.calendars import Schedule, check_reach, first_of
from bihuan.clock.days import DayPlan
from bihuan.clock.errors import ClockError
from bihuan.clock.shifts import FRIDAY

FIVE = time(17, 0)


def weekly(schedule: Schedule, week: date, *, weekday: int = FRIDAY, at: time = FIVE) -> datetime | None:
    """The due instant of the Monday-to-Sunday week of a day: its last working day not after `weekday`.

    None for a week without such a day: nothing is due then (Q9).
    """
    monday = week - timedelta(days=week.weekday())
    days = (monday + timedelta(days=ahead) for ahead in range(weekday, -1, -1))
    chosen = next((day for day in days if is_worked(schedule, day)), None)
    return None if chosen is None else at_time(schedule, chosen, at)


def daily(schedule: Schedule, day: date, *, at: time = FIVE, urgent: bool = False) -> datetime | None:
    """The due instant of a day; None on a day that is not worked, unless the matter is urgent (Q10)."""
    return at_time(schedule, day, at) if urgent or is_worked(schedule, day) else None


def every_second_day(schedule: Schedule, day: date, *, first: date, at: time = FIVE) -> datetime | None:
    """The due instant when the day is the first, third, fifth … day worked since `first`; else None."""
    if day < first or not is_worked(schedule, day):
        return None
    span = range(first.toordinal(), day.toordinal())
    worked = sum(is_worked(schedule, date.fromordinal(ordinal)) for ordinal in span)
    return at_time(schedule, day, at) if worked % 2 == 0 else None


def nth_working_day(schedule: Schedule, *, year: int, month: int, number: int) -> date:
    """The n-th day worked of a month, counted from its end when negative. Raises ClockError when it has fewer."""
    days = _days_worked(schedule, year, month)
    if number == 0 or abs(number) > len(days):
        raise ClockError("clock.month_too_short", "number", number=number, worked=len(days), month=f"{year}-{month:02}")
    return days[number - 1 if number > 0 else number]


def close_of_nth_working_day(schedule: Schedule, *, year: int, month: int, number: int) -> datetime:
    """The close of business of the n-th day worked of a month (AS26)."""
    ordinal = nth_working_day(schedule, year=year, month=month, number=number).toordinal()
    calendar = schedule.calendar_on(ordinal)
    return calendar.zone.local(calendar.close_instant(ordinal))


def place_in_month(schedule: Schedule, day: date) -> int:
    """Which working day of its month a day is; 0 when it is not worked."""
    days = _days_worked(schedule, day.year, day.month)
    return bisect_right(days, day) if day in days else 0


def _days_worked(schedule: Schedule, year: int, month: int) -> list[date]:
    number = year * 12 + month - 1
    check_reach(number)
    days = map(date.fromordinal, range(first_of(number), first_of(number + 1)))
    return [day for day in days if is_worked(schedule, day)]


def is_worked(schedule: Schedule, day: date) -> bool:
    return bool(plan(schedule, day).shifts)


def is_provisional(schedule: Schedule, day: date) -> bool:
    """Whether the days of rest of its year are not published yet at the place of that day."""
    return not schedule.calendar_on(day.toordinal()).official.is_published(day.year)


def plan(schedule: Schedule, day: date) -> DayPlan:
    return schedule.calendar_on(day.toordinal()).plan(day)


def at_time(schedule: Schedule, day: date, at: time) -> datetime:
    """A wall time at the place of that day; where the clocks skip it, the first instant after."""
    zone = schedule.calendar_on(day.toordinal()).zone
    return zone.local(zone.instant(day.toordinal(), at.hour * 60 + at.minute))
