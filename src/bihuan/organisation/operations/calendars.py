"""Working calendars: hours, days of one's own, official years. Facts stand on the chain of the calendar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from bihuan.clock.calendars import FIRST_YEAR, LAST_YEAR
from bihuan.clock.errors import ClockError
from bihuan.clock.official import check_country
from bihuan.clock.published import Notice, PublishedDay, check
from bihuan.clock.shifts import parse_hours, parse_shifts
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.enums import CalendarDayKind, Weekday
from bihuan.organisation.facts import CalendarDayCleared, CalendarDaySet, OfficialYearLoaded, WorkingHoursSet
from bihuan.organisation.models import Calendar, CalendarDay, OfficialDay, OfficialYear, Site, WorkingHours
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean
from bihuan.organisation.rules import require_calendar_right

NAME_LIMIT = 100
COUNTRY_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursValues:
    """`hours` as the clock reads them, `country` whose holidays count, `make_up_as` whose hours a make-up day has."""

    hours: str
    country: str
    make_up_as: int = Weekday.MONDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class DayValues:
    """`weekday` for a make-up day, `hours` for a half day."""

    kind: str
    name: str = ""
    weekday: int | None = None
    hours: str = ""


@transaction.atomic
def set_hours(
    site_id: int | None, *, starts_on: date | None, values: HoursValues, seen_revision: int, actor: Actor, at: datetime
) -> Calendar:
    """Say the hours of a site, or of the company, from a day on. Fact WorkingHoursSet, none without a change.

    Raises NotAllowed, NotFound; Stale when somebody changed the calendar since; Refused for hours that contradict
    each other or leave nobody at work, an unknown country, a day that is missing or that no clock reaches.
    """
    calendar = _calendar(site_id, actor)
    wanted, findings = _hours_wanted(values)
    refuse([*findings, *_day_findings(starts_on, "starts_on")])
    assert starts_on is not None  # refused above
    before = _hours_said(calendar.hours.filter(starts_on__lte=starts_on).order_by("-starts_on").first())
    here = calendar.hours.filter(starts_on=starts_on).first()
    if before == wanted:
        _check_seen(calendar, seen_revision)
        return calendar
    _turn(calendar, seen_revision)
    if here is None:
        WorkingHours.objects.create(calendar=calendar, starts_on=starts_on, **wanted)
    else:
        WorkingHours.objects.filter(pk=here.pk).update(**wanted)
    place = _place(calendar)
    fact = WorkingHoursSet(
        calendar_id=calendar.pk, place=place, starts_on=starts_on.isoformat(), before=before, after=wanted
    )
    _record(fact, calendar, actor=actor, at=at)
    return calendar


@transaction.atomic
def set_day(
    site_id: int | None, *, day: date | None, values: DayValues, seen_revision: int, actor: Actor, at: datetime
) -> Calendar:
    """Say that a day is closed, worked with the hours of a weekday, or worked with hours of its own.

    Fact CalendarDaySet, none without a change. Raises NotAllowed, NotFound, Stale, Refused.
    """
    calendar = _calendar(site_id, actor)
    wanted, findings = _day_wanted(values)
    refuse([*findings, *_day_findings(day, "day")])
    assert day is not None  # refused above
    here = calendar.days.filter(day=day).first()
    before = _day_said(here)
    if before == wanted:
        _check_seen(calendar, seen_revision)
        return calendar
    _turn(calendar, seen_revision)
    if here is None:
        CalendarDay.objects.create(calendar=calendar, day=day, **wanted)
    else:
        CalendarDay.objects.filter(pk=here.pk).update(**wanted)
    fact = CalendarDaySet(
        calendar_id=calendar.pk, place=_place(calendar), day=day.isoformat(), before=before, after=wanted
    )
    _record(fact, calendar, actor=actor, at=at)
    return calendar


@transaction.atomic
def clear_day(site_id: int | None, *, day: date | None, seen_revision: int, actor: Actor, at: datetime) -> Calendar:
    """Take back what was said of a day. Fact CalendarDayCleared. Raises NotAllowed, NotFound, Stale, Refused."""
    calendar = _calendar(site_id, actor)
    here = calendar.days.filter(day=day).first() if day else None
    if here is None:
        raise Refused([error("organisation.calendar_day_unknown", "day")])
    before = _day_said(here)
    _turn(calendar, seen_revision)
    CalendarDay.objects.filter(pk=here.pk).delete()
    fact = CalendarDayCleared(calendar_id=calendar.pk, place=_place(calendar), day=here.day.isoformat(), before=before)
    _record(fact, calendar, actor=actor, at=at)
    return calendar


@transaction.atomic
def load_official_year(notice: Notice, *, country: str, actor: Actor, at: datetime) -> str:
    """Take the official days of a year as a notice says them, instead of any said before: "created", "updated",
    "unchanged". Fact OfficialYearLoaded, none when the same days are there already.

    Raises NotAllowed, Refused when the notice is not whole (`bihuan.clock.published.check`).
    """
    require_calendar_right(actor)
    country = clean(country).upper()
    refuse(_country_findings(country) or _tried(lambda: check(notice, country=country), "file"))
    year, is_new = OfficialYear.objects.select_for_update().get_or_create(
        country=country, year=notice.year, defaults={"source": notice.source, "loaded_at": at}
    )
    before = [_official_said(row) for row in year.days.all()]
    after = [_official_said(row) for row in sorted(notice.days, key=lambda row: row.day)]
    if before == after:
        return "unchanged"
    year.days.all().delete()
    OfficialDay.objects.bulk_create(
        OfficialDay(year=year, day=row.day, is_off=row.is_off, name=row.name) for row in notice.days
    )
    if not is_new:
        changed = OfficialYear.objects.filter(pk=year.pk)
        changed.update(source=notice.source, loaded_at=at, revision=F("revision") + 1)
    fact = OfficialYearLoaded(country=country, year=notice.year, source=notice.source, before=before, after=after)
    record(fact, "official_year", year.pk, actor=actor, at=at)
    return "created" if is_new else "updated"


@transaction.atomic
def load_official_years(notices: list[Notice], *, country: str, actor: Actor, at: datetime) -> dict[int, str]:
    """Every year of a file, or none of them. See `load_official_year`."""
    return {notice.year: load_official_year(notice, country=country, actor=actor, at=at) for notice in notices}


def _calendar(site_id: int | None, actor: Actor) -> Calendar:
    """The row, locked; made when nothing was said of this place yet. Raises NotAllowed, NotFound."""
    require_calendar_right(actor)
    if site_id is not None and not Site.objects.filter(pk=site_id).exists():
        raise NotFound
    here = Q(site__isnull=True) if site_id is None else Q(site_id=site_id)
    found = Calendar.objects.select_for_update().filter(here).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Calendar.objects.create(site_id=site_id)
    except IntegrityError as other:
        raise Stale from other


def _turn(calendar: Calendar, seen_revision: int) -> None:
    """Every change is made on exactly the state that was seen."""
    seen = Calendar.objects.filter(pk=calendar.pk, revision=seen_revision)
    if not seen.update(revision=F("revision") + 1):
        raise Stale
    calendar.revision = seen_revision + 1


def _check_seen(calendar: Calendar, seen_revision: int) -> None:
    if calendar.revision != seen_revision:
        raise Stale


def _record(fact: Fact, calendar: Calendar, *, actor: Actor, at: datetime) -> None:
    root = SubjectRef("calendar", calendar.pk)
    ledger.record(fact, actor=actor, root=root, subject=root, scope_id=None, at=at)


def _place(calendar: Calendar) -> str:
    return calendar.site.name if calendar.site else ""


def _day_findings(day: date | None, place: str) -> list[Finding]:
    if day is None:
        return [error("organisation.calendar_day_missing", place)]
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return [error("clock.out_of_reach", place, first=FIRST_YEAR, last=LAST_YEAR)]
    return []


def _hours_wanted(values: HoursValues) -> tuple[dict[str, Any], list[Finding]]:
    """What is to be kept of hours: the text as the clock writes it."""
    country = clean(values.country).upper()
    findings = [*_country_findings(country), *_tried(lambda: parse_hours(values.hours), "hours")]
    if values.make_up_as not in Weekday.values:
        findings.append(error("organisation.value_unknown", "make_up_as"))
    if findings:
        return {}, findings
    hours = str(parse_hours(values.hours))
    return {"hours": hours, "country": country, "make_up_as": values.make_up_as}, []


def _day_wanted(values: DayValues) -> tuple[dict[str, Any], list[Finding]]:
    """What is to be kept of a day: only what its kind needs."""
    findings: list[Finding] = []
    weekday, hours = None, ""
    if values.kind not in CalendarDayKind.values:
        findings.append(error("organisation.value_unknown", "kind"))
    elif values.kind == CalendarDayKind.MAKE_UP:
        weekday = values.weekday
        if weekday not in Weekday.values:
            findings.append(error("organisation.calendar_weekday_missing", "weekday"))
    elif values.kind == CalendarDayKind.HALF_DAY:
        findings += _tried(lambda: _shifts(values.hours), "hours")
        hours = "" if findings else _shifts(values.hours)
    name = clean(values.name)[:NAME_LIMIT]
    return {"kind": str(values.kind), "name": name, "weekday": weekday, "hours": hours}, findings


def _shifts(text: str) -> str:
    """The shifts of one day, as the clock writes them. Raises ClockError, also when there is none."""
    found = parse_shifts(text)
    if not found:
        raise ClockError("clock.hours_unreadable", "hours", text=text[:40])
    return ",".join(map(str, found))


def _country_findings(country: str) -> list[Finding]:
    if not country:
        return [error("organisation.country_missing", "country")]
    return _tried(lambda: check_country(country), "country")


def _tried(attempt: Callable[[], object], place: str) -> list[Finding]:
    """What the clock objects to, as a finding at the field."""
    try:
        attempt()
    except ClockError as refused:
        return [Finding(refused.code, place, refused.params)]
    return []


def _hours_said(row: WorkingHours | None) -> dict[str, Any]:
    return {} if row is None else {"hours": row.hours, "country": row.country, "make_up_as": row.make_up_as}


def _day_said(row: CalendarDay | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"kind": row.kind, "name": row.name, "weekday": row.weekday, "hours": row.hours}


def _official_said(row: OfficialDay | PublishedDay) -> Mapping[str, Any]:
    return {"day": row.day.isoformat(), "is_off": row.is_off, "name": row.name}
