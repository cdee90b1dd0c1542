"""AS11: the weekly update of a company that keeps its holidays; a minute late is a minute late."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries import explained
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.plans.queries import tasks_of
from bihuan.progress.models import Period, Report
from tests.campaign import open_weeks
from tests.journeys.test_as12_weekly_table import submit
from tests.witness import facts_since, last_entry, refused

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def at() -> datetime:
    """The campaign begins on Tuesday, 3 February 2026."""
    return datetime(2026, 2, 3, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def executing(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def weekly(campaign) -> set[datetime]:
    """When the reports asked for in the week of the campaign's day are due."""
    monday = campaign.today - timedelta(days=campaign.today.weekday())
    reports = Report.objects.filter(period__starts_on=monday)
    asked = Deadline.objects.filter(rule="T13", subject_id__in=reports.values("pk"))
    return set(asked.values_list("due_at", flat=True))


def test_the_update_is_due_on_the_last_day_worked_up_to_friday(executing):
    executing.wait_until(date(2026, 2, 16))
    assert (open_weeks(executing.at), weekly(executing)) == (0, set())  # spring festival
    told = []
    for monday, due in (
        (date(2026, 9, 21), "2026-09-24 17:00"),  # Friday is Mid-Autumn
        (date(2026, 9, 28), "2026-09-30 17:00"),
        (date(2026, 10, 5), "2026-10-09 17:00"),  # although Saturday, 10 October is worked
    ):
        executing.wait_until(monday)
        assert (open_weeks(executing.at), open_weeks(executing.at)) == (1, 0)
        assert weekly(executing) == {instant(due)}
        told.append(explained(Deadline.objects.filter(rule="T13").latest("pk")))
    up_to_friday = "comes round: the last day worked of the week up to Friday → "
    assert [each["en"].removeprefix(up_to_friday) for each in told] == [
        "Thu 24 Sep 2026 17:00 in Shanghai; Fri 25 Sep is off (Mid-autumn Festival)",
        "Wed 30 Sep 2026 17:00 in Shanghai; 1–2 Oct are off (National Day)",
        "Fri 9 Oct 2026 17:00 in Shanghai",
    ]
    assert told[0]["zh-hans"] == (
        "按周期到来：该周至周五的最后一个工作日 → 2026年9月24日 周四 17:00（上海）；9月25日 周五放假（中秋）"
    )
    assert Period.objects.filter(starts_on__month=2, starts_on__day=16).count() == 0


def test_a_department_that_reports_a_minute_late_is_accepted_and_marked(executing):
    executing.wait_until(date(2026, 9, 21))
    open_weeks(executing.at)
    report = Report.objects.filter(department__name="产品部").order_by("-pk").first()
    owed = Deadline.objects.get(rule="T13", subject_id=report.pk)
    executing.at = instant("2026-09-24 17:01")
    deadlines.scan(at=executing.at)
    assert set(Notice.objects.filter(subject_kind="deadline", subject_id=owed.pk).values_list("kind", flat=True)) == {
        "deadlines.overdue"
    }
    before = last_entry()
    filed = submit(
        executing, report, percent=60, variance_reason="接口人出差", measure="改为线上评审",
        measure_owner_id=executing.company["产品经理"].pk, measure_due=executing.today + timedelta(days=5),
    )  # fmt: skip
    owed.refresh_from_db()
    assert (filed.late_by, owed.state, owed.late_minutes) == (timedelta(minutes=1), "LATE", 1)
    told, kept = (fact["deadlines"] for fact in facts_since(before, "deadlines.deadlines.kept"))
    assert [each["rule"] for each in told] == ["T35"]  # the delay of the task is told with the report
    assert [(each["deadline_id"], each["late_minutes"]) for each in kept] == [(owed.pk, 1)]


def test_a_task_past_its_day_is_delayed_whatever_was_chosen_and_needs_reason_and_day(executing):
    task = Task.objects.filter(department__name="产品部").get()
    owner = executing._owner(task)
    plans.start_task(task, seen_revision=task.revision, actor=owner, at=executing.at)
    executing.wait_until(task.due_on + timedelta(days=1))
    task.refresh_from_db()
    (row,) = (each for each in tasks_of(executing.collaboration, executing.at) if each.task.pk == task.pk)
    assert (task.state, row.state) == ("IN_PROGRESS", "DELAYED")
    said = {"percent": 80, "seen_revision": task.revision, "actor": owner, "at": executing.at}
    with refused(Refused, "plans.delay_without_new_day", "plans.delay_without_reason"):
        plans.report_task(task, **said)
    day = executing.today + timedelta(days=7)
    plans.report_task(task, new_due_on=day, reason="等待设计稿", **said)
    moved = Deadline.objects.get(rule="T21", subject_id=task.pk)
    assert (moved.state, moved.due_at.astimezone(SHANGHAI).date()) == ("RUNNING", day)
