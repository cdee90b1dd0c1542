"""AS12: a shortfall needs cause and measure, and last week is locked when this one opens."""

from datetime import timedelta

import pytest

from bihuan.kernel.errors import Refused
from bihuan.plans.models import Task
from bihuan.progress import operations as progress
from bihuan.progress.errors import WeekLocked
from bihuan.progress.models import Period, Report
from bihuan.progress.policy import Told
from bihuan.progress.queries import current_report
from tests.campaign import open_weeks
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def second_week(campaign):
    """Monday of the week in which the requirements are due; nobody reported in the first one."""
    campaign.carry_to("EXECUTE")
    campaign.wait_until(campaign.start + timedelta(days=6))
    assert open_weeks(campaign.at) == 1
    return campaign


def report_of(campaign, department, starts_on=None):
    reports = Report.objects.filter(period__collaboration=campaign.collaboration, department__name=department)
    return reports.get(period__starts_on=starts_on) if starts_on else reports.order_by("-pk").first()


def submit(campaign, report, post="产品经理", **told):
    (row,) = report.rows.all()
    return progress.submit_report(
        report,
        told={row.pk: Told(**told)},
        next_plan="完成评审",
        seen_revision=report.revision,
        actor=campaign.actor(post),
        at=campaign.at,
    )


def whole(campaign):
    return {
        "percent": 60,
        "variance_reason": "两位接口人出差",
        "measure": "改为线上评审",
        "measure_owner_id": campaign.company["产品经理"].pk,
        "measure_due": campaign.today + timedelta(days=3),
    }


def test_a_row_behind_its_plan_says_why_and_what_is_done(second_week):
    report = report_of(second_week, "产品部")
    assert [row.planned_percent for row in report.rows.all()] == [100]
    with refused(
        Refused,
        "progress.cause_missing",
        "progress.measure_missing",
        "progress.measure_without_owner",
        "progress.measure_without_day",
    ):
        submit(second_week, report, percent=60)


@pytest.mark.parametrize(
    ("gone", "code"),
    [
        ("variance_reason", "cause_missing"),
        ("measure", "measure_missing"),
        ("measure_owner_id", "measure_without_owner"),
        ("measure_due", "measure_without_day"),
    ],
)
def test_each_missing_part_is_named_alone(second_week, gone, code):
    said = whole(second_week) | {gone: "" if gone in {"variance_reason", "measure"} else None}
    with refused(Refused) as caught:
        submit(second_week, report_of(second_week, "产品部"), **said)
    assert [(finding.code, finding.place) for finding in caught.value.findings] == [
        (f"progress.{code}", f"rows.0.{gone.removesuffix('_id')}")
    ]


def test_a_whole_report_is_filed_and_moves_the_task(second_week):
    report, before = report_of(second_week, "产品部"), last_entry()
    assert second_week.desk("产品经理").count(("REPORT", "")) == 1
    filed = submit(second_week, report, **whole(second_week))
    assert filed.number == "XZ-2026-0001-F09-01"
    assert (filed.submitted_at, filed.late_by) == (second_week.at, timedelta())
    task = Task.objects.get(post="产品经理")
    assert (task.percent, task.state, task.new_due_on) == (60, "IN_PROGRESS", second_week.today + timedelta(days=3))
    (told,) = facts_since(before, "progress.report.submitted")
    assert (told["number"], told["late_seconds"], told["rows"][0]["percent"]) == (filed.number, 0, 60)
    assert len(facts_since(before, "plans.task.reported")) == 1
    assert second_week.desk("产品经理").count(("REPORT", "")) == 0


def test_when_the_next_week_opens_the_last_is_locked_and_the_missing_are_named(campaign):
    campaign.carry_to("EXECUTE")
    first, before = Period.objects.get(collaboration=campaign.collaboration), last_entry()
    campaign.wait_until(campaign.start + timedelta(days=6))
    open_weeks(campaign.at)
    first.refresh_from_db()
    assert first.locked_at == campaign.at
    (locked,) = facts_since(before, "progress.period.locked")
    assert len(locked["missing"]) == 4
    last_week = report_of(campaign, "产品部", first.starts_on)
    with refused(WeekLocked, "progress.week_locked"):
        submit(campaign, last_week, **whole(campaign))
    assert current_report(last_week) == report_of(campaign, "产品部")
    assert current_report(last_week).period.starts_on == first.starts_on + timedelta(days=7)


def test_a_late_report_is_accepted_and_marked(second_week):
    report = report_of(second_week, "产品部")
    second_week.at = report.period.due_at + timedelta(minutes=1)
    assert submit(second_week, report, **whole(second_week)).late_by == timedelta(minutes=1)
