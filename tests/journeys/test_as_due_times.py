"""AS09, AS14, AS15, AS17: the rules of problems, minutes and complaints, on the rooms that exist: who is to act until
when, who is told, what is late by how much, and why."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.deadlines import operations, queries
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice
from bihuan.organisation.models import Site
from tests.approvals.cast import ROOT, Cast, facts_named, make_cast

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
PROBLEM = SubjectRef("problem", 1)
WARNED = "deadlines.deadline.warned"


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def instant(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def begin(cast: Cast, rule: str, at: str, *, owner: str = "") -> Deadline:
    wanted = operations.Start(subject=PROBLEM, part=rule, owner=owner or cast.head_key, what="订单延误")
    (made,) = operations.start(
        rule, [wanted], root=ROOT, scope_id=cast.scope_id, actor=cast.actor("author"), at=instant(at)
    )
    return made


def done(cast: Cast, rule: str, at: str) -> Deadline:
    (row,) = operations.fulfil(PROBLEM, rules=[rule], root=ROOT, actor=cast.actor("head"), at=instant(at))
    return row


def choose(rule: str, profile: str) -> None:
    operations.choose_profile(rule, profile=profile, seen_revision=0, actor=SYSTEM, at=instant("2026-11-17 09:00"))


def levels(rule: str) -> list[int]:
    return [fact["level"] for fact in facts_named(WARNED) if fact["rule"] == rule]


# AS17 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "reported", "due", "because"),
    [
        ("T07", "2026-09-30 15:00", "2026-10-10 18:00", "国庆"),  # 8, 9 and 10 October are worked
        ("T08", "2026-09-30 15:00", "2026-10-13 18:00", "国庆"),
        ("T07", "2026-09-18 10:00", "2026-09-22 18:00", "调休"),  # Sunday, 20 September counts
    ],
)
def test_problems_are_due_across_national_day_and_make_up_days(cast, rule, reported, due, because):
    made = begin(cast, rule, reported)
    assert made.due_at == instant(due)
    way = queries.explained(made)
    assert because in way["zh-hans"]
    assert "working days" in way["en"]


def test_an_urgent_problem_is_answered_within_a_day_of_the_holiday_itself(cast):
    made = begin(cast, "T06", "2026-09-30 15:00")
    assert (made.due_at, made.is_urgent) == (instant("2026-10-01 15:00"), True)
    operations.scan(at=instant("2026-10-01 15:00"))
    assert set(Notice.objects.values_list("urgency", flat=True)) == {Urgency.URGENT}


def test_the_same_problem_is_due_by_the_days_and_the_clock_of_berlin(cast):
    berlin = Site.objects.create(name="柏林", time_zone="Europe/Berlin")
    type(cast.technology).objects.filter(pk=cast.technology.pk).update(site=berlin)
    made = begin(cast, "T07", "2026-09-30 15:00", owner=cast.other_key)
    assert (made.due_at, made.site) == (instant("2026-10-05 18:00", BERLIN), berlin)


# AS09 --------------------------------------------------------------------------------------------------------------


def test_minutes_sent_late_are_accepted_and_marked(cast):
    begin(cast, "T04", "2026-11-17 16:00")
    operations.scan(at=instant("2026-11-18 16:00"))
    assert 4 not in levels("T04")
    operations.scan(at=instant("2026-11-18 16:00:01"))
    assert levels("T04")[-1] == 4
    row = done(cast, "T04", "2026-11-18 17:30")
    assert (row.state, row.late_minutes) == ("LATE", 90)


@pytest.mark.parametrize(("profile", "due"), [("literal", "2026-11-21 16:00"), ("work-aware", "2026-11-23 16:00")])
def test_minutes_of_friday_are_due_on_saturday_or_on_monday_as_the_company_chose(cast, profile, due):
    choose("T04", profile)
    assert begin(cast, "T04", "2026-11-20 16:00").due_at == instant(due)


# AS14 --------------------------------------------------------------------------------------------------------------


def test_an_issue_of_friday_evening_is_answered_that_evening_and_the_other_clock_runs_on(cast):
    answer, talk = begin(cast, "T01", "2026-11-20 16:30"), begin(cast, "T02", "2026-11-20 16:30")
    assert (answer.due_at, talk.due_at) == (instant("2026-11-20 18:30"), instant("2026-11-21 16:30"))
    for level, reached_at in answer.rungs:
        if level < 5:
            operations.scan(at=reached_at)
    assert levels("T01") == [2, 3, 4]
    row = done(cast, "T01", "2026-11-20 18:45")
    assert (row.state, row.late_minutes) == ("LATE", 15)
    talk.refresh_from_db()
    assert (talk.state, talk.due_at) == ("RUNNING", instant("2026-11-21 16:30"))


def test_an_issue_of_friday_evening_is_answered_on_monday_morning_where_hours_are_working_time(cast):
    choose("T01", "work-aware")
    choose("T02", "work-aware")
    answer, talk = begin(cast, "T01", "2026-11-20 16:30"), begin(cast, "T02", "2026-11-20 16:30")
    assert (answer.due_at, talk.due_at) == (instant("2026-11-23 09:30"), instant("2026-11-23 16:30"))
    for level, reached_at in answer.rungs:
        if level < 5:
            operations.scan(at=reached_at)
    assert levels("T01") == [2, 3, 4]
    row = done(cast, "T01", "2026-11-23 09:45")
    assert (row.state, row.late_minutes) == ("LATE", 15)
    talk.refresh_from_db()
    assert (talk.state, talk.due_at) == ("RUNNING", instant("2026-11-23 16:30"))


# AS15 --------------------------------------------------------------------------------------------------------------


def test_a_complaint_on_saturday_night_waits_for_no_morning(cast):
    plan, joint = begin(cast, "T03", "2026-11-21 22:10"), begin(cast, "T22", "2026-11-21 22:10")
    assert (plan.due_at, joint.due_at) == (instant("2026-11-22 00:10"), instant("2026-11-22 22:10"))
    operations.scan(at=instant("2026-11-21 23:55"))
    assert set(Notice.objects.values_list("urgency", flat=True)) == {Urgency.URGENT}
    papers = begin(cast, "T34", "2026-11-21 23:50")
    assert (papers.due_at, Deadline.objects.get(pk=plan.pk).due_at) == (instant("2026-11-22 23:50"), plan.due_at)
    assert done(cast, "T03", "2026-11-22 00:05").state == "KEPT"
    operations.scan(at=instant("2026-11-22 23:51"))
    assert levels("T34")[-1] == 4
