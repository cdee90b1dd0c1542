"""A second clock, written from domain.md 4.1 for itself: it walks day by day and looks things up.

It shares no code with `bihuan.clock`: own days of rest, own way to find the instant of a wall time (minute by minute),
own arithmetic. `python -m tests.clock.oracle --cases 1000000` puts random questions to both and names every difference.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
LAW_2027 = {(1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2), (6, 9), (9, 15), (10, 1), (10, 2), (10, 3)}
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Shifts = list[tuple[int, int]]


@dataclass
class Place:
    """Where somebody works: plain words and numbers. `special` tells of a day its shifts, or the weekday it is like."""

    zone: str
    country: str
    week: dict[int, Shifts]
    special: dict[date, Shifts | int] = field(default_factory=dict)
    absent: set[date] = field(default_factory=set)

    def hours_text(self) -> str:
        said = [
            f"{DAY_NAMES[day]} " + ",".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in shifts)
            for day, shifts in self.week.items()
            if shifts
        ]
        return "; ".join(said)


# the days ----------------------------------------------------------------------------------------------------------


@cache
def german(year: int) -> set[date]:
    return set(holidays.Germany(years=year))


@cache
def american(year: int) -> set[date]:
    return {day for day in holidays.UnitedStates(years=year) if day.year == year}


def official(country: str, day: date) -> str:
    """ "off", "on" (a make-up day) or "" (nothing is said)."""
    if country == "DE":
        return "off" if day in german(day.year) else ""
    if country == "US":
        return "off" if day in american(day.year) else ""
    if day.year == 2027:
        return "off" if (day.month, day.day) in LAW_2027 else ""
    is_off, detail = chinese_calendar.get_holiday_detail(day)
    if is_off and detail is not None:
        return "off"
    return "on" if not is_off and day.weekday() > 4 else ""


def shifts_on(place: Place, day: date) -> Shifts:
    if day in place.absent:
        return []
    if day in place.special:
        told = place.special[day]
        return (place.week[told] or first_hours(place)) if isinstance(told, int) else told
    said = official(place.country, day)
    if said == "off":
        return []
    if said == "on":
        return place.week[0] or first_hours(place)
    return place.week[day.weekday()]


def first_hours(place: Place) -> Shifts:
    return next(shifts for _, shifts in sorted(place.week.items()) if shifts)


def closing(place: Place, day: date) -> int:
    shifts = shifts_on(place, day) or place.week[day.weekday()]
    return shifts[-1][1] if shifts else max(shifts[-1][1] for shifts in place.week.values() if shifts)


# the instants ------------------------------------------------------------------------------------------------------


@cache
def moment(zone: str, day: date, minute: int) -> datetime:
    """The first minute (UTC) at which the clocks have reached this minute of the day: looked for one by one."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    info = ZoneInfo(zone)
    around = [(wall + timedelta(hours=hours)).replace(tzinfo=UTC).astimezone(info) for hours in (-30, 0, 30)]
    tick = (wall - max(near.utcoffset() for near in around)).replace(tzinfo=UTC)
    while tick.astimezone(info).replace(tzinfo=None) < wall:
        tick += ONE_MINUTE
    return tick


def local(place: Place, instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(place.zone))


def spans(place: Place, day: date) -> list[tuple[datetime, datetime]]:
    found = [(moment(place.zone, day, a), moment(place.zone, day, b)) for a, b in shifts_on(place, day)]
    return [(start, end) for start, end in found if start < end]


# the rules ---------------------------------------------------------------------------------------------------------


class Looked:
    """Which days were looked at; a day of a year without a published calendar makes the result provisional."""

    def __init__(self, place: Place) -> None:
        self.place, self.provisional = place, False

    def at(self, day: date) -> None:
        self.provisional |= self.place.country == "CN" and not 2004 <= day.year <= 2026


def after_work(place: Place, start: datetime, amount: timedelta, looked: Looked) -> datetime:
    day = local(place, start).date() - ONE_DAY
    while True:
        if day >= local(place, start).date():
            looked.at(day)
        for opening, end in spans(place, day):
            begin = max(opening, start)
            if begin < end:
                if end - begin >= amount:
                    return begin + amount
                amount -= end - begin
        day += ONE_DAY


def first_work(place: Place, start: datetime, looked: Looked) -> datetime:
    day = local(place, start).date() - ONE_DAY
    while True:
        if day >= local(place, start).date():
            looked.at(day)
        for begin, end in spans(place, day):
            if start < end:
                return max(begin, start)
        day += ONE_DAY


def later_working_day(place: Place, start: datetime, number: int, looked: Looked) -> date:
    day = local(place, start).date()
    while number:
        day += ONE_DAY
        looked.at(day)
        number -= bool(spans(place, day))
    return day


def same_clock(place: Place, start: datetime, day: date) -> datetime:
    wall = local(place, start)
    found = moment(place.zone, day, wall.hour * 60 + wall.minute)
    shown = local(place, found)
    exists = (shown.hour, shown.minute) == (wall.hour, wall.minute)
    return found + timedelta(seconds=wall.second, microseconds=wall.microsecond) if exists else found


