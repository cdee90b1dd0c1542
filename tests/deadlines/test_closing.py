"""Typed days end at close of business of the one who owes (domain §4.1): one function, whoever asks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.deadlines import operations, queries
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


NOON, CLOSE = instant("2026-11-27 12:00"), instant("2026-11-28 00:00")
"""Friday noon in Shanghai is five in Berlin, a whole day of work before its close."""


@pytest.fixture
def left(cast):
    def found(owner: str, department: int | None = None) -> timedelta:
        owed = queries.Owed(("need", 7, ""), CLOSE, department or cast.market.pk, owner)
        return queries.time_left([owed], NOON)[owed.place].span

    return found


def test_what_is_left_until_then_is_the_working_time_of_whoever_owes_it(cast, berlin, left):
    """No time rule runs for a need. A person owes it where he works, a group and who is nowhere where it is led."""
    nowhere = principals.person(cast.stranger.pk)
    Post.objects.filter(person=cast.stranger).delete()
    eight, five = timedelta(hours=8), timedelta(hours=5)
    assert (left(cast.other_key), left(principals.person(cast.other_head.pk))) == (eight, eight)
    assert (left(cast.head_key), left(principals.person(cast.head.pk))) == (five, five)
    assert {left(key) for key in (nowhere, principals.PMO, "")} == {five}
    assert {left(key, cast.technology.pk) for key in (nowhere, principals.PMO, "")} == {eight}


def test_who_is_lent_has_what_is_left_by_the_borrower_s_calendar_also_of_what_began_before(cast, berlin, left):
    lent, five, eight = principals.person(cast.author.pk), timedelta(hours=5), timedelta(hours=8)
    due = begin(cast, "T21", owner=lent, due_at=CLOSE)

    def running() -> timedelta:
        (card,) = queries.cards_of([due], NOON)
        place = (due.subject_kind, due.subject_id, due.part)
        assert queries.time_left([queries.Owed(place)], NOON)[place].left == card.left
        return card.left.span

    assert (left(lent), running()) == (five, five)
    cast.author.posts.create(department=cast.technology, kind="STAFF", starts_on="2026-11-23", is_main=True)
    assert (left(lent), running()) == (eight, eight)


def test_what_is_left_costs_as_much_for_one_as_for_three_people_and_offices(cast, berlin):
    def cost(owners):
        wanted = [
            queries.Owed(("need", number, ""), CLOSE, cast.market.pk, key) for number, key in enumerate(owners)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            queries.time_left(wanted, NOON)
        return len(captured)

    people = [principals.person(person.pk) for person in (cast.author, cast.other_head, cast.head)]
    cost(people)
    assert cost([]) == 0
    assert cost(people[:1]) == cost(people) == cost([*people, cast.other_key, cast.head_key]) == 3


def test_a_day_that_was_handed_over_is_explained_by_the_place_of_who_named_it(cast, berlin):
    """Nothing moves with the hands (decision 28): the page still says which close of business it is."""
    due = begin(cast, "T21", owner=principals.person(cast.other_head.pk), due_at=CLOSE)
    before = queries.explained(due)
    assert "柏林下班时" in before["zh-hans"]
    for owner, span in ((cast.head, timedelta(hours=5)), (cast.author, timedelta(hours=5))):
        owners = {due.pk: principals.person(owner.pk)}
        operations.hand_over(owners, root=due.root, actor=cast.actor("author"), at=AT)
        due.refresh_from_db()
        assert queries.explained(due) == before
        (card,) = queries.cards_of([due], NOON)
        assert (card.left.span, due.due_at) == (span, CLOSE)
    Post.objects.filter(person=cast.other_head).delete()
    assert queries.explained(due)["zh-hans"].startswith("由人约定")  # by nobody's hours any more


def test_a_counted_instant_is_explained_by_whose_time_it_was_counted_in_and_left_by_who_owes_it(cast, berlin):
    due = begin(cast, "T29", owner=cast.other_key)
    before = queries.explained(due)
    operations.hand_over({due.pk: cast.head_key}, root=due.root, actor=cast.actor("author"), at=AT)
    due.refresh_from_db()
    assert queries.explained(due) == before
    (card,) = queries.cards_of([due], instant("2026-11-24 12:00"))
    assert "柏林" in before["zh-hans"]
    assert card.left.span == timedelta(hours=5)
