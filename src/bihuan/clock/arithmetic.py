"""Adding a limit to an instant, and counting what lies between two instants. The two agree.

Counting n of a unit from a start to the instant that adding n gave is n again, and no earlier instant gives it. (Of
calendar days it may be more: one that a zone leaves out whole closes together with the day before.)
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bihuan.clock.calendars import Month, Schedule, check_reach, month_of
from bihuan.clock.errors import ClockError
from bihuan.clock.limits import SHORT_HOURS, Limit, Profile, Unit
from bihuan.clock.zones import HOUR_US, SECOND_US, to_us

MOST_MONTHS = 12 * 20
HOURS_OF_A_DAY = 24


class Way(StrEnum):
    """How a part of a limit was counted."""

    ELAPSED = "ELAPSED"
    WORKING_TIME = "WORKING_TIME"
    SAME_TIME = "SAME_TIME"  # the same clock time on a later working day
    WORKING_DAYS = "WORKING_DAYS"
    DAYS = "DAYS"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the way: an amount (microseconds, or days) counted from one instant to another."""

    way: Way
    amount: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and how that came about. `begins` is where counting began, later than the start when
    that lay outside working time; `provisional` when a day counted belongs to a year that is not published."""

    start: datetime
    at: datetime
    limit: Limit
    profile: Profile
    begins: datetime
    provisional: bool
    parts: tuple[Part, ...]


def add(schedule: Schedule, start: datetime, limit: Limit, profile: Profile = Profile.LITERAL) -> Due:
    """The instant at which `limit` from `start` is over, in the zone of the place of that day.

    Days do not count the day of the start and end at the close of business; working days only count days worked.
    Work that is used up at the end of a shift is due then. Raises ClockError when there is no such instant.
    """
    begin = to_us(start)
    check_reach(month_of(schedule.ordinal_at(begin)))
    parts = tuple(_parts(schedule, begin, limit, profile))
    end = parts[-1].end
    received = _local(schedule, begin)
    return Due(
        start=received,
        at=_local(schedule, end),
        limit=limit,
        profile=profile,
        begins=received if parts[0].start == begin else _local(schedule, parts[0].start),
        provisional=_is_provisional(schedule, days_counted(schedule, begin, parts)),
        parts=parts,
    )


def _local(schedule: Schedule, instant: int) -> datetime:
    """The wall clock of the place of that day."""
    return schedule.calendar_on(schedule.ordinal_at(instant)).zone.local(instant)


def _parts(schedule: Schedule, start: int, limit: Limit, profile: Profile) -> Iterator[Part]:
    if limit.unit == Unit.WORKING_DAYS:
        yield Part(Way.WORKING_DAYS, limit.days, start, _close_of_working_day(schedule, start, limit.days))
    elif limit.unit == Unit.DAYS:
        yield Part(Way.DAYS, limit.days, start, _close_of_day(schedule, start, limit.days))
    elif limit.unit == Unit.WORKING_HOURS or (profile is Profile.WORK_AWARE and limit.amount <= SHORT_HOURS):
        yield _work(schedule, next_working(schedule, start), limit.us)
    elif profile is Profile.WORK_AWARE:
        yield from _work_aware(schedule, next_working(schedule, start), limit.us)
    else:
        yield Part(Way.ELAPSED, limit.us, start, start + limit.us)


def _work_aware(schedule: Schedule, start: int, amount: int) -> Iterator[Part]:
    """playbooks.md 3.9: every whole 24 hours are one working day to the same clock time, the rest are working hours."""
    days, rest = divmod(amount, HOURS_OF_A_DAY * HOUR_US)
    here = start
    if days:
        here = _same_time(schedule, start, days)
        yield Part(Way.SAME_TIME, days, start, here)
    if rest:
        yield _work(schedule, here, rest)


def _work(schedule: Schedule, start: int, amount: int) -> Part:
    return Part(Way.WORKING_TIME, amount, start, _after_work(schedule, start, amount))


def next_working(schedule: Schedule, instant: int) -> int:
    """The instant itself when somebody works then, else the next one at which work begins."""
    for month in _months(schedule, instant):
        index = bisect_right(month.ends, instant)
        if index < len(month.ends):
            return max(instant, month.starts[index])
    raise ClockError("clock.never_ends", "limit")


def _after_work(schedule: Schedule, start: int, amount: int) -> int:
    """When so much work is done: at the end of a shift, not at the beginning of the next."""
    left = amount
    for month in _months(schedule, start):
        target = left + _worked_before(month, start)
        if target <= month.total:
            span = bisect_left(month.done, target) - 1
            return month.starts[span] + target - month.done[span]
        left = target - month.total
    raise ClockError("clock.never_ends", "limit")


def _worked_before(month: Month, instant: int) -> int:
    """The work of the month that lies before an instant."""
    index = bisect_right(month.ends, instant)
    if index == len(month.ends):
        return month.total
    return month.done[index] + max(0, instant - month.starts[index])


def _close_of_working_day(schedule: Schedule, start: int, days: int) -> int:
    month, index = _nth_working_day(schedule, start, days)
    return month.closes[index]


def _nth_working_day(schedule: Schedule, start: int, days: int) -> tuple[Month, int]:
    """The n-th day worked after the day of the start."""
    left = days
    today = schedule.ordinal_at(start)
    for month in _months(schedule, start):
        passed = bisect_right(month.days, today)
        if left <= len(month.days) - passed:
            return month, passed + left - 1
        left -= len(month.days) - passed
    raise ClockError("clock.never_ends", "limit")


def _same_time(schedule: Schedule, start: int, days: int) -> int:
    month, index = _nth_working_day(schedule, start, days)
    ordinal = month.days[index]
    here = _local(schedule, start)
    zone = schedule.calendar_on(ordinal).zone
    minute = zone.instant(ordinal, here.hour * 60 + here.minute)
    reached = zone.local(minute)
    if (reached.hour, reached.minute) != (here.hour, here.minute):  # the clocks skip this minute
        return minute
    return minute + here.second * SECOND_US + here.microsecond


def _close_of_day(schedule: Schedule, start: int, days: int) -> int:
    ordinal = schedule.ordinal_at(start) + days
    return schedule.calendar_on(ordinal).close_instant(ordinal)


def _months(schedule: Schedule, start: int) -> Iterator[Month]:
    first = month_of(schedule.ordinal_at(start))
    for number in range(first, first + MOST_MONTHS):
        yield schedule.month(number)


def count_work(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """How much is worked from one instant to another; less than nothing when `end` lies before `start`."""
    return timedelta(microseconds=_worked(schedule, to_us(start), to_us(end)))


def _worked(schedule: Schedule, start: int, end: int) -> int:
    if end < start:
        return -_worked(schedule, end, start)
    first, last = month_of(schedule.ordinal_at(start)), month_of(schedule.ordinal_at(end) + 1)  # + 1: at midnight
    months = (schedule.month(number) for number in range(first, last + 1))  # the clocks may go back into the day before
    return sum(_worked_before(month, end) - _worked_before(month, start) for month in months)


def count_working_days(schedule: Schedule, start: datetime, end: datetime) -> int:
    """How many days worked have closed after the day of the start, up to and including the instant `end`."""
    today, until = schedule.ordinal_at(to_us(start)), to_us(end)
    first, last = month_of(today), month_of(schedule.ordinal_at(until))
    months = (schedule.month(number) for number in range(first, last + 1))
    return sum(max(0, bisect_right(month.closes, until) - bisect_right(month.days, today)) for month in months)


def count_days(schedule: Schedule, start: datetime, end: datetime) -> int:
    """How many calendar days have closed after the day of the start, up to and including the instant `end`."""
    today, until = schedule.ordinal_at(to_us(start)), to_us(end)
    last = schedule.ordinal_at(until)
    is_over = schedule.calendar_on(last).close_instant(last) <= until
    return max(0, last - today - (not is_over))


def is_working(schedule: Schedule, instant: datetime) -> bool:
    """Whether somebody works at an instant; at the end of a shift no longer."""
    return next_working(schedule, to_us(instant)) == to_us(instant)


def days_counted(schedule: Schedule, start: int, parts: Sequence[Part]) -> range:
    """The ordinals of the days that were looked at; none for elapsed hours, which need no calendar.

    What ends at midnight belongs to the day before.
    """
    way, goal = parts[0].way, parts[-1]
    first = schedule.ordinal_at(start)
    last = schedule.ordinal_at(goal.end - (goal.way is not Way.SAME_TIME))
    if way is Way.ELAPSED:
        return range(0)
    if way is Way.DAYS:
        return range(last, last + 1)
    return range(first + (way is Way.WORKING_DAYS), last + 1)


def _is_provisional(schedule: Schedule, days: range) -> bool:
    years = range(date.fromordinal(days[0]).year, date.fromordinal(days[-1]).year + 1) if days else ()
    return any(is_open(schedule, year, days) for year in years)


def is_open(schedule: Schedule, year: int, days: range) -> bool:
    """Whether the official days of a year are not known at the place where its counted days are spent."""
    first = max(days[0], date(year, 1, 1).toordinal())
    last = min(days[-1], date(year, 12, 31).toordinal())
    places = {schedule.calendar_on(first), schedule.calendar_on(last)}
    return any(not place.official.is_published(year) for place in places)
