"""Typed days end at close of business of the one who owes (domain §4.1): one function, whoever asks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.deadlines import queries
from bihuan.kernel import principals
from bihuan.organisation.models import Calendar as SiteCalendar
from bihuan.organisation.models import CalendarDay, Post, Site, WorkingHours
from tests.approvals.cast import AT
from tests.deadlines.running import begin, instant

DAY = date(2026, 11, 27)


@pytest.fixture
def berlin(cast):
    """The technology department works in Berlin until five, the others by the hours of the company."""
    site = Site.objects.create(name="柏林", time_zone="Europe/Berlin")
    calendar = SiteCalendar.objects.create(site=site)
    WorkingHours.objects.create(
        calendar=calendar, starts_on="2020-01-01", hours="08:00-12:00,13:00-17:00", country="DE"
    )
    CalendarDay.objects.create(calendar=calendar, day="2026-12-24", kind="HALF_DAY", hours="08:00-12:00", name="圣诞夜")
    type(cast.technology).objects.filter(pk=cast.technology.pk).update(site=site)
    return site


def said(cast, key, day=DAY, otherwise=""):
    return queries.closes_on([(key, day)], AT, otherwise=otherwise)[key, day].isoformat(timespec="minutes")


def test_it_is_the_close_of_who_owes_it(cast, berlin):
    person, office = principals.person(cast.other_head.pk), principals.department(cast.technology.pk)
    assert said(cast, person) == said(cast, office) == said(cast, cast.other_key) == "2026-11-27T17:00+01:00"
    assert said(cast, office, date(2026, 12, 24)) == "2026-12-24T12:00+01:00"
    assert said(cast, office, date(2026, 11, 28)) == "2026-11-28T17:00+01:00"  # a Saturday stays
    assert said(cast, cast.head_key) == "2026-11-27T18:00+08:00"


def test_who_is_nowhere_owes_it_where_the_matter_is_led(cast, berlin):
    Post.objects.filter(person=cast.stranger).delete()
    nowhere = principals.person(cast.stranger.pk)
    assert said(cast, nowhere, otherwise=principals.department(cast.technology.pk)) == "2026-11-27T17:00+01:00"
    assert said(cast, nowhere) == said(cast, principals.PMO) == "2026-11-27T18:00+08:00"


def test_who_is_lent_by_then_is_judged_by_the_borrower(cast, berlin):
    lent = principals.person(cast.author.pk)
    cast.author.posts.create(
        department=cast.technology, kind="STAFF", starts_on=DAY, ends_on=DAY + timedelta(days=30), is_main=True
    )
    wanted = [(lent, DAY - timedelta(days=1)), (lent, DAY), (lent, DAY + timedelta(days=30))]
    found = queries.closes_on(wanted, AT, otherwise="")
    assert [found[each].isoformat(timespec="minutes") for each in wanted] == [
        "2026-11-26T18:00+08:00", "2026-11-27T17:00+01:00", "2026-12-27T18:00+08:00",
    ]  # fmt: skip


def test_many_cost_as_many_queries_as_one_and_none_cost_none(cast, berlin):
    def cost(keys, days):
        wanted = [(key, DAY + timedelta(days=ahead)) for key in keys for ahead in range(days)]
        with CaptureQueriesContext(connection) as captured:
            queries.closes_on(wanted, AT, otherwise=cast.head_key)
        return len(captured)

    two = [principals.person(person.pk) for person in (cast.author, cast.other_head)]
    cost(two, 1)  # reads the calendars, which are kept
    one = cost(two, 1)
    everybody = [principals.person(person.pk) for person in (cast.author, cast.other_head, cast.head)]
    assert (cost([], 0), cost(everybody, 5)) == (0, one)
    assert one == 3  # posts, departments, whether calendars changed


def test_the_explanation_names_day_place_and_what_is_odd(cast, berlin):
    due = begin(cast, "T21", owner=cast.other_key, due_at=instant("2026-12-24 19:00"))
    assert queries.explained(due) == {
        "zh-hans": "所定的日子：2026年12月24日 周四 → 12:00，柏林下班时；12月24日 周四按当天另定的时间上班（圣诞夜）",
        "en": "the day that was named: Thu 24 Dec 2026 → 12:00, close of business in 柏林; "
        "Thu 24 Dec is worked with hours of its own (圣诞夜)",
    }


def test_an_instant_that_is_no_close_was_named_by_people_as_is_one_found_by_other_hours(cast, berlin):
    named = {
        "zh-hans": "由人约定：2026年11月27日 周五 17:00（柏林）；日历不移动它",
        "en": "named by people: Fri 27 Nov 2026 17:00 in 柏林; no calendar moves it",
    }
    five = instant("2026-11-28 00:00")
    assert queries.explained(begin(cast, "T23", owner=cast.other_key, due_at=five)) == named
    day = begin(cast, "T21", owner=cast.other_key, due_at=five)
    assert "所定的日子" in queries.explained(day)["zh-hans"]
    WorkingHours.objects.update(hours="08:00-12:00,13:00-16:00")
    assert queries.explained(day) == named


def test_what_is_left_until_then_is_the_working_time_of_the_office_that_owes_it(cast, berlin):
    """No time rule runs for a need: Friday noon in Shanghai is five in Berlin, a whole day of work before its close."""
    place, noon, close = ("need", 7, ""), instant("2026-11-27 12:00"), instant("2026-11-28 00:00")

    def left(owner):
        owed = queries.Owed(place, close, cast.market.pk, owner)
        return queries.time_left([owed], noon)[place].span

    assert (left(cast.other_key), left(principals.person(cast.other_head.pk))) == (
        timedelta(hours=8), timedelta(hours=5),
    )  # fmt: skip
