"""A question in words, as the command line and its JSON lines put it, and the answer as plain data."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bihuan.clock.arithmetic import Due, add
from bihuan.clock.calendars import Calendar, check_reach, month_of
from bihuan.clock.errors import ClockError
from bihuan.clock.explaining import explain
from bihuan.clock.limits import Profile, parse_limit, parse_profile
from bihuan.clock.official import CHINA, official
from bihuan.clock.sentences import said
from bihuan.clock.shifts import USUAL, parse_hours
from bihuan.clock.zones import Zone, country_of, to_us, zone

HOME = "Asia/Shanghai"
NEEDED, OPTIONS = ("start", "limit"), ("zone", "country", "hours", "profile")
LONGEST_START = 40

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Without a country the zone's own counts, and China's where a zone belongs to none."""

    start: str
    limit: str
    zone: str = HOME
    country: str = ""
    hours: str = USUAL
    profile: str = Profile.LITERAL


def answer(question: Question) -> tuple[Calendar, Due]:
    """Raises ClockError for whatever cannot be read."""
    calendar = calendar_for(question.zone, question.country, question.hours)
    limit, profile = parse_limit(question.limit), parse_profile(question.profile)
    return calendar, add(calendar, read_start(question.start, calendar.zone), limit, profile)


@lru_cache(maxsize=1024)
def calendar_for(zone_name: str, country: str, hours: str) -> Calendar:
    place = zone(zone_name.strip())
    wanted = country.strip().upper() or country_of(place.name) or CHINA
    return Calendar(place, parse_hours(hours), official(wanted))


def read_start(text: str, place: Zone) -> datetime:
    """An instant: with its offset as it stands, without one the wall clock of the place. Raises ClockError."""
    try:
        start = datetime.fromisoformat(text.strip()[:LONGEST_START])
    except ValueError:
        raise ClockError("clock.start_unreadable", "start", start=text[:LONGEST_START]) from None
    check_reach(month_of(start.toordinal()))
    return place.local(place.exact(start) if start.tzinfo is None else to_us(start))


def as_data(calendar: Calendar, due: Due) -> Answer:
    return {
        "due": due.at.isoformat(),
        "provisional": due.provisional,
        "explanation": explain(calendar, due).sentences(),
    }


def refusal(error: ClockError) -> Answer:
    return {"error": {"code": error.code, "place": error.place, **said(error)}}


def answer_lines(lines: Iterable[str]) -> Iterator[tuple[bool, Answer]]:
    """Each line's answer or refusal, in order; empty lines are left out."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield True, as_data(*answer(question_of(line)))
        except ClockError as error:
            yield False, {"line": number, **refusal(error)}


def question_of(line: str) -> Question:
    """Raises ClockError for a line that is no such object."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ClockError("clock.question_unreadable", why="no JSON / 不是 JSON") from None
    if not isinstance(found, Mapping):
        raise ClockError("clock.question_unreadable", why="no object / 不是对象")
    _check(found)
    return Question(**{name: found[name] for name in (*NEEDED, *OPTIONS) if found.get(name) is not None})


def _check(found: Mapping[str, Any]) -> None:
    for name in NEEDED:
        if name not in found:
            raise ClockError("clock.question_unreadable", name, why=f"{name} is missing / 缺少 {name}")
    for name, value in found.items():
        if name not in (*NEEDED, *OPTIONS):
            raise ClockError("clock.question_unreadable", name[:30], why=f"{name[:30]} is unknown / 未知字段")
        if not isinstance(value, str) and (value is not None or name in NEEDED):
            raise ClockError("clock.question_unreadable", name, why=f"{name} is no text / {name} 不是文本")
