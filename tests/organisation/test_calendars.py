"""Hours, days of one's own, official years: rows, facts, refusals, and the clock that comes of them."""

from datetime import date, datetime, timedelta

import pytest

from bihuan.clock import add, parse_limit
from bihuan.clock.published import Notice, PublishedDay
from bihuan.deadlines.queries.sites import departments_of_principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.ledger.models import Entry
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Calendar, CalendarDay, OfficialDay, OfficialYear, WorkingHours
from bihuan.organisation.operations import DayValues, HoursValues
from bihuan.organisation.queries.receiving import zones_of_people
from tests.cast import Company
from tests.witness import facts_since, last_entry, refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 18)
LONG = HoursValues(hours="08:00-12:00,13:00-17:00", country="cn")
LAW = (
    *("2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-05-01", "2027-05-02"),
    *("2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03"),
)


@pytest.fixture
def site(company: Company, at: datetime) -> int:
    return operations.add_site(name="乌鲁木齐", time_zone="Asia/Urumqi", actor=SYSTEM, at=at).pk


@pytest.fixture
def pmo(company: Company):
    return company.actor("PMO专员")


def notice(*more: PublishedDay, without: str = "") -> Notice:
    days = tuple(PublishedDay(date.fromisoformat(day), True, "节日") for day in LAW if day != without)
    return Notice(2027, (*days, *more), "国务院办公厅")


def due(site_id: int | None, start: datetime, limit: str) -> str:
    return add(queries.schedule_of_site(site_id), start, parse_limit(limit)).at.isoformat(timespec="minutes")


def closed(name: str = "停产检修") -> DayValues:
    return DayValues(kind="CLOSED", name=name)


def test_a_site_says_its_hours_from_a_day_on(site, pmo, at) -> None:
    before = last_entry()
    made = operations.set_hours(site, starts_on=DAY, values=LONG, seen_revision=0, actor=pmo, at=at)
    row = WorkingHours.objects.get()
    assert (row.calendar_id, row.starts_on, row.hours, row.country, row.make_up_as) == (
        made.pk,
        DAY,
        LONG.hours,
        "CN",
        0,
    )
    assert (made.site_id, Calendar.objects.get().revision) == (site, 1)
    assert facts_since(before) == [
        {
            "name": "organisation.calendar.hours_set",
            "calendar_id": made.pk,
            "place": "乌鲁木齐",
            "starts_on": "2026-11-18",
            "before": {},
            "after": {"hours": LONG.hours, "country": "CN", "make_up_as": 0},
        }
    ]
    assert Entry.objects.order_by("-pk").first().chain.root_kind == "calendar"
    assert due(site, at, "1d") == "2026-11-18T17:00+06:00"
    assert due(site, at - timedelta(days=2), "1d") == "2026-11-16T18:00+06:00"


def test_the_same_hours_again_write_nothing(site, pmo, at) -> None:
    operations.set_hours(site, starts_on=DAY, values=LONG, seen_revision=0, actor=pmo, at=at)
    before = last_entry()
    again = operations.set_hours(
        site, starts_on=DAY + timedelta(days=7), values=LONG, seen_revision=1, actor=pmo, at=at
    )
    assert (again.revision, WorkingHours.objects.count(), facts_since(before)) == (1, 1, [])


def test_hours_of_a_day_are_replaced_and_both_stand_in_the_ledger(site, pmo, at) -> None:
    operations.set_hours(site, starts_on=DAY, values=LONG, seen_revision=0, actor=pmo, at=at)
    before = last_entry()
    other = HoursValues(hours="Mon-Thu 08:00-17:00; Fri 08:00-14:00", country="DE-BE", make_up_as=4)
    operations.set_hours(site, starts_on=DAY, values=other, seen_revision=1, actor=pmo, at=at)
    assert WorkingHours.objects.values_list("hours", "country", "make_up_as").get() == (other.hours, "DE-BE", 4)
    (fact,) = facts_since(before)
    assert fact["before"] == {"hours": LONG.hours, "country": "CN", "make_up_as": 0}
    assert fact["after"] == {"hours": other.hours, "country": "DE-BE", "make_up_as": 4}


