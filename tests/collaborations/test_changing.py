"""A change of the plan under way: asked for, refused, or approved and agreed on anew (F21, G28)."""

import pytest

from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Signoff
from bihuan.collaborations import operations
from bihuan.collaborations.errors import NotTheLead, TooLateToWithdraw
from bihuan.collaborations.models import StepRun
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.proposals import back_for_change, reopened_by_change
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from bihuan.plans.models import Task
from bihuan.records import queries as record_queries
from bihuan.records.models import Record
from tests.campaign import HEADS
from tests.witness import facts_since, last_entry, refused

EXECUTIVE, ROUTE = "分管副总", "CHANGE"


def body(campaign, **said):
    return {
        "reason": "渠道政策调整，投放须推迟两周",
        "changes": [{"id": "c1", "what": "DATE", "before": "12月1日上线", "after": "12月15日上线"}],
        "effective_on": campaign.today.isoformat(), "touches_agreement": "no", "impact_time": "整体顺延两周",
        "impact_cost": "无", "impact_quality": "无", "impact_depts": "运营部客服排班顺延", **said,
    }  # fmt: skip


def ask(campaign, post="产品经理", **said):
    return campaign.submit("F21", body(campaign, **said), post)


def status(code):
    return Record.objects.get(form_code=code).status


def again(campaign, code, post="产品经理", **said):
    """The form as it was, with these words changed."""
    draft = record_queries.record_of(campaign.root, code).draft
    return campaign.submit(code, {**draft, **said}, post)


class TestAsking:
    def test_before_and_after_the_work_there_is_no_plan_under_way_to_change(self, campaign):
        for step in ("PLAN", "RETRO"):
            campaign.carry_to(step)
            with refused(Refused, "collaborations.nothing_to_change"):
                campaign.draft("F21", "产品经理")

    def test_who_does_not_carry_it_asks_for_nothing_and_a_past_day_is_refused(self, campaign):
        campaign.carry_to("EXECUTE")
        with refused(NotTheLead):
            campaign.draft("F21", "市场部负责人")
        with refused(Refused, "collaborations.effective_past"):
            ask(campaign, effective_on="2026-01-05")
        with refused(Refused, "records.required"):
            ask(campaign, impact_depts="")
        ask(campaign)
        with refused(Refused, "collaborations.proposal_open"):
            campaign.draft("F21", "产品经理")
        assert ("SIGNOFF", "leave:EXECUTE") in list(campaign.collaboration.loops.values_list("kind", "gate"))

    def test_refused_nothing_moves(self, campaign):
        campaign.carry_to("EXECUTE")
        ask(campaign)
        before = last_entry()
        campaign.decide("F21", ROUTE, EXECUTIVE, decision=Decision.REFUSE, opinion="维持原计划")
        assert [fact["name"] for fact in facts_since(before)] == ["approvals.slot.decided", "records.record.settled"]
        assert (campaign.step, status("F21"), status("F04")) == ("EXECUTE", "REJECTED", "APPROVED")


