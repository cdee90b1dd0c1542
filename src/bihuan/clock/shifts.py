"""Working hours of a week, written `09:00-12:00,13:00-18:00` or `Mon-Thu 08:00-17:00; Fri 08:00-14:00`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bihuan.clock.errors import ClockError

DAY_MINUTES = 24 * 60
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONDAY, FRIDAY, SATURDAY = 0, 4, 5
USUAL = "09:00-12:00,13:00-18:00"
SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")
DAYS = re.compile(r"([A-Za-z]{3})(?:\s*-\s*([A-Za-z]{3}))?")
PART = re.compile(r"\s*(?P<days>[A-Za-z][A-Za-z,\s-]*?)?\s*(?P<shifts>\d.*)?\s*", re.DOTALL)
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Work from minute `start` of the day up to, not including, minute `end`; 1440 is midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{spell(self.start)}-{spell(self.end)}"


@dataclass(frozen=True, slots=True)
class Hours:
    """The shifts of each weekday, Monday first. Raises ClockError when nobody would ever work."""

    week: tuple[tuple[Shift, ...], ...]

    def __post_init__(self) -> None:
        if not any(self.week):
            raise ClockError("clock.no_working_hours", "hours")

    def usual_close(self, weekday: int) -> int:
        """When the place closes on such a day; on a day of rest, the latest closing of the week."""
        own = self.week[weekday]
        return own[-1].end if own else max(shifts[-1].end for shifts in self.week if shifts)

    def __str__(self) -> str:
        texts = [",".join(map(str, shifts)) for shifts in self.week]
        if texts == [texts[0]] * 5 + ["", ""]:
            return texts[0]
        return "; ".join(f"{days} {text}" for days, text in _runs(texts) if text)


def spell(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_hours(text: str) -> Hours:
    """Hours from text; a part without days means Monday to Friday. Raises ClockError."""
    week: list[tuple[Shift, ...]] = [()] * 7
    said: set[int] = set()
    if len(text) > LONGEST_TEXT:
        raise ClockError("clock.hours_unreadable", "hours", text=f"{text[:40]}…")
    for part in text.replace("；", ";").replace("，", ",").split(";"):
        days, shifts = _part(part)
        for day in days:
            if day in said:
                raise ClockError("clock.weekday_twice", "hours", day=WEEKDAYS[day])
            said.add(day)
            week[day] = shifts
    return Hours(tuple(week))


def parse_shifts(text: str) -> tuple[Shift, ...]:
    """The shifts of one day, in order. Raises ClockError when one is no span of time, or two overlap."""
    pieces = [piece.strip() for piece in text.replace("，", ",").split(",")]
    return in_order(_shift(piece) for piece in pieces if piece)


def in_order(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    found = sorted(shifts)
    for earlier, later in pairwise(found):
        if later.start < earlier.end:
            raise ClockError("clock.shifts_overlap", "hours", first=str(earlier), second=str(later))
    return tuple(found)


def _part(text: str) -> tuple[list[int], tuple[Shift, ...]]:
    match = PART.fullmatch(text)
    if match is None or not match["shifts"]:
        raise ClockError("clock.hours_unreadable", "hours", text=text.strip())
    days = _days(match["days"], text) if match["days"] else list(range(SATURDAY))
    return days, parse_shifts(match["shifts"])


def _days(text: str, whole: str) -> list[int]:
    found: list[int] = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        match = DAYS.fullmatch(piece)
        ends = [name.title() for name in match.groups() if name] if match else []
        if not ends or not set(ends) <= set(WEEKDAYS):
            raise ClockError("clock.hours_unreadable", "hours", text=whole.strip())
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        found += range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return found


def _shift(text: str) -> Shift:
    match = SHIFT.fullmatch(text)
    if match is None:
        raise ClockError("clock.hours_unreadable", "hours", text=text)
    hour, minute, to_hour, to_minute = (int(number) for number in match.groups())
    shift = Shift(hour * 60 + minute, to_hour * 60 + to_minute)
    if minute > 59 or to_minute > 59 or shift.end > DAY_MINUTES:
        raise ClockError("clock.hours_unreadable", "hours", text=text)
    if shift.start >= shift.end:
        raise ClockError("clock.shift_backwards", "hours", text=text)
    return shift


def _runs(texts: list[str]) -> Iterable[tuple[str, str]]:
    """Weekdays in a row with the same hours, said together."""
    first = 0
    for day in range(1, 8):
        if day == 7 or texts[day] != texts[first]:
            yield WEEKDAYS[first] + (f"-{WEEKDAYS[day - 1]}" if day - 1 > first else ""), texts[first]
            first = day
