"""Official days as they are published: JSON of the State Council's notices, iCalendar, or a table (CSV).

A year is taken whole or not at all: a day said twice, a day missing from a table, a legal holiday left out are refused.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.clock.calendars import FIRST_YEAR, LAST_YEAR
from bihuan.clock.errors import ClockError
from bihuan.clock.official import CHINA, days_by_law
from bihuan.clock.shifts import SATURDAY

LARGEST = 1_000_000  # bytes
LONGEST_NAME = 100
MOST_DAYS = 366 * 30
DECEMBER = 12
DATE_NAMES = ("date", "日期", "day")
WORK_NAMES = ("is_workday", "isworkday", "是否上班", "workday")
OFF_NAMES = ("isoffday", "is_off_day", "is_off", "是否放假")
NAME_NAMES = ("holiday", "name", "节日", "名称")
YES, NO = {"1", "true", "yes", "是"}, {"0", "false", "no", "否"}
COMING_ROUND = ("RRULE", "RDATE", "RECURRENCE-ID")
DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII)
SEPARATORS = ",;\t"
WORKED = ("上班", "补班", "调休上", "work day", "workday", "working day", "make-up")


@dataclass(frozen=True, slots=True)
class PublishedDay:
    day: date
    is_off: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The official days of one year: holidays, and days worked to make up. It may rule on the December before."""

    year: int
    days: tuple[PublishedDay, ...]
    source: str = ""


def read_notices(content: bytes, *, country: str = CHINA) -> list[Notice]:
    """Every year of a file, whatever its shape. Raises ClockError, naming what is wrong with it."""
    text = _text(content)
    if text.startswith("{"):
        notices = [_from_json(text)]
    elif text.upper().startswith("BEGIN:VCALENDAR"):
        notices = list(_by_year(_from_icalendar(text)))
    else:
        notices = list(_by_year(_from_table(text)))
    for notice in notices:
        check(notice, country=country)
    return notices


def check(notice: Notice, *, country: str) -> None:
    """Raises ClockError for a year nobody could work by."""
    if not FIRST_YEAR <= notice.year <= LAST_YEAR:
        raise ClockError("clock.notice_year", "file", year=notice.year, first=FIRST_YEAR, last=LAST_YEAR)
    if not notice.days:
        raise ClockError("clock.notice_empty", "file", year=notice.year)
    said: set[date] = set()
    for day in (published.day for published in notice.days):
        if day in said:
            raise ClockError("clock.notice_day_twice", "file", day=day.isoformat())
        if day.year != notice.year and (day.year, day.month) != (notice.year - 1, DECEMBER):
            raise ClockError("clock.notice_day_elsewhere", "file", day=day.isoformat(), year=notice.year)
        said.add(day)
    _check_some_work(notice)
    if country == CHINA:
        _check_legal_days(notice)


def _check_some_work(notice: Notice) -> None:
    """A year without a day worked would leave whatever falls due in it without an instant."""
    is_off = {published.day: published.is_off for published in notice.days}
    year = map(date.fromordinal, range(date(notice.year, 1, 1).toordinal(), date(notice.year + 1, 1, 1).toordinal()))
    if all(is_off.get(day, day.weekday() >= SATURDAY) for day in year):
        raise ClockError("clock.notice_no_work", "file", year=notice.year)


def _check_legal_days(notice: Notice) -> None:
    """No notice of the State Council leaves out a day that the law makes free."""
    told = {published.day: published.is_off for published in notice.days}
    missing = [day for day in days_by_law(notice.year) if not told.get(day, day.weekday() >= SATURDAY)]
    if missing:
        days = ", ".join(day.isoformat() for day in sorted(missing)[:5])
        raise ClockError("clock.notice_legal_days", "file", year=notice.year, days=days)


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise ClockError("clock.notice_too_large", "file", most=LARGEST // 1000)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).lstrip()
        except UnicodeDecodeError:
            continue
    raise ClockError("clock.notice_unreadable", "file", why="no text / 不是文本")


# JSON ---------------------------------------------------------------------------------------------------------------


def _from_json(text: str) -> Notice:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ClockError("clock.notice_unreadable", "file", why="no JSON / 不是 JSON") from None
    year, days = found.get("year"), found.get("days")
    if not isinstance(year, int) or isinstance(year, bool) or not isinstance(days, list) or len(days) > MOST_DAYS:
        raise ClockError("clock.notice_unreadable", "file", why="year, days")
    papers = found.get("papers")
    source = " ".join(str(paper) for paper in papers) if isinstance(papers, list) else ""
    return Notice(year, tuple(_json_day(one) for one in days), source[:500])


def _json_day(found: object) -> PublishedDay:
    if not isinstance(found, Mapping) or not isinstance(found.get("isOffDay"), bool):
        raise ClockError("clock.notice_unreadable", "file", why=f"{str(found)[:60]}")
    return PublishedDay(_date(str(found.get("date"))), found["isOffDay"], _name(found.get("name")))


# iCalendar ----------------------------------------------------------------------------------------------------------


def _from_icalendar(text: str) -> Iterator[PublishedDay]:
    from icalendar import Calendar  # noqa: PLC0415  only for such a file

    try:
        events = [event for event in Calendar.from_ical(text).walk("VEVENT") if event.get("STATUS") != "CANCELLED"]
        found = [(str(event.get("SUMMARY", "")), *_first_and_last(event)) for event in events]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError) as error:
        raise ClockError("clock.notice_unreadable", "file", why=_name(error)[:80]) from None
    for summary, first, last in found:
        if not 0 <= (last - first).days <= MOST_DAYS:
            raise ClockError("clock.notice_unreadable", "file", why=f"DTEND {last}")
        for ahead in range((last - first).days + 1):
            is_off = not any(word in summary.lower() for word in WORKED)
            yield PublishedDay(first + timedelta(days=ahead), is_off, _name(summary))


