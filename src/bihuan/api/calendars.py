"""Working calendars: read by everybody, edited by the PMO; when a limit at a place is over. Number 0 is the company."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query
from pydantic import Field, StrictInt, StrictStr

from bihuan import clock
from bihuan.agenda import operations as agenda
from bihuan.agenda.operations import Change
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Day, Flag, In, Line, Out, Page, Receipt, Seen, page
from bihuan.clock.asking import read_start
from bihuan.clock.errors import ClockError
from bihuan.clock.limits import parse_profile
from bihuan.clock.published import Notice, PublishedDay
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import operations, queries
from bihuan.organisation.operations import DayValues, HoursValues
from bihuan.organisation.queries.calendars import FIRST_SHOWN, LAST_SHOWN

routes = Routes("calendars")
COMPANY = 0
MOST_DAYS = 400

Year = Annotated[int, Field(ge=FIRST_SHOWN, le=LAST_SHOWN)]
Weekday = Annotated[StrictInt, Field(ge=0, le=6)]
Looks = Annotated[StrictStr, Field(max_length=70)]


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


class Changing(Seen):
    """`previewed`: the digest of a preview; when other deadlines would move by now, the change is refused with 409."""

    previewed: Looks = ""


class HoursIn(Changing):
    starts_on: Day
    hours: Line
    country: Code
    make_up_as: Weekday = 0


class DayIn(Changing):
    day: Day
    kind: Code
    name: Line = ""
    weekday: Weekday | None = None
    hours: Line = ""


class ClearIn(Changing):
    day: Day


class OfficialDayIn(In):
    date: Day
    isOffDay: Flag  # noqa: N815  as the notices are published
    name: Line = ""


class OfficialYearIn(In):
    previewed: Looks = ""
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


class PreviewIn(In):
    """One of them: the change to look at. To look further, `after` is `next` of the preview before, and `previewed` its
    own."""

    hours: HoursIn | None = None
    day: DayIn | None = None
    clear: ClearIn | None = None
    official: OfficialYearIn | None = None
    after: int = Field(0, ge=0, lt=2**63)
    previewed: Looks = ""


class MovedOut(Out):
    deadline_id: int
    rule: str
    what: str
    before: datetime
    after: datetime
    is_provisional: bool


class OfRuleOut(Out):
    """How many deadlines of a rule would move, and how many of them to an earlier instant."""

    rule: str
    count: int
    earlier: int


class PreviewOut(Out):
    """Of the running deadlines `looked` at (at most 5,000), how many would move, summed up in `rules`, and those the
    caller may read, 200 at a time; `hidden` he may not. `rest` were not looked at; `next` leads further. The digest of
    the last preview, which holds the ones before (fifty at most, then `is_bound` is false), is sent with the change as
    `previewed`. The change moves all of them, listed, looked at or not."""

    count: int
    moved: list[MovedOut]
    hidden: int
    previewed: str
    looked: int
    rest: int
    next: int | None
    rules: list[OfRuleOut]
    is_bound: bool


@routes.check("/calendars/{int:calendar_id}/preview", PreviewOut)
def preview(request: Request, calendar_id: int, asked: PreviewIn) -> dict[str, Any]:
    """Which running deadlines a change would move; keeps nothing. Typed instants never move."""
    wanted: list[Changing | OfficialYearIn] = [
        one for one in (asked.hours, asked.day, asked.clear, asked.official) if one is not None
    ]
    if len(wanted) != 1:
        raise Refused([error("organisation.calendar_change_unclear")])
    found = agenda.preview_change(
        _change(request, calendar_id, wanted[0]),
        actor=request.actor,
        at=request.at,
        after=asked.after,
        previewed=asked.previewed,
    )
    moved = [
        {
            "deadline_id": each.deadline.pk, "rule": each.deadline.rule, "what": each.deadline.what,
            "before": each.before, "after": each.after, "is_provisional": each.is_provisional,
        }
        for each in found.shown
    ]  # fmt: skip
    return {
        "count": found.count, "moved": moved, "hidden": found.hidden, "previewed": found.digest,
        "looked": found.looked, "rest": found.rest, "next": found.following,
        "rules": [asdict(each) for each in found.rules], "is_bound": found.is_bound,
    }  # fmt: skip


@routes.act("/calendars/{int:calendar_id}/hours")
def set_hours(request: Request, calendar_id: int, asked: HoursIn) -> Receipt:
    """Say the hours of a place from a day on; running deadlines follow in the background."""
    return _carry_out(request, calendar_id, asked)


@routes.act("/calendars/{int:calendar_id}/days")
def set_day(request: Request, calendar_id: int, asked: DayIn) -> Receipt:
    """Say that a day is CLOSED, MAKE_UP (with the hours of `weekday`) or HALF_DAY (with `hours` of its own)."""
    return _carry_out(request, calendar_id, asked)


@routes.act("/calendars/{int:calendar_id}/days/clear")
def clear_day(request: Request, calendar_id: int, asked: ClearIn) -> Receipt:
    """Take back what was said of a day."""
    return _carry_out(request, calendar_id, asked)


@routes.act("/official-years")
def load_official(request: Request, asked: OfficialYearIn) -> Receipt:
    """Take the official days of a year, whole, instead of any loaded before."""
    done = _made(request, COMPANY, asked)
    return Receipt(kind="official_year", id=asked.year, href=f"/api/v1/calendars/0?year={asked.year}", state=done)


def _carry_out(request: Request, calendar_id: int, asked: Changing) -> Receipt:
    return _receipt(calendar_id, _made(request, calendar_id, asked).revision)


def _made(request: Request, calendar_id: int, asked: Changing | OfficialYearIn) -> Any:
    """Make the change; answers what its operation does."""
    change = _change(request, calendar_id, asked)
    made: list[Any] = []
    kept = replace(change, act=lambda: made.append(change.act()))
    agenda.change_calendar(kept, seen=asked.previewed or None, actor=request.actor, at=request.at)
    return made[0]


def _change(request: Request, calendar_id: int, asked: Changing | OfficialYearIn) -> Change:
    said = {"as": type(asked).__name__, **asked.model_dump(mode="json", exclude={"previewed"})}
    site_id = None if isinstance(asked, OfficialYearIn) else _site(calendar_id)
    return Change(lambda: _act(request, calendar_id, asked), said, site_id, _reason(site_id, asked))


def _reason(site_id: int | None, asked: Changing | OfficialYearIn) -> str:
    place = queries.place_of_site(site_id)[0]
    if isinstance(asked, OfficialYearIn):
        return f"{asked.country} {asked.year}"
    if isinstance(asked, HoursIn):
        return f"{place} {asked.hours} ({asked.starts_on})".strip()
    kind = f"{asked.kind} {asked.name}" if isinstance(asked, DayIn) else "—"
    return f"{place} {getattr(asked, 'day', '')} {kind}".strip()


def _act(request: Request, calendar_id: int, asked: Changing | OfficialYearIn) -> Any:
    who: dict[str, Any] = {"actor": request.actor, "at": request.at}
    if isinstance(asked, OfficialYearIn):
        days = tuple(PublishedDay(day.date, day.isOffDay, day.name) for day in asked.days)
        return operations.load_official_year(Notice(asked.year, days, asked.source), country=asked.country, **who)
    place = _site(calendar_id)
    if isinstance(asked, HoursIn):
        hours = HoursValues(hours=asked.hours, country=asked.country, make_up_as=asked.make_up_as)
        return operations.set_hours(
            place, starts_on=asked.starts_on, values=hours, seen_revision=asked.seen_revision, **who
        )
    if isinstance(asked, DayIn):
        values = DayValues(kind=asked.kind, name=asked.name, weekday=asked.weekday, hours=asked.hours)
        return operations.set_day(place, day=asked.day, values=values, seen_revision=asked.seen_revision, **who)
    assert isinstance(asked, ClearIn)  # the only one left
    return operations.clear_day(place, day=asked.day, seen_revision=asked.seen_revision, **who)


def _site(calendar_id: int) -> int | None:
    return None if calendar_id == COMPANY else calendar_id


def _receipt(calendar_id: int, revision: int) -> Receipt:
    href = f"/api/v1/calendars/{calendar_id}"
    return Receipt(kind="calendar", id=calendar_id, href=href, state="SAVED", revision=revision)