def due(place: Place, start: datetime, amount: Decimal, unit: str, profile: str) -> tuple[datetime, bool]:
    looked = Looked(place)
    start = start.astimezone(UTC)
    if unit == "wd":
        day = later_working_day(place, start, int(amount), looked)
        return spans(place, day)[-1][1], looked.provisional
    if unit == "d":
        day = local(place, start).date() + timedelta(days=int(amount))
        looked.at(day)
        return moment(place.zone, day, closing(place, day)), looked.provisional
    if unit == "h" and profile == "literal":
        return start + hours(amount), False
    looked.at(local(place, start).date())
    begin = first_work(place, start, looked)
    if unit == "wh" or amount <= 8:
        return after_work(place, begin, hours(amount), looked), looked.provisional
    whole, rest = int(amount) // 24, amount % 24
    if whole:
        begin = same_clock(place, begin, later_working_day(place, begin, whole, looked))
    return (after_work(place, begin, hours(rest), looked) if rest else begin), looked.provisional


def hours(amount: Decimal) -> timedelta:
    return timedelta(microseconds=int(amount * 3_600_000_000))


# random questions --------------------------------------------------------------------------------------------------

ZONES = (
    "Asia/Shanghai", "Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "Europe/London", "America/New_York",
    "America/St_Johns", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia",
)  # fmt: skip
OFFICE: Shifts = [(540, 720), (780, 1080)]
WEEKS: tuple[dict[int, Shifts], ...] = (
    {day: OFFICE if day < 5 else [] for day in range(7)},
    {day: [(540, 1080)] if day < 5 else [] for day in range(7)},
    {day: [(600, 840), (930, 1170)] if day < 5 else [] for day in range(7)},
    {day: OFFICE if day < 5 else [(540, 720)] if day == 5 else [] for day in range(7)},
    {day: [(0, 1440)] for day in range(7)},
    {day: [(0, 150), (1320, 1440)] if day in (2, 5, 6) else [(65, 200)] if day < 2 else [] for day in range(7)},
    {day: [(480, 1020)] if day < 4 else [(480, 840)] if day == 4 else [] for day in range(7)},
    {day: [(555, 1007)] if day == 6 else [] for day in range(7)},
)
SWITCHES = ((3, 29), (10, 25), (3, 8), (11, 1), (4, 5), (10, 4), (12, 31), (9, 30), (2, 28), (2, 14), (1, 1))
AMOUNTS = {"h": (1, 2, 4, 8, 9, 12, 24, 36, 48, 72, 100), "wh": (1, 2, 4, 8, 16, 40), "wd": (1, 2, 3, 5, 10, 20)}


@dataclass
class Question:
    place: Place
    start: datetime
    amount: Decimal
    unit: str
    profile: str

    @property
    def limit(self) -> str:
        return f"{self.amount}{self.unit}"


def questions(number: int, seed: int) -> Iterator[Question]:
    chance = random.Random(seed)
    places = list(make_places(chance, max(20, min(number // 40, 400))))
    for index in range(number):
        unit = chance.choice(("h", "wh", "wd", "d"))
        amount = Decimal(chance.choice(AMOUNTS.get(unit, (1, 5, 30, 365))) if index % 4 else chance.randint(1, 60))
        if unit in {"h", "wh"} and index % 7 == 0:
            amount += Decimal(chance.choice(("0.5", "0.25", "0.1")))
        place = chance.choice(places)
        yield Question(place, some_instant(chance, place), amount, unit, chance.choice(("literal", "work-aware")))


def make_places(chance: random.Random, number: int) -> Iterator[Place]:
    for index in range(number):
        place = Place(chance.choice(ZONES), chance.choice(("CN", "CN", "DE", "US")), chance.choice(WEEKS))
        for _ in range(0 if index % 3 else 60):
            day = date(2024, 1, 1) + timedelta(days=chance.randint(0, 1200))
            choice = chance.randint(0, 4)
            if choice == 0:
                place.absent.add(day)
            else:
                place.special[day] = ([], chance.randint(0, 6), [(540, 720)], [(480, 720), (1200, 1440)])[choice - 1]
        yield place


def some_instant(chance: random.Random, place: Place) -> datetime:
    """Any minute of twenty years, more often near a change of the clocks, a holiday or the end of a year."""
    if chance.random() < 0.5:
        month, day = chance.choice(SWITCHES)
        near = datetime(chance.randint(2005, 2026), month, day, tzinfo=UTC)
        found = near + timedelta(minutes=chance.randint(-4000, 4000))
    else:
        found = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 22 * 525_600))
    if place.special and chance.random() < 0.7:
        found = found.replace(year=chance.choice((2024, 2025, 2026)), day=min(found.day, 28))
    return found + timedelta(seconds=chance.choice((0, 0, 0, 17, 59)), microseconds=chance.choice((0, 0, 250_000)))


def differences(number: int, seed: int) -> Iterator[str]:
    """What both clocks say of each question; a sentence for each that differs."""
    from tests.clock.asked import ask

    for done, question in enumerate(questions(number, seed)):
        place = question.place
        if done and done % 50_000 == 0:
            sys.stderr.write(f"{done} of {number}\n")
        if question.start.year > 2026:
            continue
        try:
            expected = due(place, question.start, question.amount, question.unit, question.profile)
        except NotImplementedError:  # beyond the years this clock knows
            continue
        found = ask(question)
        if found != expected:
            yield f"{place} {question.start.isoformat()} {question.limit} {question.profile}: {found} not {expected}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began, wrong = time.monotonic(), 0
    for sentence in differences(wanted.cases, wanted.seed):
        wrong += 1
        sys.stdout.write(f"{sentence}\n")
    took = time.monotonic() - began
    sys.stdout.write(f"{wanted.cases} questions, {wrong} differences, {took:.0f} s\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
