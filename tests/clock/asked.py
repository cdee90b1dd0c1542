"""The oracle's questions, put to the clock of the product, with the check that counting agrees with adding."""

from datetime import UTC, datetime, timedelta

from bihuan.clock import Calendar, Due, Profile, add, count_days, count_work, count_working_days, official, zone
from bihuan.clock.days import DayKind, SpecialDay
from bihuan.clock.limits import parse_limit
from bihuan.clock.shifts import Shift, parse_hours
from tests.clock.oracle import Place, Question, Shifts

CALENDARS: dict[int, tuple[Place, Calendar]] = {}
TICK = timedelta(microseconds=1)


def calendar_of(place: Place) -> Calendar:
    known = CALENDARS.get(id(place))
    if known is None or known[0] is not place:
        known = CALENDARS[id(place)] = place, make(place)
    return known[1]


def make(place: Place) -> Calendar:
    special = {day: special_day(told) for day, told in place.special.items()}
    made = Calendar(zone(place.zone), parse_hours(place.hours_text()), official(place.country), special)
    return made.without(place.absent) if place.absent else made


def special_day(told: Shifts | int) -> SpecialDay:
    if isinstance(told, int):
        return SpecialDay(DayKind.MAKE_UP, weekday=told)
    shifts = tuple(Shift(*span) for span in told)
    return SpecialDay(DayKind.HALF_DAY if shifts else DayKind.SITE_HOLIDAY, shifts=shifts)


def ask(question: Question) -> tuple[datetime, bool]:
    calendar, limit = calendar_of(question.place), parse_limit(question.limit)
    found = add(calendar, question.start, limit, Profile(question.profile))
    assert agrees(calendar, found), (question, found)
    return found.at.astimezone(UTC), found.provisional


def agrees(calendar: Calendar, found: Due) -> bool:
    """Counting from start to due gives the limit again, and a moment earlier it does not."""
    unit, earlier = found.limit.unit, found.at.astimezone(UTC) - TICK
    if unit == "wd":
        amount = found.limit.days
        counted = count_working_days(calendar, found.start, found.at)
        return counted == amount > count_working_days(calendar, found.start, earlier)
    if unit == "d":  # a day that a zone leaves out whole (Apia, 30 December 2011) closes together with the one before
        counted = count_days(calendar, found.start, found.at)
        return counted >= found.limit.days > count_days(calendar, found.start, earlier)
    if unit == "wh":
        amount = timedelta(microseconds=found.limit.us)
        return count_work(calendar, found.start, found.at) == amount > count_work(calendar, found.start, earlier)
    return True
