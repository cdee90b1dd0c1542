"""How often reports fall due in the matters of a playbook (T11, T13), and when each turn is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from bihuan.clock import Schedule
from bihuan.clock.cadences import FIVE, at_time, daily, every_second_day, is_provisional, nth_working_day, weekly
from bihuan.clock.errors import ClockError
from bihuan.clock.explaining import EN_WEEKDAYS, ZH_DAYS
from bihuan.clock.rounds import Asked
from bihuan.collaborations.policy.playbook import DUTIES, TABLE, WEEKLY, WORK, CadencePlan, PlaybookPlan
from bihuan.kernel.findings import Finding, error

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
MOST_DAYS = 15
"""No month has fewer days worked by the calendars that are published."""
ONE_DAY = timedelta(days=1)
URGENT, ROUTINE = "URGENT", "ROUTINE"


class Every(StrEnum):
    DAY = "DAY"
    TWO_DAYS = "TWO_DAYS"
    WEEK = "WEEK"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every day worked, every second one, each week by a day of it, each month by its n-th day worked, at a time.

    `is_urgent`: days of rest as well (Q10)."""

    every: Every = Every.WEEK
    weekday: int = DAYS.index("FRI")
    number: int = -1
    at: time = FIVE
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """From which day to which one a report is, and when it is due; provisional while the year of that day is not
    published."""

    starts_on: date
    ends_on: date
    due_at: datetime
    is_provisional: bool = False


USUAL = Rhythm()
REPORTED: Mapping[str, str] = MappingProxyType({WEEKLY: DUTIES, TABLE: TABLE})
"""The forms that fall due again and again, each with the form without which nobody reports anything."""


def falls_due(plan: PlaybookPlan, form: str) -> bool:
    """Whether a form is asked for again and again while the work of the playbook goes on."""
    if not plan.has(WORK):
        return False
    return plan.step(WORK).asks_for(TABLE) if form == TABLE else plan.asks_for(REPORTED[form])


def rhythm_of(plan: PlaybookPlan, form: str = WEEKLY, urgency: str = "") -> Rhythm:
    """What the playbook says of a form, else the week until Friday at five; the table of a problem else every day, of a
    routine one every second day. That of an urgent problem is brought up to date every calendar day (Q10)."""
    said = next((each for each in plan.cadences if each.form == form), None)
    found = _usual(form, urgency) if said is None else _said(said)
    is_urgent = form == TABLE and urgency == URGENT
    return replace(found, every=Every.DAY, is_urgent=True) if is_urgent else found


def _usual(form: str, urgency: str) -> Rhythm:
    if form != TABLE:
        return USUAL
    return Rhythm(every=Every.TWO_DAYS if urgency == ROUTINE else Every.DAY)


def _said(said: CadencePlan) -> Rhythm:
    return Rhythm(
        every=Every(said.every),
        weekday=DAYS.index(said.day) if said.day else USUAL.weekday,
        number=int(said.number) if said.number else USUAL.number,
        at=time.fromisoformat(said.at) if said.at else USUAL.at,
    )


def begins_on(rhythm: Rhythm, day: date) -> date:
    """The first day of the turn that a day belongs to; of every second day the day itself."""
    if rhythm.every is Every.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if rhythm.every is Every.MONTH else day


def turn_of(rhythm: Rhythm, day: date, schedule: Schedule, *, first: date | None = None) -> Turn | None:
    """The turn of a day; None when nothing is due in it, as in a week in which nobody works (Q9).

    `first` is the day from which every second one is counted, the day itself where nothing was due before.
    """
    starts_on = begins_on(rhythm, day)
    due = _due(rhythm, starts_on, schedule, first or day)
    if due is None:
        return None
    return Turn(starts_on, _ends_on(rhythm, starts_on), due, is_provisional(schedule, due.date()))


def _due(rhythm: Rhythm, starts_on: date, schedule: Schedule, first: date) -> datetime | None:
    if rhythm.every is Every.DAY:
        return daily(schedule, starts_on, at=rhythm.at, urgent=rhythm.is_urgent)
    if rhythm.every is Every.TWO_DAYS:
        return every_second_day(schedule, starts_on, first=first, at=rhythm.at)
    if rhythm.every is Every.WEEK:
        return weekly(schedule, starts_on, weekday=rhythm.weekday, at=rhythm.at)
    try:
        on = nth_working_day(schedule, year=starts_on.year, month=starts_on.month, number=rhythm.number)
    except ClockError:  # so few days are worked that the month has no such day: nothing is due, as in an empty week
        return None
    return at_time(schedule, on, rhythm.at)