@pytest.mark.parametrize(
    ("values", "starts_on", "codes"),
    [
        (HoursValues(hours="", country="CN"), DAY, ["clock.hours_unreadable"]),
        (HoursValues(hours="09:00-18:00,12:00-13:00", country="CN"), DAY, ["clock.shifts_overlap"]),
        (HoursValues(hours="18:00-09:00", country="ZZ"), DAY, ["clock.shift_backwards", "clock.country_unknown"]),
        (HoursValues(hours=LONG.hours, country="", make_up_as=9), None, ["organisation.country_missing"]),
        (HoursValues(hours=LONG.hours, country="CN", make_up_as=9), DAY, ["organisation.value_unknown"]),
        (LONG, None, ["organisation.calendar_day_missing"]),
        (LONG, date(9999, 12, 31), ["clock.out_of_reach"]),
    ],
)
def test_contradictory_hours_are_refused_and_nothing_is_saved(site, pmo, at, values, starts_on, codes) -> None:
    with refused(Refused, *codes):
        operations.set_hours(site, starts_on=starts_on, values=values, seen_revision=0, actor=pmo, at=at)


def test_a_day_is_closed_set_otherwise_and_cleared(site, pmo, at) -> None:
    before = last_entry()
    half = DayValues(kind="HALF_DAY", name="年会", hours="13:00-17:00,09:00-12:00", weekday=3)
    operations.set_day(site, day=DAY, values=closed(), seen_revision=0, actor=pmo, at=at)
    assert due(site, at, "1wd") == "2026-11-19T18:00+06:00"
    operations.set_day(site, day=DAY, values=half, seen_revision=1, actor=pmo, at=at)
    row = CalendarDay.objects.get()
    assert (row.kind, row.name, row.weekday, row.hours) == ("HALF_DAY", "年会", None, "09:00-12:00,13:00-17:00")
    assert due(site, at, "1wd") == "2026-11-18T17:00+06:00"
    operations.clear_day(site, day=DAY, seen_revision=2, actor=pmo, at=at)
    assert CalendarDay.objects.count() == 0
    said = {"kind": "CLOSED", "name": "停产检修", "weekday": None, "hours": ""}
    then = {"kind": "HALF_DAY", "name": "年会", "weekday": None, "hours": "09:00-12:00,13:00-17:00"}
    assert [(fact["name"][22:], fact["before"], fact.get("after")) for fact in facts_since(before)] == [
        ("day_set", {}, said),
        ("day_set", said, then),
        ("day_cleared", then, None),
    ]


def test_a_make_up_day_has_the_hours_of_the_weekday_said(site, pmo, at) -> None:
    friday = HoursValues(hours="Mon-Thu 09:00-18:00; Fri 09:00-15:00", country="CN")
    operations.set_hours(site, starts_on=date(2026, 1, 1), values=friday, seen_revision=0, actor=pmo, at=at)
    values = DayValues(kind="MAKE_UP", weekday=4)
    operations.set_day(site, day=date(2026, 11, 21), values=values, seen_revision=1, actor=pmo, at=at)
    assert due(site, at + timedelta(days=3), "1wd") == "2026-11-21T15:00+06:00"


@pytest.mark.parametrize(
    ("values", "day", "code"),
    [
        (DayValues(kind="NONSENSE"), DAY, "organisation.value_unknown"),
        (DayValues(kind="MAKE_UP"), DAY, "organisation.calendar_weekday_missing"),
        (DayValues(kind="MAKE_UP", weekday=7), DAY, "organisation.calendar_weekday_missing"),
        (DayValues(kind="HALF_DAY"), DAY, "clock.hours_unreadable"),
        (DayValues(kind="HALF_DAY", hours="12:00-11:00"), DAY, "clock.shift_backwards"),
        (DayValues(kind="CLOSED"), None, "organisation.calendar_day_missing"),
        (DayValues(kind="CLOSED"), date(1899, 12, 31), "clock.out_of_reach"),
    ],
)
def test_a_day_that_contradicts_itself_is_refused(site, pmo, at, values, day, code) -> None:
    with refused(Refused, code):
        operations.set_day(site, day=day, values=values, seen_revision=0, actor=pmo, at=at)


def test_who_saw_an_older_state_is_told_so(site, pmo, at) -> None:
    operations.set_day(site, day=DAY, values=closed(), seen_revision=0, actor=pmo, at=at)
    with refused(Stale):
        operations.set_day(site, day=DAY, values=closed("其他"), seen_revision=0, actor=pmo, at=at)
    with refused(Stale):
        operations.set_day(site, day=DAY, values=closed(), seen_revision=0, actor=pmo, at=at)
    with refused(Stale):
        operations.set_hours(site, starts_on=DAY, values=LONG, seen_revision=0, actor=pmo, at=at)
    with refused(Stale):
        operations.clear_day(site, day=DAY, seen_revision=0, actor=pmo, at=at)
    with refused(Refused, "organisation.calendar_day_unknown"):
        operations.clear_day(site, day=DAY + timedelta(days=1), seen_revision=1, actor=pmo, at=at)


