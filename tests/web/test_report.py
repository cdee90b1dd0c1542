"""The weekly report of a department, and the week of a matter for its meeting."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations.models import Loop
from bihuan.plans.models import Task
from bihuan.progress import operations
from bihuan.progress.models import Period, Report
from tests.witness import facts_since, last_entry

REPORTER = "开发组长"


@pytest.fixture
def report(campaign) -> Report:
    campaign.carry_to("EXECUTE")
    return report_of(campaign, "技术部")


def report_of(campaign, department: str) -> Report:
    reports = Report.objects.filter(period__collaboration=campaign.collaboration, period__locked_at=None)
    return reports.get(department=campaign.company.departments[department])


def as_planned(report: Report, **more: object) -> dict[str, Any]:
    """The week as the buttons of the page fill it in: every task where it should be, what is whole with its output."""
    data: dict[str, Any] = {"seen_revision": report.revision, "next_plan": "继续开发", "to_coordinate": ""}
    for index, row in enumerate(report.rows.all()):
        data[f"rows.{index}.percent"] = row.planned_percent
        data[f"rows.{index}.actual"] = "完成页面" if row.planned_percent == 100 else ""
    return {**data, **more}


def behind(campaign, report: Report, index: int = 0) -> dict[str, Any]:
    due = (campaign.today + timedelta(days=3)).isoformat()
    return {
        f"rows.{index}.percent": "0",
        f"rows.{index}.variance_reason": "等待设计稿",
        f"rows.{index}.measure": "加派一人",
        f"rows.{index}.measure_owner": campaign.company[REPORTER].pk,
        f"rows.{index}.measure_due": due,
    }


def behind_its_plan(report: Report) -> Report:
    """The row is planned at 60 percent by the end of the week."""
    row = report.rows.get()
    row.planned_percent = 60
    row.save(update_fields=["planned_percent"])
    return report


def test_it_arrives_filled_in_with_what_the_task_knows(campaign, report, client_for):
    row = behind_its_plan(report).rows.select_related("task").get()
    page = client_for(campaign.company[REPORTER]).get(f"/reports/{report.pk}").content.decode()
    assert f'name="rows.0.percent" value="{row.task.percent}"' in page
    assert row.task.duty in page
    assert f'value="{row.task.owner_id}"' in page  # who would do the measure
    assert {f'data-value="{number}"' in page for number in (25, 50, 60, 75, 100)} == {True}
    assert "data-shortfall open" in page


def test_the_contact_person_reports_and_is_back_at_the_desk(campaign, report, client_for):
    before = last_entry()
    client = client_for(campaign.company[REPORTER])
    response = client.post(f"/reports/{report.pk}/submit", as_planned(report, to_coordinate="市场部提供素材"))
    assert (response.status_code, response["Location"]) == (302, "/")
    report.refresh_from_db()
    assert (report.submitted_by_id, report.submitted_at) == (campaign.company[REPORTER].pk, campaign.at)
    assert (report.next_plan, report.to_coordinate, report.revision) == ("继续开发", "市场部提供素材", 2)
    assert report.number == f"{campaign.collaboration.number or campaign.refreshed().number}-F09-01"
    (fact,) = facts_since(before, "progress.report.submitted")
    assert (fact["report_id"], fact["late_seconds"]) == (report.pk, 0)
    assert not Loop.objects.filter(subject_kind="report", subject_id=report.pk, closed_at=None).exists()
    assert "已填报" in client.get("/").content.decode()  # the toast


def test_what_falls_short_needs_cause_measure_owner_and_day(campaign, report, client_for, refuses):
    behind_its_plan(report)
    client, address = client_for(campaign.company[REPORTER]), f"/reports/{report.pk}/submit"
    data = as_planned(report) | {"rows.0.percent": "30", "rows.0.measure_owner__text": ""}
    page = refuses(422, client, address, data, of=Report)
    assert page.count("has-error") == 4
    assert ('value="30"' in page, "继续开发" in page) == (True, True)
    for wrong in ({"rows.0.measure_due": "2023-14-05"}, {"rows.0.measure_due": "2024-01-01"}):
        data = as_planned(report) | behind(campaign, report) | wrong
        assert refuses(422, client, address, data, of=Report).count("has-error") == 1
    data = as_planned(report) | behind(campaign, report)
    unknown = data | {"rows.0.measure_owner": "", "rows.0.measure_owner__text": "查无此人"}
    assert refuses(422, client, address, unknown, of=Report).count("has-error") == 1
    assert client.post(address, data).status_code == 302
    row = report.rows.get()
    assert (row.percent, row.variance_reason, row.measure) == (0, "等待设计稿", "加派一人")
    assert row.measure_owner_id == campaign.company[REPORTER].pk


def test_a_percentage_that_is_none_is_told_at_its_field(campaign, report, client_for, refuses):
    for percent in ("", "101", "halb", "-5"):
        data = as_planned(report) | {"rows.0.percent": percent}
        page = refuses(422, client_for(campaign.company[REPORTER]), f"/reports/{report.pk}/submit", data, of=Report)
        assert page.count("has-error") == 1, percent


def test_a_measure_within_the_tasks_days_does_not_move_its_day(campaign, report, client_for):
    behind_its_plan(report)
    task = Task.objects.get(pk=report.rows.get().task_id)
    due = campaign.today + timedelta(days=1)
    assert due < task.due_on
    data = (
        as_planned(report) | behind(campaign, report) | {"rows.0.percent": "30", "rows.0.measure_due": due.isoformat()}
    )
    client_for(campaign.company[REPORTER]).post(f"/reports/{report.pk}/submit", data)
    task.refresh_from_db()
    assert (task.percent, task.new_due_on) == (30, None)


def test_a_measure_beyond_the_tasks_day_moves_it(campaign, report, client_for):
    behind_its_plan(report)
    task = Task.objects.get(pk=report.rows.get().task_id)
    due = task.due_on + timedelta(days=4)
    data = as_planned(report) | behind(campaign, report) | {"rows.0.measure_due": due.isoformat()}
    client_for(campaign.company[REPORTER]).post(f"/reports/{report.pk}/submit", data)
    task.refresh_from_db()
    assert (task.new_due_on, task.reason) == (due, "等待设计稿")


def test_a_cancelled_task_is_not_asked_about(campaign, report, client_for):
    Task.objects.filter(pk=report.rows.get().task_id).update(state="CANCELLED")
    client = client_for(campaign.company[REPORTER])
    assert 'name="rows.0.percent"' not in client.get(f"/reports/{report.pk}").content.decode()
    data = {"seen_revision": report.revision, "next_plan": "无"}
    assert client.post(f"/reports/{report.pk}/submit", data).status_code == 302
    report.refresh_from_db()
    assert report.submitted_at == campaign.at


def test_others_read_it_and_outsiders_learn_nothing(campaign, report, client_for, refuses):
    address = f"/reports/{report.pk}/submit"
    for office in ("市场部负责人", "推广经理", "PMO专员"):
        other = client_for(campaign.company[office])
        page = other.get(f"/reports/{report.pk}")
        assert (page.status_code, address in page.content.decode()) == (200, False)
        refuses(403, other, address, as_planned(report), of=Report)
    stranger = client_for(campaign.company.outsider)
    mine, free = stranger.get(f"/reports/{report.pk}"), stranger.get("/reports/999999999")
    assert (mine.status_code, mine.content) == (404, free.content)
    refuses(404, stranger, address, as_planned(report), of=Report)
    for page in ("week", "week/print"):
        assert stranger.get(f"/matters/{campaign.collaboration.pk}/{page}").status_code == 404
    assert stranger.get(address).status_code == 405


def test_who_reports_second_is_told_and_keeps_his_text(campaign, report, client_for, refuses):
    client_for(campaign.company["技术部负责人"]).post(f"/reports/{report.pk}/submit", as_planned(report))
    data = as_planned(report, next_plan="我写的下周计划")
    page = refuses(409, client_for(campaign.company[REPORTER]), f"/reports/{report.pk}/submit", data, of=Report)
    assert "我写的下周计划" in page


def test_a_locked_week_is_read_only_and_leads_to_the_current_one(campaign, report, client_for, refuses):
    campaign.wait(days=7)
    operations.open_week(campaign.refreshed(), actor=campaign.actor("产品经理"), at=campaign.at)
    current = report_of(campaign, "技术部")
    client = client_for(campaign.company[REPORTER])
    page = client.get(f"/reports/{report.pk}").content.decode()
    assert (f'href="/reports/{current.pk}"' in page, "/submit" in page) == (True, False)
    late = as_planned(report, next_plan="补报的内容")
    assert "补报的内容" in refuses(409, client, f"/reports/{report.pk}/submit", late, of=Report)


def test_a_late_report_is_taken_and_marked(campaign, report, client_for):
    campaign.at = report.period.due_at + timedelta(hours=3)
    client = client_for(campaign.company[REPORTER])
    assert client.post(f"/reports/{report.pk}/submit", as_planned(report)).status_code == 302
    report.refresh_from_db()
    assert report.late_by == timedelta(hours=3)
    assert "迟报" in client.get(f"/reports/{report.pk}").content.decode()


def test_the_meeting_sees_what_is_behind_first_then_who_is_silent(campaign, report, client_for):
    behind_its_plan(report)
    data = as_planned(report) | behind(campaign, report)
    client_for(campaign.company[REPORTER]).post(f"/reports/{report.pk}/submit", data)
    other = report_of(campaign, "市场部")
    promoter = client_for(campaign.company["推广经理"])
    assert promoter.post(f"/reports/{other.pk}/submit", as_planned(other)).status_code == 302
    for address in ("week", "week/print"):
        page = client_for(campaign.company.lead).get(f"/matters/{campaign.collaboration.pk}/{address}").content.decode()
        places = [page.index(text) for text in ("加派一人", "尚未填报", other.rows.get().task.duty)]
        assert places == sorted(places)
        assert "运营部" in page
    reports = Report.objects.filter(period=report.period)
    assert f"{reports.count()} 个部门中 2 个已填报" in page
    campaign.at = report.period.due_at + timedelta(days=1)
    progress, lead = f"/matters/{campaign.collaboration.pk}/progress", client_for(campaign.company.lead)
    assert "逾期" in lead.get(progress).content.decode()
    reports.filter(submitted_at=None).update(submitted_at=report.period.due_at)
    page = lead.get(progress).content.decode()
    assert ("均已填报" in page, "逾期" in page) == (True, False)


def test_pages_ask_the_same_few_questions_for_one_task_and_for_three(campaign, report, client_for):
    client = client_for(campaign.company[REPORTER])

    def questions(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = (f"/reports/{report.pk}", f"/matters/{campaign.collaboration.pk}/week")
    few = [questions(address) for address in addresses]
    few = [questions(address) for address in addresses]
    row = report.rows.get()
    for number in range(2):
        task = Task.objects.get(pk=row.task_id)
        task.pk, task.line_id = None, f"x{number}"
        task.save()
        report.rows.create(task=task, planned="再一项", planned_percent=50, percent=10, position=number + 1)
    assert [questions(address) for address in addresses] == few
    assert max(few) <= 20


def test_reading_changes_nothing(campaign, report, client_for):
    before, client = last_entry(), client_for(campaign.company[REPORTER])
    for address in (f"/reports/{report.pk}", f"/matters/{campaign.collaboration.pk}/week?week=x"):
        assert client.get(address).status_code == 200
    assert last_entry() == before
    assert Period.objects.count() == 1
