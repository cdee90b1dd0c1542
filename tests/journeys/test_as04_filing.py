"""AS04: nothing is executed before the plan is approved and filed."""

import pytest

from bihuan.approvals.enums import Decision
from bihuan.collaborations import queries
from bihuan.collaborations.errors import NotThisStep
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.plans import operations as plans
from bihuan.plans.errors import NotFiled, NotUnderWay
from bihuan.plans.models import Task
from bihuan.records import queries as records
from bihuan.records.models import Record
from tests.campaign import PLAN_TESTS
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def at_approval(campaign):
    campaign.carry_to("APPROVAL")
    return campaign


@pytest.fixture
def at_filing(campaign):
    campaign.carry_to("FILING")
    return campaign


def first_task(campaign):
    return Task.objects.get(collaboration=campaign.collaboration, post="开发组长")


def begin(campaign):
    task = first_task(campaign)
    return plans.start_task(task, seen_revision=task.revision, actor=campaign.actor("开发组长"), at=campaign.at)


def test_an_approved_plan_makes_tasks_that_may_not_begin_before_filing(at_filing):
    assert first_task(at_filing).state == "NOT_STARTED"
    with refused(NotFiled, "plans.not_filed"):
        begin(at_filing)
    assert at_filing.desk("开发组长") == []


def test_the_administration_is_asked_to_file_and_may_read_what_it_files(at_filing):
    assert at_filing.desk("行政专员") == [("FORM", "F26")]
    clerk = at_filing.actor("行政专员")
    assert queries.collaboration_for(clerk, at_filing.collaboration.pk, at=at_filing.at)
    with pytest.raises(NotFound):
        queries.collaboration_for(at_filing.actor("财务专员"), at_filing.collaboration.pk, at=at_filing.at)


def test_the_administration_reads_nothing_before_it_has_to_file(at_approval):
    with pytest.raises(NotFound):
        queries.collaboration_for(at_approval.actor("行政专员"), at_approval.collaboration.pk, at=at_approval.at)


def test_the_lead_cannot_file_his_own_plan(at_filing):
    with refused(NotAllowed):
        at_filing.draft("F26", "产品经理")


def test_with_the_filing_number_the_matter_goes_on_and_the_task_may_begin(at_filing):
    before = last_entry()
    version = at_filing.file_plan("行政专员")
    assert version.record.number == "BA-2026-0001"
    assert version.data["checks"] == {
        "approval_present": True,
        "duty_table_complete": True,
        "resources_answered": True,
    }
    assert at_filing.step == "RESOURCE"
    (filed,) = facts_since(before, "records.record.submitted")
    assert (filed["form_code"], filed["number"]) == ("F26", "BA-2026-0001")
    assert at_filing.desk("行政专员") == []
    assert records.record_for(at_filing.actor("行政专员"), version.record_id, at=at_filing.at)
    with refused(NotUnderWay):
        begin(at_filing)
    at_filing.put_needs_in_place()
    assert at_filing.step == "EXECUTE"
    assert at_filing.desk("开发组长") == [("REPORT", ""), ("TASK", "")]
    before = last_entry()
    assert begin(at_filing).state == "IN_PROGRESS"
    assert [fact["duty"] for fact in facts_since(before, "plans.task.started")] == ["开发并测试活动页面"]


def test_a_plan_whose_resources_do_not_suffice_is_not_approved(at_approval):
    short = PLAN_TESTS | {"resources_ok": False}
    with refused(Refused, "approvals.test_says_no") as caught:
        at_approval.decide("F04", "EXECUTIVE_PLAN", "分管副总", opinion="同意", tests=short)
    assert [finding.place for finding in caught.value.findings] == ["tests.resources_ok"]
    assert at_approval.step == "APPROVAL"
    assert at_approval.desk("分管副总") == [("SIGNOFF", "executive")]


def test_refused_it_goes_back_to_the_plan_with_the_reason(at_approval):
    before, short = last_entry(), PLAN_TESTS | {"resources_ok": False}
    at_approval.decide(
        "F04", "EXECUTIVE_PLAN", "分管副总", decision=Decision.REFUSE, opinion="开发人手不足", tests=short
    )
    assert at_approval.step == "PLAN"
    assert Record.objects.get(form_code="F04").status == "RETURNED"
    assert not Task.objects.exists()
    (left,) = facts_since(before, "collaborations.step.left")
    assert (left["step"], left["outcome"]) == ("APPROVAL", "RETURNED")
    assert "开发人手不足" in left["reason"]
    assert at_approval.desk("产品经理") == [("FORM", "F04")]
    assert at_approval.desk("分管副总") == []


def test_the_plan_cannot_be_filed_in_another_step(at_approval):
    with refused(NotThisStep, "collaborations.not_this_step"):
        at_approval.draft("F26", "行政专员")
