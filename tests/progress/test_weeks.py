"""Weeks: opened, reported, locked, given up and taken up again."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from bihuan.agenda import operations as agenda
from bihuan.agenda.operations import recounting
from bihuan.clock.published import read_notices
from bihuan.collaborations.models import Loop
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotFound, Refused
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Person
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.progress import operations as progress
from bihuan.progress.errors import NotTheReporter, StaleReport
from bihuan.progress.models import Period, Report
from bihuan.progress.policy import Told
from bihuan.progress.queries import late_updates, missing_in, periods_of, report_for
from bihuan.progress.watching import last_due_report_is_filed
from bihuan.worker import jobs
from tests import forms_samples as samples
from tests.campaign import open_weeks
from tests.web.test_calendars import NOTICE
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def at_work(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def report_of(campaign, department="技术部"):
    reports = Report.objects.filter(period__collaboration=campaign.collaboration, department__name=department)
    return reports.select_related("period__collaboration__lead_department__site").order_by("-pk").first()


def submit(campaign, report, post, *, seen=None, **told):
    (row,) = report.rows.all()
    return progress.submit_report(
        report,
        told={row.pk: Told(**told)} if told else {},
        next_plan=" 继续 ",
        to_coordinate=" 需设计稿 ",
        seen_revision=report.revision if seen is None else seen,
        actor=campaign.actor(post),
        at=campaign.at,
    )


def asked(campaign):
    return sorted(Loop.objects.filter(kind="REPORT", closed_at=None).values_list("owner", flat=True))


def next_week(campaign):
    campaign.wait_until(campaign.today + timedelta(days=7 - campaign.today.weekday()))
    return open_weeks(campaign.at)


def test_the_first_week_opens_with_the_work_and_asks_each_contact(at_work):
    period = Period.objects.get()
    assert (period.starts_on.weekday(), period.ends_on - period.starts_on) == (0, timedelta(days=6))
    assert period.due_at.isoformat() == "2026-11-20T09:00:00+00:00"
    contacts = ("产品经理", "推广经理", "开发组长", "运营经理")
    assert asked(at_work) == sorted(at_work.company.principal(post) for post in contacts)
    (fact,) = facts_since(0, "progress.period.opened")
    assert (fact["period_id"], len(fact["departments"])) == (period.pk, 4)
    assert [report.department.name for report in missing_in(period)] == ["产品部", "技术部", "市场部", "运营部"]


def test_opened_twice_it_is_one(at_work):
    before = last_entry()
    assert progress.open_week(at_work.refreshed(), actor=SYSTEM, at=at_work.at) is None
    assert last_entry() == before


def test_a_report_keeps_what_was_said(at_work):
    report, before = report_of(at_work), last_entry()
    filed = submit(at_work, report, "开发组长", percent=30, actual="完成首页")
    assert (filed.number, filed.next_plan, filed.to_coordinate) == ("XZ-2026-0001-F09-01", "继续", "需设计稿")
    (row,) = filed.rows.all()
    assert (row.percent, row.actual, Task.objects.get(post="开发组长").percent) == (30, "完成首页", 30)
    assert [fact["name"] for fact in facts_since(before)] == ["plans.task.reported", "progress.report.submitted"]
    assert at_work.company.principal("开发组长") not in asked(at_work)


def test_said_again_while_the_week_is_open_it_keeps_its_number(at_work):
    first = submit(at_work, report_of(at_work), "开发组长", percent=30)
    again = submit(at_work, report_of(at_work), "技术部负责人", percent=35)
    assert (again.number, again.revision) == (first.number, first.revision + 1)
    with refused(StaleReport):
        submit(at_work, again, "开发组长", percent=40, seen=first.revision)


def test_a_finished_row_shows_its_output_and_finishes_the_task(at_work):
    with refused(Refused, "progress.output_missing"):
        submit(at_work, report_of(at_work), "开发组长", percent=100)
    submit(at_work, report_of(at_work), "开发组长", percent=100, actual="活动页面链接")
    task = Task.objects.get(post="开发组长")
    assert (task.state, task.output) == ("DONE", "活动页面链接")
    before = last_entry()
    submit(at_work, report_of(at_work), "开发组长", percent=100, actual="活动页面链接")
    assert [fact["name"] for fact in facts_since(before)] == ["progress.report.submitted"]


@pytest.mark.parametrize("percent", [None, -1, 101])
def test_every_row_says_how_far_it_is(at_work, percent):
    with refused(Refused, "progress.percent_missing"):
        submit(at_work, report_of(at_work), "开发组长", percent=percent)


def test_a_measure_belongs_to_somebody_who_works_here(at_work):
    Person.objects.filter(username="shan").update(is_active=False)
    gone = at_work.company["市场专员"].pk
    with refused(Refused, "progress.owner_unknown"):
        submit(at_work, report_of(at_work), "开发组长", percent=30, measure_owner_id=gone)


def test_others_do_not_report(at_work):
    for post in ("推广经理", "市场专员", "PMO专员"):
        with refused(NotTheReporter):
            submit(at_work, report_of(at_work), post, percent=30)


def test_nothing_is_asked_about_a_task_cancelled_meanwhile(at_work):
    task = Task.objects.select_related("collaboration").get(post="开发组长")
    plans.cancel_task(task, reason="外包", seen_revision=task.revision, actor=at_work.actor("产品经理"), at=at_work.at)
    before = last_entry()
    submit(at_work, report_of(at_work), "开发组长")
    assert [fact["name"] for fact in facts_since(before)] == ["progress.report.submitted"]


def test_an_overdue_report_keeps_the_step_until_its_week_is_locked(at_work):
    assert last_due_report_is_filed(at_work.refreshed(), at_work.at) == []
    at_work.wait(days=1)
    overdue = last_due_report_is_filed(at_work.refreshed(), at_work.at)
    assert [finding.params["department"] for finding in overdue] == ["产品部", "技术部", "市场部", "运营部"]
    assert late_updates(at_work.collaboration, at_work.at) == 0
    assert next_week(at_work) == 1
    assert last_due_report_is_filed(at_work.refreshed(), at_work.at) == []
    assert late_updates(at_work.collaboration, at_work.at) == 4


def test_locking_twice_locks_once(at_work):
    period = Period.objects.get()
    for _ in range(2):
        progress.lock_week(period, actor=SYSTEM, at=at_work.at)
    assert len(facts_since(0, "progress.period.locked")) == 1
    assert asked(at_work) == []


def test_a_week_given_up_with_the_work_is_asked_for_again_when_it_comes_back(at_work):
    """A failed acceptance in the same week: who has not reported is asked again."""
    before = asked(at_work)
    progress.give_up_week(at_work.refreshed(), at=at_work.at)
    assert asked(at_work) == []
    progress.ask_again(at_work.refreshed(), at=at_work.at)
    assert asked(at_work) == before


def test_a_failed_acceptance_asks_for_the_open_week_again(campaign):
    campaign.carry_to("ACCEPT")
    Report.objects.filter(department__name="技术部").update(submitted_at=None)
    due = campaign.today + timedelta(days=9)
    body = samples.acceptance(campaign.cast, campaign.start, campaign.today, new_users="92000")
    campaign.submit("F16", body | {"conclusion": "FAIL", "rectifications": [samples.rectification(campaign.cast, due)]})
    assert campaign.step == "EXECUTE"
    assert asked(campaign) == [campaign.company.principal("开发组长")]


def test_a_report_is_found_only_by_who_reads_the_matter(at_work):
    report = report_of(at_work)
    assert report_for(at_work.actor("市场专员"), report.pk, at=at_work.at) == report
    with pytest.raises(NotFound):
        report_for(at_work.actor("财务专员"), report.pk, at=at_work.at)


def test_weeks_cost_the_same_for_one_and_three(at_work, django_assert_num_queries):
    def names():
        return [
            (row.task.owner.name, report.department.name)
            for period in periods_of(at_work.collaboration)
            for report in period.reports.all()
            for row in report.rows.all()
        ]

    with django_assert_num_queries(3):
        assert len(names()) == 4
    assert [next_week(at_work), next_week(at_work)] == [1, 1]
    with django_assert_num_queries(3):
        assert len(names()) == 12


@pytest.mark.parametrize(
    ("monday", "due"),
    [
        (date(2026, 9, 21), "2026-09-24T09:00:00+00:00"),  # Friday is Mid-Autumn
        (date(2026, 10, 5), "2026-10-09T09:00:00+00:00"),  # although Saturday is worked
        (date(2027, 1, 4), "2027-01-08T09:00:00+00:00"),
    ],
)
def test_the_week_is_due_on_the_last_working_day_up_to_friday(at_work, monday, due):
    Period.objects.all().delete()
    at = at_work.at.replace(year=monday.year, month=monday.month, day=monday.day)
    assert progress.open_week(at_work.refreshed(), actor=SYSTEM, at=at).due_at.astimezone(UTC).isoformat() == due


def test_a_week_in_which_nobody_works_is_not_opened(at_work):
    """AS11: the week of 16 February 2026."""
    Period.objects.all().delete()
    before = last_entry()
    assert progress.open_week(at_work.refreshed(), actor=SYSTEM, at=at_work.at.replace(month=2, day=16)) is None
    assert (Period.objects.count(), last_entry()) == (0, before)


def test_the_week_is_due_by_the_calendar_of_the_lead_departments_site(at_work):
    at = at_work.at
    berlin = organisation.add_site(name="柏林", time_zone="Europe/Berlin", actor=SYSTEM, at=at)
    lead = at_work.refreshed().lead_department
    organisation.change_department(lead.pk, seen_revision=lead.revision, site_id=berlin.pk, actor=SYSTEM, at=at)
    closed = organisation.DayValues(kind="CLOSED", name="闭馆")
    organisation.set_day(berlin.pk, day=date(2026, 11, 27), values=closed, seen_revision=0, actor=SYSTEM, at=at)
    period = progress.open_week(at_work.refreshed(), actor=SYSTEM, at=at + timedelta(days=7))
    assert period.due_at.isoformat() == "2026-11-26T17:00:00+01:00"


def test_an_open_week_moves_with_its_calendar_and_who_still_reports_is_told(at_work, monkeypatch):
    period, at = Period.objects.get(), at_work.at
    friday, thursday = period.due_at, period.due_at - timedelta(days=1)

    def close() -> None:
        values = organisation.DayValues(kind="CLOSED", name="盘点")
        organisation.set_day(None, day=friday.date(), values=values, seen_revision=0, actor=SYSTEM, at=at)

    change = agenda.Change(close, {}, None, "盘点")
    found = agenda.preview_change(change, actor=at_work.actor("产品经理"), at=at)
    asked_for = Report.objects.count()
    assert [each.after for each in found.shown if each.deadline.rule == "T13"] == [thursday] * asked_for
    monkeypatch.setattr(recounting, "SHOWN", 3)
    first = agenda.preview_change(change, actor=at_work.actor("产品经理"), at=at)
    further = agenda.preview_change(
        change, actor=at_work.actor("产品经理"), at=at, after=first.following or 0, previewed=first.digest
    )
    rounds = [[each.deadline.pk for each in one.shown if each.deadline.rule == "T13"] for one in (first, further)]
    assert ([len(one) for one in rounds], len({*rounds[0], *rounds[1]})) == ([3, asked_for - 3], asked_for)
    found = further
    before = last_entry()
    recount = agenda.change_calendar(change, seen=found.digest, actor=at_work.actor("产品经理"), at=at)
    assert jobs.recount is not None
    while Delivery.objects.filter(topic=agenda.RECOUNT, state="PENDING").exists():
        outbox.run_once(at=at)
    period.refresh_from_db()
    recount.refresh_from_db()
    due = set(Deadline.objects.filter(rule="T13").values_list("due_at", flat=True))
    due |= set(Loop.objects.filter(kind="REPORT", closed_at=None).values_list("due_at", flat=True))
    assert (period.due_at, due, recount.finished_at) == (thursday, {thursday}, at)
    moved = [fact for fact in facts_since(before, "deadlines.deadlines.moved") if fact["deadlines"][0]["rule"] == "T13"]
    assert ([fact["reason"] for fact in moved], len(moved[0]["deadlines"])) == (["盘点"], asked_for)
    assert Notice.objects.filter(kind="deadlines.moved", params__rule="T13").count() >= asked_for
    assert (recount.moved, recount.done) == (first.count, recount.total)


def test_a_week_of_a_year_that_is_not_published_is_provisional_until_it_is_loaded(at_work):
    at = datetime(2027, 1, 5, 9, 0, tzinfo=at_work.at.tzinfo)
    progress.open_week(at_work.refreshed(), actor=SYSTEM, at=at)
    due = Deadline.objects.filter(rule="T13", state="RUNNING", due_at__gt=at)
    assert {(row.is_provisional, f"{timezone.localtime(row.due_at):%m-%d %H:%M}") for row in due} == {
        (True, "01-08 17:00")
    }
    told = Notice.objects.filter(kind="deadlines.moved").count()

    def load() -> None:
        notices = read_notices(json.dumps(NOTICE).encode())
        organisation.load_official_years(notices, country="CN", actor=SYSTEM, at=at)

    agenda.change_calendar(agenda.Change(load, {}, None, "2027"), seen=None, actor=SYSTEM, at=at)
    assert jobs.recount is not None
    while Delivery.objects.filter(topic=agenda.RECOUNT, state="PENDING").exists():
        outbox.run_once(at=at)
    assert {row.is_provisional for row in due.all()} == {False}
    moved = [one for one in Notice.objects.filter(kind="deadlines.moved")[told:] if one.params["rule"] == "T13"]
    assert moved == []