class TestChanging:
    @pytest.fixture
    def changed(self, campaign):
        campaign.carry_to("EXECUTE")
        ask(campaign)
        self.before = last_entry()
        campaign.decide("F21", ROUTE, EXECUTIVE, opinion="同意变更")
        return campaign

    def test_the_matter_goes_back_to_its_plan_in_a_new_round(self, changed):
        run = StepRun.objects.get(collaboration=changed.collaboration, left_at__isnull=True)
        assert (run.step, run.round) == ("PLAN", 2)
        assert StepRun.objects.get(step="EXECUTE").outcome == "CHANGED"
        told = [fact for fact in facts_since(self.before) if fact["name"].startswith("collaborations.")]
        assert told[0] == {
            "name": "collaborations.change.approved", "number": "XZ-2026-0001-F21-01", "step": "PLAN",
            "reason": "渠道政策调整，投放须推迟两周",
        }  # fmt: skip
        assert [fact["name"] for fact in told[1:]] == ["collaborations.step.left", "collaborations.step.entered"]
        assert [status(code) for code in ("F03", "F04", "F05", "F26")] == ["APPROVED", *["RETURNED"] * 3]
        owed = changed.collaboration.loops.filter(kind="FORM", closed_at__isnull=True).order_by("part")
        assert list(owed.values_list("part", "gate")) == [("F04", "leave:PLAN"), ("F05", "leave:PLAN")]
        notice = Notice.objects.filter(kind="collaborations.standing", person=changed.company["产品经理"]).get()
        assert (notice.params["number"], notice.params["step"]) == ("XZ-2026-0001-F21-01", "PLAN")

    def test_it_is_planned_approved_and_filed_anew_and_tasks_keep_their_progress(self, changed):
        tasks = list(Task.objects.order_by("pk").values_list("pk", "state"))
        again(changed, "F05")
        again(changed, "F04")
        assert changed.step == "APPROVAL"
        changed.approve_plan()
        assert changed.step == "FILING"
        number = Record.objects.get(form_code="F26").number
        again(changed, "F26", "行政专员")
        assert (changed.step, Record.objects.get(form_code="F26").number) == ("EXECUTE", number)
        assert list(Task.objects.order_by("pk").values_list("pk", "state")) == tasks
        assert StepRun.objects.get(step="EXECUTE", left_at__isnull=True).round == 2


def test_what_has_been_worked_on_is_not_taken_back_though_a_change_led_it_back(campaign):
    campaign.carry_to("EXECUTE")
    ask(campaign, touches_agreement="yes")
    campaign.decide("F21", ROUTE, EXECUTIVE, opinion="同意变更")
    with refused(TooLateToWithdraw):
        operations.withdraw_collaboration(
            campaign.refreshed(), reason="不做了", actor=campaign.actor("产品经理"), at=campaign.at
        )
    assert campaign.draft("F28", "产品经理").status == "DRAFT"


def test_of_what_was_agreed_only_the_lines_that_change_are_decided_on_anew(campaign):
    campaign.carry_to("EXECUTE")
    ask(campaign, touches_agreement="yes")
    campaign.decide("F21", ROUTE, EXECUTIVE, opinion="同意变更")
    assert (campaign.step, status("F03"), status("F04")) == ("ALIGN", "RETURNED", "RETURNED")
    draft = record_queries.record_of(campaign.root, "F03").draft
    first, *others = draft["commitments"]
    again(campaign, "F03", commitments=[{**first, "what": first["what"] + "，延后两周"}, *others])
    slots = Signoff.objects.filter(route="CONSENSUS").order_by("-pk")[0].slots
    waiting = slots.filter(state="PENDING").values_list("part", flat=True)
    assert set(waiting) == {f"commitments/{first['id']}"}
    assert slots.filter(state="APPROVED").count() == 4 * len(waiting)
    for post in HEADS.values():
        campaign.decide("F03", "CONSENSUS", post)
    assert campaign.step == "PLAN"


def test_each_playbook_goes_back_to_what_it_carries_out():
    def plan(*steps):
        return read_playbook({"key": "P", "steps": [{"key": key, "forms": []} for key in steps]})

    whole = plan("REQUEST", "ALIGN", "PLAN", "EXECUTE")
    assert [back_for_change(whole, touches_agreement=yes) for yes in (True, False)] == ["ALIGN", "PLAN"]
    assert back_for_change(plan("REQUEST", "ALIGN", "EXECUTE"), touches_agreement=False) == "ALIGN"
    assert back_for_change(plan("REQUEST", "EXECUTE"), touches_agreement=True) == "REQUEST"
    filed = {"key": "FILING", "forms": [{"code": "F26", "filler": "FILING"}]}
    kickoff = {"key": "KICKOFF", "forms": [{"code": "F07", "filler": "LEAD"}]}
    steps = [{"key": "PLAN", "forms": [{"code": "F04", "filler": "LEAD"}]}, filed, kickoff, {"key": "EXECUTE"}]
    assert reopened_by_change(read_playbook({"key": "P", "steps": steps}), "PLAN") == ["F04", "F26"]