@pytest.mark.parametrize("office", ["管理员", "产品部负责人", "无岗位"])
def test_only_the_pmo_edits_calendars(company, site, at, office) -> None:
    actor = company.actor(office)
    with refused(NotAllowed):
        operations.set_hours(site, starts_on=DAY, values=LONG, seen_revision=0, actor=actor, at=at)
    with refused(NotAllowed):
        operations.set_day(None, day=DAY, values=closed(), seen_revision=0, actor=actor, at=at)
    with refused(NotAllowed):
        operations.clear_day(site, day=DAY, seen_revision=0, actor=actor, at=at)
    with refused(NotAllowed):
        operations.load_official_year(notice(), country="CN", actor=actor, at=at)


def test_a_site_that_does_not_exist_has_no_calendar(pmo, at) -> None:
    with refused(NotFound):
        operations.set_day(987654, day=DAY, values=closed(), seen_revision=0, actor=pmo, at=at)


def test_what_the_company_says_holds_for_every_site_until_the_site_says_otherwise(site, pmo, at) -> None:
    operations.set_hours(None, starts_on=date(2026, 1, 1), values=LONG, seen_revision=0, actor=pmo, at=at)
    operations.set_day(None, day=DAY, values=closed("司庆"), seen_revision=1, actor=pmo, at=at)
    assert [due(place, at, "1wd") for place in (None, site)] == ["2026-11-19T17:00+08:00", "2026-11-19T17:00+06:00"]
    operations.set_day(site, day=DAY, values=DayValues(kind="MAKE_UP", weekday=0), seen_revision=0, actor=pmo, at=at)
    assert [due(place, at, "1wd") for place in (None, site)] == ["2026-11-19T17:00+08:00", "2026-11-18T17:00+06:00"]


def test_a_loaded_year_is_certain_and_the_same_again_writes_nothing(pmo, at) -> None:
    start = datetime(2026, 12, 31, 10, tzinfo=at.tzinfo)
    assert add(queries.schedule_of_site(None), start, parse_limit("1wd")).provisional
    before = last_entry()
    worked = PublishedDay(date(2027, 1, 2), False, "元旦")
    assert operations.load_official_year(notice(worked), country="cn", actor=pmo, at=at) == "created"
    found = add(queries.schedule_of_site(None), start, parse_limit("1wd"))
    assert (found.at.isoformat(timespec="minutes"), found.provisional) == ("2027-01-02T18:00+08:00", False)
    (fact,) = facts_since(before)
    assert (fact["name"], fact["country"], fact["year"], fact["source"], fact["before"], len(fact["after"])) == (
        "organisation.official_year.loaded", "CN", 2027, "国务院办公厅", [], 14
    )  # fmt: skip
    assert (OfficialYear.objects.get().revision, OfficialDay.objects.count()) == (1, 14)
    before = last_entry()
    assert operations.load_official_year(notice(worked), country="CN", actor=pmo, at=at) == "unchanged"
    assert facts_since(before) == []
    assert operations.load_official_year(notice(), country="CN", actor=pmo, at=at) == "updated"
    (fact,) = facts_since(before)
    assert (len(fact["before"]), len(fact["after"])) == (14, 13)
    assert (OfficialYear.objects.get().revision, OfficialDay.objects.count()) == (2, 13)


@pytest.mark.parametrize(
    ("given", "country", "code"),
    [
        (Notice(2027, ()), "CN", "clock.notice_empty"),
        (notice(without="2027-10-01"), "CN", "clock.notice_legal_days"),
        (notice(PublishedDay(date(2027, 1, 1), True)), "CN", "clock.notice_day_twice"),
        (notice(PublishedDay(date(2028, 1, 1), True)), "CN", "clock.notice_day_elsewhere"),
        (notice(), "ZZ", "clock.country_unknown"),
        (notice(), "", "organisation.country_missing"),
    ],
)
def test_a_year_that_is_not_whole_is_refused_whole(pmo, at, given, country, code) -> None:
    with refused(Refused, code):
        operations.load_official_years([notice(), given], country=country, actor=pmo, at=at)


def test_a_department_works_by_the_site_of_the_nearest_one_above(company, site, pmo, at) -> None:
    market = company.departments["市场部"]
    operations.change_department(market.pk, seen_revision=market.revision, site_id=site, actor=SYSTEM, at=at)
    below = operations.add_department(name="品牌组", parent_id=market.pk, actor=SYSTEM, at=at)
    found = [queries.schedule_of_department(pk).zone.name for pk in (below.pk, market.pk, None)]
    assert found == ["Asia/Urumqi", "Asia/Urumqi", "Asia/Shanghai"]