def _first_and_last(event: Any) -> tuple[date, date]:
    """The days of an event. Raises ClockError for one that comes round: which days it means nobody has written down."""
    if again := next((name for name in COMING_ROUND if name in event), ""):
        why = f"{again}: write every day on its own / 请逐日写出"
        raise ClockError("clock.notice_unreadable", "file", why=why)
    start = _moment(event, "DTSTART")
    first = start.date() if isinstance(start, datetime) else start
    if "DTEND" in event:
        return first, _last_day(_moment(event, "DTEND"))
    return first, _last_day(start + event.decoded("DURATION")) if "DURATION" in event else first


def _moment(event: Any, name: str) -> date | datetime:
    """Said once, and readable: what is neither comes as a text or a list."""
    found = event.decoded(name)
    if not isinstance(found, date):
        raise ClockError("clock.notice_unreadable", "file", why=f"{name}: {_name(found)[:60]}")
    return found


def _last_day(end: date | datetime) -> date:
    """An event of whole days ends before its last date; one with hours on it, unless that hour is midnight."""
    if not isinstance(end, datetime):
        return end - timedelta(days=1)
    return (end - timedelta(microseconds=1)).date()


# tables -------------------------------------------------------------------------------------------------------------


def _from_table(text: str) -> list[PublishedDay]:
    """A table of special days, or of every day of a year; of the latter the plain ones are left out."""
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise ClockError("clock.notice_unreadable", "file", why=str(error)[:80]) from None
    if len(rows) > MOST_DAYS:
        raise ClockError("clock.notice_unreadable", "file", why=f"{len(rows)} rows")
    found = [_row(row) for row in rows if any(str(value or "").strip() for value in row.values())]
    plain = [one.day for one in found if one.is_off == (one.day.weekday() >= SATURDAY) and not one.name]
    if plain:
        _check_every_day(found)
    special = set(plain)
    return [one for one in found if one.day not in special]


def _check_every_day(found: Iterable[PublishedDay]) -> None:
    days = [one.day for one in found]
    told = set(days)
    if len(told) != len(days):
        twice = next(day for day in days if days.count(day) > 1)
        raise ClockError("clock.notice_day_twice", "file", day=twice.isoformat())
    for year in {day.year for day in told}:
        first = date(year, 1, 1)
        whole = (first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days))
        missing = [day.isoformat() for day in whole if day not in told]
        if missing:
            raise ClockError("clock.notice_days_missing", "file", year=year, days=", ".join(missing[:5]))


def _row(row: Mapping[str | None, object]) -> PublishedDay:
    cells = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items() if key is not None}
    day, work, off = (_cell(cells, names) for names in (DATE_NAMES, WORK_NAMES, OFF_NAMES))
    said = (work or off).lower()
    contradicts = bool(work and off) and (work.lower() in YES) == (off.lower() in YES)
    if not day or said not in YES | NO or contradicts:
        raise ClockError("clock.notice_unreadable", "file", why=", ".join(cells.values())[:60] or "—")
    return PublishedDay(_date(day), (said in NO) if work else (said in YES), _name(_cell(cells, NAME_NAMES)))


def _cell(cells: Mapping[str, str], names: Iterable[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


# all ----------------------------------------------------------------------------------------------------------------


def _by_year(days: Iterable[PublishedDay]) -> Iterator[Notice]:
    """Days by year; a few of a December alone belong to the notice of the year after."""
    years: dict[int, list[PublishedDay]] = defaultdict(list)
    for one in days:
        years[one.day.year].append(one)
    if not years:
        raise ClockError("clock.notice_unreadable", "file", why="no days / 没有日期")
    first = min(years)
    if first + 1 in years and all(one.day.month == DECEMBER for one in years[first]):
        years[first + 1] = years.pop(first) + years[first + 1]
    for year, found in sorted(years.items()):
        yield Notice(year, tuple(found))


def _date(text: str) -> date:
    if found := DAY.fullmatch(text.strip()):
        with suppress(ValueError):
            return date(int(found[1]), int(found[3]), int(found[4]))
    raise ClockError("clock.notice_unreadable", "file", why=f"“{text[:30]}”")


def _name(text: object) -> str:
    said = "".join(sign if sign.isprintable() else " " for sign in str(text or ""))
    return " ".join(said.split())[:LONGEST_NAME]
