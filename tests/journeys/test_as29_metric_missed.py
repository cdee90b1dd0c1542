"""AS29: a missed metric cannot pass; on conditions it can, and not passed it goes back to work."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations
from bihuan.collaborations.errors import NotThisStep
from bihuan.collaborations.models import Metric, StepRun
from bihuan.collaborations.queries import current_run
from bihuan.collaborations.queries.yardstick import items_to_judge
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from bihuan.records.models import Record
from tests import forms_samples as samples
from tests.campaign import HEADS
from tests.witness import facts_since, last_entry, refused

MISSED = {"new_users": "92000", "conversion": "15.8"}


@pytest.fixture
def at_acceptance(campaign):
    campaign.carry_to("ACCEPT")
    return campaign


def form(campaign, **changes):
    return samples.acceptance(campaign.cast, campaign.start, campaign.today, **MISSED) | changes


def with_rectification(campaign, conclusion):
    due = campaign.today + timedelta(days=30)
    return form(campaign, conclusion=conclusion, rectifications=[samples.rectification(campaign.cast, due)])


def pass_on_conditions(campaign):
    return campaign.submit("F16", with_rectification(campaign, "CONDITIONAL_PASS"))


def advance(campaign):
    run = current_run(campaign.refreshed())
    return operations.advance(
        campaign.collaboration, seen_step_run_id=run.pk, actor=campaign.actor("产品经理"), at=campaign.at
    )


def test_acceptance_cannot_begin_before_the_window_is_over(campaign):
    campaign.carry_to("EXECUTE")
    campaign.report_week()
    campaign.finish_tasks()
    with refused(Refused, "collaborations.window_not_begun"):
        advance(campaign)
    campaign.wait_until(campaign.start + timedelta(days=samples.WINDOW_ENDS_ON - 1))
    live = campaign.collaboration.milestones.get(form_code="F04", name="活动上线")
    operations.reach_milestone(
        live,
        reached_on=campaign.start + timedelta(days=samples.LIVE_ON),
        evidence="线上地址",
        actor=campaign.actor("产品经理"),
        at=campaign.at,
    )
    with refused(Refused, "collaborations.window_open") as caught:
        advance(campaign)
    until = (campaign.start + timedelta(days=samples.WINDOW_ENDS_ON - 1)).isoformat()
    assert [finding.params["until"] for finding in caught.value.findings] == [until, until]
    assert ("STEP", "EXECUTE") not in campaign.desk("产品经理")
    campaign.wait(days=1)
    assert advance(campaign).step == "ACCEPT"


def test_targets_reached_early_end_the_window(campaign):
    campaign.carry_to("EXECUTE")
    campaign.report_week()
    campaign.finish_tasks()
    before = last_entry()
    measure_all(campaign, campaign.today - timedelta(days=1))
    live = campaign.collaboration.milestones.get(form_code="F04", name="活动上线")
    operations.reach_milestone(
        live, reached_on=campaign.today, evidence="线上地址", actor=campaign.actor("产品经理"), at=campaign.at
    )
    assert [code for code, _place in campaign.in_the_way()] == ["collaborations.window_open"] * 2
    assert results_so_far(campaign) == []
    measure_all(campaign, campaign.today)
    assert results_so_far(campaign) == [Decimal(100000), Decimal(15)]
    values = [fact["value"] for fact in facts_since(before, "collaborations.metric.measured")]
    assert values == ["100000", "15"] * 2, "what was measured before the window began does not count for it"
    assert campaign.in_the_way() == []
    assert ("STEP", "EXECUTE") in campaign.desk("产品经理")


def results_so_far(campaign):
    """What the acceptance sheet would say of the metrics."""
    return [item.actual for item in items_to_judge(campaign.refreshed()) if item.type == "METRIC" and item.actual]


def measure_all(campaign, day):
    for name, value in (("新增用户数", "100000"), ("活动转化率", "15")):
        assert ("STEP", "EXECUTE") not in campaign.desk("产品经理")
        operations.measure_metric(
            Metric.objects.get(form_code="F04", name=name),
            value=Decimal(value),
            measured_on=day,
            evidence="数据平台",
            actor=campaign.actor("产品经理"),
            at=campaign.at,
        )


def test_a_missed_metric_cannot_simply_pass(at_acceptance):
    record = at_acceptance.fill("F16", form(at_acceptance))
    with refused(Refused, "collaborations.pass_with_unmet") as caught:
        records.submit(
            record, seen_revision=record.revision, actor=at_acceptance.actor("产品经理"), at=at_acceptance.at
        )
    assert [(each.params["item"], each.params["gap"]) for each in caught.value.findings] == [("新增用户数", "8000")]
    assert at_acceptance.desk("产品经理") == [("FORM", "F16")]


def test_on_conditions_it_needs_a_rectification_for_the_gap(at_acceptance):
    record = at_acceptance.fill("F16", form(at_acceptance, conclusion="CONDITIONAL_PASS"))
    with refused(Refused, "collaborations.rectification_missing"):
        records.submit(
            record, seen_revision=record.revision, actor=at_acceptance.actor("产品经理"), at=at_acceptance.at
        )


def test_the_executive_allows_it_first_and_then_all_four_departments_confirm(at_acceptance):
    pass_on_conditions(at_acceptance)
    four = ("产品部负责人", *HEADS.values())
    assert at_acceptance.desk("分管副总") == [("SIGNOFF", "executive")]
    assert not any(kind == "SIGNOFF" for post in four for kind, _ in at_acceptance.desk(post))
    at_acceptance.decide("F16", "ACCEPTANCE", "分管副总", opinion="同意整改")
    assert all("SIGNOFF" in dict(at_acceptance.desk(post)) for post in four)
    for post in four[:-1]:
        at_acceptance.decide("F16", "ACCEPTANCE", post)
    assert at_acceptance.step == "ACCEPT"
    assert at_acceptance.in_the_way() == [("collaborations.open_signoff", "运营部")]
    assert not Commitment.objects.filter(kind="RECTIFICATION").exists()
    before = last_entry()
    at_acceptance.decide("F16", "ACCEPTANCE", four[-1])
    assert at_acceptance.step == "RETRO"
    owed = Commitment.objects.get(kind="RECTIFICATION")
    assert (owed.state, owed.gate, owed.owner_id) == ("OPEN", "", at_acceptance.company["推广经理"].pk)
    assert owed.due_on == at_acceptance.today + timedelta(days=30)
    assert [fact["kind"] for fact in facts_since(before, "commitments.commitment.made")] == ["RECTIFICATION"]
    assert ("COMMITMENT", "") in at_acceptance.desk("推广经理")
    assert Record.objects.get(form_code="F16").status == "APPROVED"


def test_the_executive_may_say_no_and_the_report_comes_back(at_acceptance):
    pass_on_conditions(at_acceptance)
    at_acceptance.decide("F16", "ACCEPTANCE", "分管副总", decision=Decision.REFUSE, opinion="差距过大")
    assert at_acceptance.step == "ACCEPT"
    assert Record.objects.get(form_code="F16").status == "RETURNED"
    assert at_acceptance.desk("产品经理") == [("FORM", "F16")]
    assert not Commitment.objects.filter(kind="RECTIFICATION").exists()


@pytest.fixture
def failed(at_acceptance):
    at_acceptance.submit("F16", with_rectification(at_acceptance, "FAIL"))
    return at_acceptance


def test_not_passed_it_goes_back_to_execution_with_the_rectification_in_the_way(failed):
    runs = StepRun.objects.filter(collaboration=failed.collaboration, step__in=["EXECUTE", "ACCEPT"]).order_by("pk")
    assert [(run.step, run.round, run.outcome) for run in runs] == [
        ("EXECUTE", 1, "DONE"),
        ("ACCEPT", 1, "FAILED"),
        ("EXECUTE", 2, ""),
    ]
    assert Record.objects.get(form_code="F16").status == "RETURNED"
    assert failed.in_the_way() == [("collaborations.open_commitment", "新增用户数: 延长两个渠道的投放，补足新增用户")]
    assert failed.desk("推广经理") == [("COMMITMENT", "")]
    assert failed.desk("产品经理") == []
    with refused(Refused, "collaborations.open_commitment"):
        advance(failed)


def test_rectified_it_is_judged_again_and_promised_only_once(failed):
    owed = Commitment.objects.get(kind="RECTIFICATION")
    commitments.claim(owed, evidence="新增 8000 人", actor=failed.actor("推广经理"), at=failed.at)
    assert ("VERIFY", "") in failed.desk("产品经理")
    owed.refresh_from_db()
    commitments.verify(owed, accepted=True, actor=failed.actor("产品经理"), at=failed.at)
    assert failed.desk("产品经理") == [("STEP", "EXECUTE")]
    failed.go_on()
    assert failed.desk("产品经理") == [("FORM", "F16")]
    version = failed.accept()
    assert version.version == 2
    failed.confirm_acceptance()
    assert failed.step == "RETRO"
    assert Commitment.objects.filter(kind="RECTIFICATION").count() == 1


def test_the_failed_report_cannot_be_submitted_again_outside_its_step(failed):
    record = Record.objects.get(form_code="F16")
    with refused(NotThisStep):
        records.submit(record, seen_revision=record.revision, actor=failed.actor("产品经理"), at=failed.at)