def test_who_is_lent_works_by_the_borrowers_calendar_while_lent(company, site, pmo, at) -> None:
    market, person = company.departments["市场部"], company.lead
    operations.change_department(market.pk, seen_revision=market.revision, site_id=site, actor=SYSTEM, at=at)
    operations.set_hours(
        site, starts_on=date(2026, 1, 1), values=HoursValues(hours="10:00-14:00,15:30-19:30", country="CN"),
        seen_revision=0, actor=pmo, at=at,
    )  # fmt: skip
    lent = operations.appoint(
        person_id=person.pk, department_id=market.pk, title="借调", kind=PostKind.STAFF, starts_on=date(2026, 12, 1),
        actor=SYSTEM, at=at,
    )  # fmt: skip
    operations.end_post(lent.pk, ends_on=date(2027, 3, 1), actor=SYSTEM, at=at)
    schedule = queries.schedule_of_person(person.pk)
    starts = (datetime(2026, month, 30, 9, tzinfo=at.tzinfo) for month in (10, 11))
    found = [add(schedule, start, parse_limit("1wd")).at.isoformat(timespec="minutes") for start in starts]
    assert found == ["2026-11-02T18:00+08:00", "2026-12-01T19:30+06:00"]
    back = add(schedule, datetime(2027, 2, 26, 9, tzinfo=at.tzinfo), parse_limit("1wd"))
    assert back.at.isoformat(timespec="minutes") == "2027-03-01T18:00+08:00"
    away = queries.schedule_of_person(person.pk, away=[date(2026, 12, 1)])
    start = datetime(2026, 11, 30, 9, tzinfo=at.tzinfo)
    assert add(away, start, parse_limit("1wd")).at.isoformat(timespec="minutes") == "2026-12-02T19:30+06:00"


def test_a_post_held_beside_another_does_not_decide_when_somebody_works(company, site, at) -> None:
    market, person = company.departments["市场部"], company.lead
    operations.change_department(market.pk, seen_revision=market.revision, site_id=site, actor=SYSTEM, at=at)
    before = last_entry()
    beside = {"title": "兼任顾问", "is_main": False, "starts_on": at.date(), "actor": SYSTEM, "at": at}
    operations.appoint(person_id=person.pk, department_id=market.pk, **beside)
    assert [fact["is_main"] for fact in facts_since(before)] == [False]
    key = f"p:{person.pk}"
    assert queries.schedule_of_person(person.pk).calendar_on(at.toordinal()).zone.name == "Asia/Shanghai"
    assert zones_of_people([person.pk], at) == {person.pk: "Asia/Shanghai"}
    assert departments_of_principals([key], at)[key] != market.pk
    operations.appoint(person_id=company.nobody.pk, department_id=market.pk, **beside)
    assert zones_of_people([company.nobody.pk], at) == {company.nobody.pk: "Asia/Urumqi"}


@pytest.mark.parametrize("number", [1, 3])
def test_reading_costs_the_same_for_one_site_and_for_three(company, pmo, at, number, django_assert_num_queries) -> None:
    places = [
        operations.add_site(name=f"办公室{index}", time_zone="Asia/Shanghai", actor=SYSTEM, at=at).pk
        for index in range(number)
    ]
    for place in places:
        operations.set_day(place, day=DAY, values=closed(), seen_revision=0, actor=pmo, at=at)
        operations.set_hours(place, starts_on=DAY, values=LONG, seen_revision=1, actor=pmo, at=at)
    with django_assert_num_queries(6):
        assert len(queries.schedules_of_sites(places)) == number
    with django_assert_num_queries(2):
        queries.calendar_cards(at)
    with django_assert_num_queries(6):
        queries.calendar_page(places[0], year=2026, at=at)


def test_the_page_shows_a_year_and_what_is_not_certain(site, pmo, at) -> None:
    operations.set_day(None, day=DAY, values=closed("司庆"), seen_revision=0, actor=pmo, at=at)
    page = queries.calendar_page(site, year=2026, at=at)
    cells = {cell.day: cell for month in page.months for cell in month.cells}
    assert (page.worked, page.is_published, page.revision, page.history) == (247, True, 0, ())
    assert (cells[DAY].kind, cells[DAY].name) == ("SITE_HOLIDAY", "司庆")
    assert (cells[date(2026, 10, 10)].kind, cells[date(2026, 10, 10)].is_worked) == ("MAKE_UP", True)
    assert [(row.day, row.is_own) for row in page.days] == [(DAY, False)]
    assert not queries.calendar_page(site, year=2027, at=at).is_published
    with pytest.raises(NotFound):
        queries.calendar_page(987654, year=2026, at=at)
