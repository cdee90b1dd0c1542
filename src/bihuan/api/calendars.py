"""Working calendars: read by everybody, edited by the PMO; when a limit at a place is over. Number 0 is the company."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query
from pydantic import Field, StrictInt

from bihuan import clock
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Day, Flag, In, Line, Out, Page, Receipt, Seen, page
from bihuan.clock.asking import read_start
from bihuan.clock.errors import ClockError
from bihuan.clock.limits import parse_profile
from bihuan.clock.published import Notice, PublishedDay
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding
from bihuan.organisation import operations, queries
from bihuan.organisation.operations import DayValues, HoursValues
from bihuan.organisation.queries.calendars import FIRST_SHOWN, LAST_SHOWN

routes = Routes("calendars")
COMPANY = 0
MOST_DAYS = 400

Year = Annotated[int, Field(ge=FIRST_SHOWN, le=LAST_SHOWN)]
Weekday = Annotated[StrictInt, Field(ge=0, le=6)]


class HoursOut(Out):
    starts_on: date | None
    hours: str
    country: str
    is_own: bool


class CalendarOut(Out):
    """`site_id` is null for the company; `now` is what holds today."""

    site_id: int | None
    name: str
    time_zone: str
    now: HoursOut


class DayOut(Out):
    """A day unlike its weekday. `hours` are given where they are not the usual ones."""

    day: date
    kind: str
    name: str
    hours: str
    is_worked: bool


class CalendarDetail(CalendarOut):
    revision: int
    year: int
    working_days: int
    is_published: bool
    hours: list[HoursOut]
    days: list[DayOut]


class DueOut(Out):
    due: datetime
    provisional: bool
    explanation: dict[str, str]


class CalendarIn(In):
    year: Year | None = None


class DueIn(In):
    start: Line
    limit: Code
    profile: Code = "literal"


class HoursIn(Seen):
    starts_on: Day
    hours: Line
    country: Code
    make_up_as: Weekday = 0


class DayIn(Seen):
    day: Day
    kind: Code
    name: Line = ""
    weekday: Weekday | None = None
    hours: Line = ""


class ClearIn(Seen):
    day: Day


class OfficialDayIn(In):
    date: Day
    isOffDay: Flag  # noqa: N815  as the notices are published
    name: Line = ""


class OfficialYearIn(In):
    country: Code = "CN"
    year: Year
    days: Annotated[list[OfficialDayIn], Field(max_length=MOST_DAYS)]
    source: Line = ""


@routes.read("/calendars", Page[CalendarOut])
def calendars(request: Request) -> dict[str, Any]:
    """The company's calendar, then each site's."""
    return page(queries.calendar_cards(request.at))


@routes.read("/calendars/{int:calendar_id}", CalendarDetail)
def calendar(request: Request, calendar_id: int, wanted: Query[CalendarIn]) -> dict[str, Any]:
    """A year of a place: hours, and every day unlike its weekday. 0 is the company."""
    year = wanted.year or queries.day_of(request.at).year
    found = queries.calendar_page(_site(calendar_id), year=year, at=request.at)
    usual = {"WORKING", "REST"}
    return {
        **CalendarOut.model_validate(found.card).model_dump(), "revision": found.revision, "year": year,
        "working_days": found.worked, "is_published": found.is_published, "hours": found.hours,
        "days": [cell for month in found.months for cell in month.cells if cell.kind not in usual],
    }  # fmt: skip


@routes.check("/calendars/{int:calendar_id}/due", DueOut)
def due(request: Request, calendar_id: int, asked: DueIn) -> dict[str, Any]:
    """When a limit is over in the working time of a place, and why. `start` is ISO 8601, with its offset or in the
    zone of the place; `limit` is 2h, 4wh, 3wd or 5d; `profile` is literal or work-aware."""
    _, zone_name = queries.place_of_site(_site(calendar_id))
    schedule = queries.schedule_of_site(_site(calendar_id))
    try:
        start = read_start(asked.start, clock.zone(zone_name))
        found = clock.add(schedule, start, clock.parse_limit(asked.limit), parse_profile(asked.profile))
    except ClockError as refused:
        raise Refused([Finding(refused.code, refused.place, refused.params)]) from None
    told = clock.explain(schedule, found).sentences()
    return {"due": found.at, "provisional": found.provisional, "explanation": told}


@routes.act("/calendars/{int:calendar_id}/hours")
def set_hours(request: Request, calendar_id: int, asked: HoursIn) -> Receipt:
    """Say the hours of a place from a day on."""
    values = HoursValues(hours=asked.hours, country=asked.country, make_up_as=asked.make_up_as)
    made = operations.set_hours(
        _site(calendar_id), starts_on=asked.starts_on, values=values, seen_revision=asked.seen_revision,
        actor=request.actor, at=request.at,
    )  # fmt: skip
    return _receipt(calendar_id, made.revision)


@routes.act("/calendars/{int:calendar_id}/days")
def set_day(request: Request, calendar_id: int, asked: DayIn) -> Receipt:
    """Say that a day is CLOSED, MAKE_UP (with the hours of `weekday`) or HALF_DAY (with `hours` of its own)."""
    values = DayValues(kind=asked.kind, name=asked.name, weekday=asked.weekday, hours=asked.hours)
    made = operations.set_day(
        _site(calendar_id), day=asked.day, values=values, seen_revision=asked.seen_revision,
        actor=request.actor, at=request.at,
    )  # fmt: skip
    return _receipt(calendar_id, made.revision)


@routes.act("/calendars/{int:calendar_id}/days/clear")
def clear_day(request: Request, calendar_id: int, asked: ClearIn) -> Receipt:
    """Take back what was said of a day."""
    made = operations.clear_day(
        _site(calendar_id), day=asked.day, seen_revision=asked.seen_revision, actor=request.actor, at=request.at
    )
    return _receipt(calendar_id, made.revision)


@routes.act("/official-years")
def load_official(request: Request, asked: OfficialYearIn) -> Receipt:
    """Take the official days of a year, whole, instead of any loaded before."""
    days = tuple(PublishedDay(day.date, day.isOffDay, day.name) for day in asked.days)
    done = operations.load_official_year(
        Notice(asked.year, days, asked.source), country=asked.country, actor=request.actor, at=request.at
    )
    return Receipt(kind="official_year", id=asked.year, href=f"/api/v1/calendars/0?year={asked.year}", state=done)


def _site(calendar_id: int) -> int | None:
    return None if calendar_id == COMPANY else calendar_id


def _receipt(calendar_id: int, revision: int) -> Receipt:
    href = f"/api/v1/calendars/{calendar_id}"
    return Receipt(kind="calendar", id=calendar_id, href=href, state="SAVED", revision=revision)
