"""The ladder up to an instant and beyond (domain §4.3), counted in the rule's own unit (playbooks.md §3.11)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bihuan import clock
from bihuan.clock import Limit, Schedule, Unit
from bihuan.clock.limits import MOST
from bihuan.clock.zones import MICROSECOND, to_us
from bihuan.deadlines.enums import Level
from bihuan.deadlines.policy.counting import hours

Rungs = tuple[tuple[Level, datetime], ...]
DAY, WORKING_DAY, TWO_HOURS = timedelta(hours=24), timedelta(hours=8), timedelta(hours=2)
LONGEST_WORK, LONGEST_WAY = timedelta(hours=MOST[Unit.WORKING_HOURS]), timedelta(days=365 * 10)
MORNING = 9 * 60
FURTHEST_BACK = 60
ONE_WORKING_DAY = Limit(Decimal(1), Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time as its rule counts it: everything that passes (`elapsed`), or work only."""

    schedule: Schedule
    start: datetime
    due: datetime
    elapsed: bool

    @property
    def length(self) -> timedelta:
        if self.elapsed:
            return self.due - self.start
        return clock.count_work(self.schedule, self.start, self.due)

    def after(self, passed: timedelta) -> datetime:
        """The instant at which so much of the stretch is used; the start itself when that is nothing.

        Towards an instant that was typed further ahead than the clock counts work, as much of all time is used.
        """
        if passed <= timedelta():
            return self.start
        if self.elapsed:
            return self.start + passed
        if passed > LONGEST_WORK or self.due - self.start > LONGEST_WAY:
            return self.start + (self.due - self.start) * (passed / self.length)
        return clock.add(self.schedule, self.start, hours(passed, Unit.WORKING_HOURS)).at

    def days_before(self, days: int) -> datetime:
        """So many working days before it is due, at the same time of the day."""
        if self.elapsed:
            return self.due - days * DAY
        return working_days_before(self.schedule, self.due, days)

    def further_day(self) -> datetime:
        return self.due + DAY if self.elapsed else clock.add(self.schedule, self.due, ONE_WORKING_DAY).at


def working_days_before(schedule: Schedule, due: datetime, days: int) -> datetime:
    """The same time of the day on the n-th day worked before the day of an instant."""
    ordinal = day_of(schedule, due)
    here = due.astimezone(schedule.calendar_on(ordinal).zone.info)
    closed = (here.hour, here.minute) == (0, 0)  # midnight ends the day before
    for _ in range(FURTHEST_BACK):
        ordinal -= 1
        calendar = schedule.calendar_on(ordinal)
        days -= bool(calendar.plan(date.fromordinal(ordinal)).shifts)
        if not days:
            return calendar.zone.local(calendar.zone.instant(ordinal, 24 * 60 if closed else _minute(here)))
    return due - (FURTHEST_BACK * DAY)


def _minute(here: datetime) -> int:
    return here.hour * 60 + here.minute


def day_of(schedule: Schedule, due: datetime) -> int:
    """The day something is due; what is due at midnight is due on the day before."""
    return schedule.ordinal_at(to_us(due) - 1)


def morning_of(span: Span) -> datetime:
    ordinal = day_of(span.schedule, span.due)
    zone = span.schedule.calendar_on(ordinal).zone
    return zone.local(zone.instant(ordinal, MORNING))


def _full(span: Span) -> Iterator[tuple[Level, datetime]]:
    """L: half used, then 30 % or a working day left, then 15 % or two hours, whichever comes later."""
    length = span.length
    if length >= (DAY if span.elapsed else WORKING_DAY):
        yield Level.GREEN, span.after(length / 2)
    yield Level.YELLOW, max(span.after(length * 7 / 10), span.days_before(1))
    yield Level.ORANGE, max(span.after(length * 17 / 20), span.after(length - TWO_HOURS))


def _customer(span: Span) -> Iterator[tuple[Level, datetime]]:
    """Towards the answer a customer waits for (T22): at half of the time, at 70 %, and the alarm at 75 %."""
    yield Level.GREEN, span.after(span.length / 2)
    yield Level.YELLOW, span.after(span.length * 7 / 10)
    yield Level.ORANGE, span.after(span.length * 3 / 4)


def _day(span: Span) -> Iterator[tuple[Level, datetime]]:
    """Towards a typed day (T21): three working days before, one, and on the morning of the day itself."""
    yield Level.GREEN, span.days_before(3)
    yield Level.YELLOW, span.days_before(1)
    yield Level.ORANGE, morning_of(span)


def _loan(span: Span) -> Iterator[tuple[Level, datetime]]:
    """Towards a return, due a working day after the last day (T25): ten working days before that day, one, that day."""
    yield Level.GREEN, span.days_before(11)
    yield Level.YELLOW, span.days_before(2)
    yield Level.ORANGE, span.days_before(1)


def _week(span: Span) -> Iterator[tuple[Level, datetime]]:
    """Towards what comes round (T13): one working day before, and two hours."""
    yield Level.YELLOW, span.days_before(1)
    yield Level.ORANGE, span.due - TWO_HOURS


def _none(span: Span) -> Iterator[tuple[Level, datetime]]:
    return iter(())


KINDS: dict[str, Callable[[Span], Iterator[tuple[Level, datetime]]]] = {
    "L": _full, "CUSTOMER": _customer, "DAY": _day, "WEEK": _week, "LOAN": _loan, "NONE": _none,
}  # fmt: skip


def rungs(kind: str, span: Span, *, urgent: bool = False) -> Rungs:
    """Every rung that lies ahead of the start, lowest first, then overdue and long overdue.

    At the very instant an act is on time: overdue begins a microsecond later.
    """
    ahead = list(KINDS[kind](span)) if span.due > span.start else []
    red = span.due + MICROSECOND
    later = span.due + TWO_HOURS if urgent else span.further_day()
    climbing = [(level, instant) for level, instant in ahead if span.start < instant < red]
    return (*_rising(climbing), (Level.RED, red), (Level.RED_PLUS, later + MICROSECOND))


def _rising(found: Sequence[tuple[Level, datetime]]) -> Iterator[tuple[Level, datetime]]:
    """Of rungs at one instant only the highest."""
    for index, (level, instant) in enumerate(found):
        if all(instant < later for _, later in found[index + 1 :]):
            yield level, instant


def reached(ladder: Rungs, at: datetime) -> Level:
    """The highest rung that is not ahead any more."""
    return max((level for level, instant in ladder if instant <= at), default=Level.NONE)


def next_after(ladder: Rungs, at: datetime) -> datetime | None:
    """When the scanner is to look again."""
    return min((instant for _, instant in ladder if instant > at), default=None)
