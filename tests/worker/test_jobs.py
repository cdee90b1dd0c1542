"""What rooms owe by the clock."""

from datetime import datetime, timedelta

from bihuan.collaborations.operations import publish_shipped_playbooks
from bihuan.outbox.operations import run_once
from bihuan.progress.models import Period
from bihuan.worker import periodic
from bihuan.worker.jobs import open_due_weeks, register_jobs_of_rooms, settle_waiting
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.witness import facts_since, last_entry


def in_execution(company, at: datetime) -> Campaign:
    publish_shipped_playbooks(at=at)
    campaign = Campaign.begin(company, at)
    campaign.carry_to("EXECUTE")
    return campaign


def test_the_week_of_a_matter_in_execution_is_opened_once(company, at):
    campaign = in_execution(company, at)
    assert Period.objects.count() == 1  # the first opened with the step
    before = last_entry()
    monday = campaign.at + timedelta(days=7 - campaign.at.weekday())
    assert [open_due_weeks(monday), open_due_weeks(monday), open_due_weeks(monday + timedelta(hours=1))] == [1, 0, 0]
    assert Period.objects.count() == 2
    assert [fact["name"] for fact in facts_since(before)] == ["progress.period.locked", "progress.period.opened"]


def test_a_matter_without_unfinished_tasks_gets_no_week(company, at):
    campaign = in_execution(company, at)
    campaign.finish_tasks()
    before = last_entry()
    assert open_due_weeks(campaign.at + timedelta(days=7)) == 0
    assert last_entry() == before


def test_the_worker_opens_it_by_its_hourly_job(company, at):
    campaign = in_execution(company, at)
    register_jobs_of_rooms()
    try:
        monday = campaign.at + timedelta(days=7 - campaign.at.weekday())
        for moment in (monday, monday + timedelta(minutes=5), monday + timedelta(hours=1)):
            periodic.tick(at=moment, posted={})
            while run_once(at=moment, limit=20):
                pass
        assert Period.objects.count() == 2
    finally:
        periodic.unregister("progress.open_due_weeks")
        periodic.unregister("collaborations.settle_waiting")


def test_when_the_windows_are_over_the_next_step_is_offered(company, at):
    campaign = in_execution(company, at)
    campaign.report_week()
    campaign.finish_tasks()
    campaign.wait_until(campaign.start + timedelta(days=samples.LIVE_ON))
    campaign.reach_milestone("活动上线")
    campaign.wait_until(campaign.start + timedelta(days=samples.WINDOW_ENDS_ON - 1))
    assert settle_waiting(campaign.at) == 1
    assert ("STEP", "EXECUTE") not in campaign.desk("产品经理")
    campaign.wait(days=1)
    assert settle_waiting(campaign.at) == 1
    assert ("STEP", "EXECUTE") in campaign.desk("产品经理")
    assert settle_waiting(campaign.at) == 0
