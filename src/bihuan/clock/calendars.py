"""Working calendars as values: a zone, the hours of a week, the days a country declares, the days of one's own.

A calendar answers month by month with the instants at which work goes on; what a month costs is paid once.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol

from bihuan.clock.days import NO_NAME, DayKind, DayPlan, SpecialDay
from bihuan.clock.errors import ClockError
from bihuan.clock.official import Official
from bihuan.clock.shifts import MONDAY, Hours, Shift
from bihuan.clock.zones import Zone

FIRST_YEAR, LAST_YEAR = 1900, 2200  # in which something may begin, or be named
YEARS_COUNTED = 31  # beyond them: ten for the longest limit, twenty until nobody works long enough
RESTING = {DayKind.HOLIDAY, DayKind.SITE_HOLIDAY, DayKind.ABSENCE}


@dataclass(frozen=True, slots=True)
class Month:
    """Spans of work in order, `done[i]` being what is worked in the month before span i; and the days worked."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    done: tuple[int, ...]
    total: int
    days: tuple[int, ...]
    closes: tuple[int, ...]


class Schedule(Protocol):
    """What the arithmetic needs: one calendar, or one after another."""

    def month(self, number: int) -> Month: ...

    def calendar_on(self, ordinal: int) -> "Calendar": ...

    def until(self, ordinal: int) -> int | None: ...

    def ordinal_at(self, instant: int) -> int: ...


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working time of a place, or of a person there. Explanations name `place`, else the zone's city."""

    zone: Zone
    hours: Hours
    official: Official
    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    absences: Mapping[date, SpecialDay] = field(default_factory=dict)
    place: str = ""
    make_up_as: int = MONDAY
    _months: dict[int, Month] = field(default_factory=dict, init=False, repr=False)

    def plan(self, day: date) -> DayPlan:
        """What kind of day it is, and its shifts: absence before the place's own days, these before the country's."""
        found = self.absences.get(day) or self.special.get(day) or self.official.day(day)
        if found is None:
            shifts = self.hours.week[day.weekday()]
            return DayPlan(day, DayKind.WORKING if shifts else DayKind.REST, NO_NAME, shifts)
        return DayPlan(day, found.kind, found.name, self._shifts(found))

    def close(self, day: date) -> int:
        """The minute at which the place closes; on a day of rest the minute at which it usually does."""
        shifts = self.plan(day).shifts
        return shifts[-1].end if shifts else self.hours.usual_close(day.weekday())

    def close_instant(self, ordinal: int) -> int:
        return self.zone.instant(ordinal, self.close(date.fromordinal(ordinal)))

    def month(self, number: int) -> Month:
        found = self._months.get(number)
        if found is None:
            found = self._months[number] = _month(number, self)
        return found

    def calendar_on(self, ordinal: int) -> "Calendar":  # noqa: ARG002  the same on every day
        return self

    def until(self, ordinal: int) -> int | None:  # noqa: ARG002  the same on every day
        return None

    def ordinal_at(self, instant: int) -> int:
        return self.zone.ordinal(instant)

    def without(self, days: Iterable[date]) -> "Calendar":
        """The same calendar for somebody who is away on these days."""
        away = SpecialDay(DayKind.ABSENCE, ("请假", "absence"))
        return replace(self, absences={**self.absences, **dict.fromkeys(days, away)})

    def _shifts(self, found: SpecialDay) -> tuple[Shift, ...]:
        if found.kind in RESTING:
            return ()
        if found.kind == DayKind.MAKE_UP:
            return self._make_up(found.weekday)
        return found.shifts

    def _make_up(self, weekday: int | None) -> tuple[Shift, ...]:
        """The hours of the weekday chosen; where nobody works on that weekday, of the first one worked."""
        chosen = self.hours.week[self.make_up_as if weekday is None else weekday]
        return chosen or next(shifts for shifts in self.hours.week if shifts)


@dataclass(frozen=True, eq=False)
class Postings:
    """One calendar after another: who is lent works by the borrower's calendar from the first day there.

    `turns` are (first day, calendar), in order; the first one also holds for all days before.
    """

    turns: Sequence[tuple[date, Calendar]]
    _months: dict[int, Month] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        days = [day for day, _ in self.turns]
        if not days or days != sorted(set(days)):
            raise ClockError("clock.postings_disordered", "postings")

    @cached_property
    def _firsts(self) -> list[int]:
        return [day.toordinal() for day, _ in self.turns[1:]]

    @cached_property
    def _changes(self) -> list[int]:
        """The instants at which the next calendar takes over."""
        return [calendar.zone.instant(day.toordinal(), 0) for day, calendar in self.turns[1:]]

    def calendar_on(self, ordinal: int) -> Calendar:
        return self.turns[bisect_right(self._firsts, ordinal)][1]

    def until(self, ordinal: int) -> int | None:
        """The instant at which the calendar of this day gives way to the next."""
        turn = bisect_right(self._firsts, ordinal)
        return self._changes[turn] if turn < len(self._changes) else None

    def ordinal_at(self, instant: int) -> int:
        """The day it is there; before the first day of a posting nobody is there yet."""
        turn = bisect_right(self._changes, instant)
        ordinal = self.turns[turn][1].ordinal_at(instant)
        return min(ordinal, self._firsts[turn] - 1) if turn < len(self._firsts) else ordinal

    def month(self, number: int) -> Month:
        found = self._months.get(number)
        if found is None:
            found = self._months[number] = _month(number, self)
        return found


def month_of(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    return day.year * 12 + day.month - 1


def first_of(number: int) -> int:
    """The ordinal of the first day of a month."""
    return date(number // 12, number % 12 + 1, 1).toordinal()


def check_reach(number: int) -> None:
    if not FIRST_YEAR * 12 <= number < (LAST_YEAR + 1) * 12:
        raise ClockError("clock.out_of_reach", "start", first=FIRST_YEAR, last=LAST_YEAR)


def _month(number: int, schedule: Schedule) -> Month:
    if not (FIRST_YEAR - 1) * 12 <= number < (LAST_YEAR + YEARS_COUNTED) * 12:
        raise ClockError("clock.out_of_reach", "start", first=FIRST_YEAR, last=LAST_YEAR)
    starts: list[int] = []
    ends: list[int] = []
    days: list[int] = []
    closes: list[int] = []
    for ordinal in range(first_of(number), first_of(number + 1)):
        spans = _spans(schedule.calendar_on(ordinal), ordinal, schedule.until(ordinal))
        starts += (start for start, _ in spans)
        ends += (end for _, end in spans)
        if spans:
            days.append(ordinal)
            closes.append(spans[-1][1])
    done, total = [], 0
    for start, end in zip(starts, ends, strict=True):
        done.append(total)
        total += end - start
    return Month(tuple(starts), tuple(ends), tuple(done), total, tuple(days), tuple(closes))


def _spans(calendar: Calendar, ordinal: int, until: int | None) -> list[tuple[int, int]]:
    """The instants between which a day is worked; spans that the clocks skip are gone, as is work after a move."""
    at = calendar.zone.instant
    shifts = calendar.plan(date.fromordinal(ordinal)).shifts
    spans = [(at(ordinal, shift.start), at(ordinal, shift.end)) for shift in shifts]
    if until is not None:
        spans = [(start, min(end, until)) for start, end in spans]
    return [(start, end) for start, end in spans if start < end]