def _ends_on(rhythm: Rhythm, starts_on: date) -> date:
    if rhythm.every is Every.MONTH:
        return (starts_on + timedelta(days=31)).replace(day=1) - ONE_DAY
    return starts_on + {Every.DAY: 0, Every.TWO_DAYS: 1, Every.WEEK: 6}[rhythm.every] * ONE_DAY


def asked_in(rhythm: Rhythm, turn: Turn) -> Asked:
    """What is asked for in a turn, in both languages, and the days among which its day was found."""
    day, ends = turn.due_at.date(), turn.starts_on
    if rhythm.every is Every.WEEK:
        last = turn.starts_on + rhythm.weekday * ONE_DAY
        words = (
            f"该周至周{ZH_DAYS[rhythm.weekday]}的最后一个工作日",
            (f"the last day worked of the week up to {EN_WEEKDAYS[rhythm.weekday]}"),
        )
        return Asked(words, min(day, last), last)
    if rhythm.every is Every.MONTH:
        return _asked_of_month(rhythm, turn)
    if rhythm.is_urgent:
        return Asked(("每个自然日，节假日照计", "every calendar day, days of rest too"), ends, ends)
    if rhythm.every is Every.TWO_DAYS:
        return Asked(("每两个工作日", "every second day worked"), ends, ends)
    return Asked(("每个工作日", "every day worked"), ends, ends)


def _asked_of_month(rhythm: Rhythm, turn: Turn) -> Asked:
    day, number = turn.due_at.date(), abs(rhythm.number)
    if rhythm.number < 0:
        words = f"当月倒数第 {number} 个工作日", f"day worked {number} of the month, counted from its end"
        return Asked(words, day, turn.ends_on)
    return Asked((f"当月第 {number} 个工作日", f"day worked {number} of the month"), turn.starts_on, day)


def is_over(rhythm: Rhythm, turn: Turn, at: datetime) -> bool:
    """Whether a turn that has not begun is asked for no more; a week is, so that what was missed is seen in it."""
    return rhythm.every is not Every.WEEK and turn.due_at <= at


def turns_after(rhythm: Rhythm, begins: datetime, day: date, schedule: Schedule, *, count: int) -> list[Turn]:
    """The first so many turns of a matter whose work begins at an instant of a day, as far as a year ahead."""
    found: list[Turn] = []
    for ahead in range(366):
        turn = turn_of(rhythm, day + ahead * ONE_DAY, schedule, first=day)
        if turn is not None and turn not in found and not is_over(rhythm, turn, begins):
            found.append(turn)
        if len(found) == count:
            break
    return found


def check_cadences(plan: PlaybookPlan) -> Iterator[Finding]:
    """Forms that fall due again and again, each once, in a rhythm there is."""
    seen: set[str] = set()
    for index, said in enumerate(plan.cadences):
        place = f"cadences.{index}"
        if said.form not in REPORTED:
            told = ", ".join(REPORTED)
            yield error("collaborations.playbook_cadence_form", f"{place}.form", form=said.form, forms=told)
        elif not falls_due(plan, said.form):
            needs = f"{REPORTED[said.form]}, {WORK}"
            yield error("collaborations.playbook_cadence_never", f"{place}.form", form=said.form, needs=needs)
        if said.form in seen:
            yield error("collaborations.playbook_cadence_twice", f"{place}.form", form=said.form)
        seen.add(said.form)
        yield from _rhythm(said, place)


def _rhythm(said: CadencePlan, place: str) -> Iterator[Finding]:
    if said.every not in set(Every):
        told = ", ".join(Every)
        yield error("collaborations.playbook_cadence_every", f"{place}.every", every=said.every, known=told)
    for word, value, only in (("day", said.day, Every.WEEK), ("number", said.number, Every.MONTH)):
        if value and said.every != only:
            yield error("collaborations.playbook_cadence_stray", f"{place}.{word}", word=word, every=only.value)
    if said.day and said.day not in DAYS:
        told = ", ".join(DAYS)
        yield error("collaborations.playbook_cadence_day", f"{place}.day", day=said.day, days=told)
    if said.number and not _is_place(said.number):
        yield error("collaborations.playbook_cadence_number", f"{place}.number", number=said.number, most=MOST_DAYS)
    if said.at and not _is_time(said.at):
        yield error("collaborations.playbook_cadence_time", f"{place}.at", at=said.at)


def _is_place(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and 1 <= int(digits) <= MOST_DAYS


def _is_time(text: str) -> bool:
    hours, _colon, minutes = text.partition(":")
    known = text.isascii() and len(hours) == len(minutes) == 2 and hours.isdigit() and minutes.isdigit()
    return known and int(hours) < 24 and int(minutes) < 60
