"""What rooms owe by the clock."""

from datetime import datetime, timedelta

import pytest

from bihuan.organisation.models import SignInAttempt
from bihuan.outbox.enums import State
from bihuan.outbox.models import Delivery
from bihuan.progress.models import Period
from bihuan.worker import jobs
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.witness import facts_since, last_entry
from tests.worker import checks
from tests.worker.checks import another_in_execution, work


@pytest.fixture(autouse=True)
def registered():
    jobs.register_jobs_of_rooms()


def monday_after(campaign: Campaign) -> datetime:
    return campaign.at + timedelta(days=7 - campaign.at.weekday())


def test_the_week_of_a_matter_in_execution_is_opened_once(campaign, at):
    campaign.carry_to("EXECUTE")
    assert Period.objects.count() == 1  # the first opened with the step
    before, monday = last_entry(), monday_after(campaign)
    for moment in (monday, monday + timedelta(minutes=5), monday + timedelta(hours=1), monday + timedelta(days=1)):
        work(moment)
    assert Period.objects.count() == 2
    assert [fact["name"] for fact in facts_since(before)] == ["progress.period.locked", "progress.period.opened"]
    assert Delivery.objects.filter(topic=jobs.OPEN_WEEK).count() == 1


def test_a_matter_without_unfinished_tasks_gets_no_week(campaign, at):
    campaign.carry_to("EXECUTE")
    campaign.finish_tasks()
    before = last_entry()
    work(campaign.at + timedelta(days=7))
    assert last_entry() == before
    assert not Delivery.objects.filter(topic=jobs.OPEN_WEEK).exists()


def test_a_matter_that_fails_holds_up_no_other(campaign, at, monkeypatch):
    campaign.carry_to("EXECUTE")
    checks.check_a_failing_matter_holds_up_no_other(campaign, another_in_execution(campaign), monkeypatch)


def test_however_many_matters_they_are_found_in_the_same_number_of_queries(campaign, at, django_assert_num_queries):
    campaign.carry_to("EXECUTE")
    monday = monday_after(campaign)
    for others in (0, 2):
        for _each in range(others):
            another_in_execution(campaign)
        with django_assert_num_queries(5):  # two read rhythms, two matters (weeks, tables of problems), one owes
            jobs.owe_due_weeks(monday)


def test_when_the_windows_are_over_the_next_step_is_offered(campaign, at):
    campaign.carry_to("EXECUTE")
    campaign.report_week()
    campaign.finish_tasks()
    campaign.wait_until(campaign.start + timedelta(days=samples.LIVE_ON))
    campaign.reach_milestone("活动上线")
    campaign.wait_until(campaign.start + timedelta(days=samples.WINDOW_ENDS_ON - 1))
    work(campaign.at)
    assert ("STEP", "EXECUTE") not in campaign.desk("产品经理")
    campaign.wait(days=1)
    work(campaign.at)
    assert ("STEP", "EXECUTE") in campaign.desk("产品经理")
    settled = Delivery.objects.filter(topic=jobs.SETTLE, state=State.DONE)
    assert settled.count() == 2
    work(campaign.at + timedelta(hours=1))
    assert settled.count() == 2  # what is offered is not looked at again


@pytest.mark.django_db
def test_attempts_to_sign_in_are_forgotten_after_a_day(at):
    for hours in (23, 25):
        SignInAttempt.objects.create(account="a", address="b", tried_at=at - timedelta(hours=hours))
    work(at)
    assert list(SignInAttempt.objects.values_list("tried_at", flat=True)) == [at - timedelta(hours=23)]
