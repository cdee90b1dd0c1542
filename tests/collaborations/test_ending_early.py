"""Ending the work early, and refusing a matter for good."""

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.errors import AuthorSigns
from bihuan.approvals.models import Signoff
from bihuan.collaborations import operations
from bihuan.collaborations.errors import HasEnded, NotTheLead
from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.collaborations.queries import current_run, loops_of
from bihuan.commitments.models import Commitment
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.plans.models import Task
from bihuan.records import queries as record_queries
from bihuan.records.models import Record
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.witness import facts_since, last_entry, names_since, refused

EXECUTIVE, ROUTE = "分管副总", "EARLY_END"
BODY = {"reason": "公司战略调整，该市场不再投入", "reached": "完成需求调研，资料在协作空间", "spent": "2万"}


def ask(campaign, post="产品经理"):
    return campaign.submit("F28", BODY, post)


class TestAsking:
    def test_the_executive_of_the_lead_department_is_asked_and_it_holds_the_step(self, campaign):
        campaign.carry_to("EXECUTE")
        version = ask(campaign)
        slot = Signoff.objects.get(route=ROUTE).slots.get()
        assert (version.record.number, slot.principal) == ("XZ-2026-0001-F28-01", f"x:{campaign.cast.product}")
        assert ("SIGNOFF", "leave:EXECUTE") in [(loop.kind, loop.gate) for loop in loops_of(campaign.collaboration.pk)]
        assert campaign.desk(EXECUTIVE) == [("SIGNOFF", "executive")]

    def test_who_does_not_carry_the_matter_asks_for_nothing(self, campaign):
        campaign.carry_to("PLAN")
        with refused(NotTheLead):
            campaign.draft("F28", "市场部负责人")

    def test_before_anybody_agreed_and_after_the_work_there_is_nothing_to_end(self, campaign):
        with refused(Refused, "collaborations.nothing_begun"):
            campaign.draft("F28", "产品经理")
        campaign.carry_to("RETRO")
        with refused(Refused, "collaborations.work_is_over"):
            campaign.draft("F28", "产品经理")

    def test_it_is_asked_once_at_a_time_and_nobody_approves_his_own(self, campaign):
        campaign.carry_to("PLAN")
        ask(campaign)
        with refused(Refused, "collaborations.proposal_open"):
            campaign.draft("F28", "产品经理")
        slot = Signoff.objects.get(route=ROUTE).slots.get()
        with refused(AuthorSigns):
            approvals.decide(
                slot,
                decision=Decision.APPROVE,
                seen_digest=slot.digest,
                actor=campaign.actor("产品经理"),
                at=campaign.at,
            )

    def test_taken_back_it_asks_nobody_and_may_be_asked_anew(self, campaign):
        campaign.carry_to("PLAN")
        ask(campaign)
        before = last_entry()
        with refused(Refused, "collaborations.reason_missing"):
            take_back(campaign, reason=" ")
        with refused(NotTheLead):
            take_back(campaign, post="市场部负责人")
        take_back(campaign)
        assert names_since(before) == ["approvals.signoff.voided", "records.record.withdrawn"]
        assert (campaign.desk(EXECUTIVE), campaign.step) == ([], "PLAN")
        with refused(Refused, "collaborations.no_proposal"):
            take_back(campaign)
        assert campaign.draft("F28", "产品经理").status == "DRAFT"


def take_back(campaign, post="产品经理", reason="继续推进"):
    operations.withdraw_proposal(
        campaign.refreshed(), form_code="F28", reason=reason, actor=campaign.actor(post), at=campaign.at
    )


class TestRefusing:
    def test_the_matter_goes_on_and_the_request_stays_refused(self, campaign):
        campaign.carry_to("ACCEPT")
        ask(campaign)
        campaign.decide("F28", ROUTE, EXECUTIVE, decision=Decision.REFUSE, opinion="继续做完")
        assert (campaign.step, Record.objects.get(form_code="F28").status) == ("ACCEPT", "REJECTED")
        assert campaign.desk(EXECUTIVE) == []

    def test_sent_back_to_its_author_it_is_mended_and_decided(self, campaign):
        campaign.carry_to("ACCEPT")
        ask(campaign)
        slot = Signoff.objects.get(route=ROUTE).slots.get()
        approvals.return_to(slot, to_step=0, reason="请写明已花费用", actor=campaign.actor(EXECUTIVE), at=campaign.at)
        assert (campaign.step, ("FORM", "F28") in campaign.desk("产品经理")) == ("ACCEPT", True)
        ask(campaign)
        campaign.decide("F28", ROUTE, EXECUTIVE, opinion="同意")
        assert campaign.step == "RETRO"


class TestEnding:
    @pytest.fixture
    def stopped(self, campaign):
        campaign.carry_to("EXECUTE")
        ask(campaign)
        self.before = last_entry()
        campaign.decide("F28", ROUTE, EXECUTIVE, opinion="同意终止")
        campaign.refreshed()
        return campaign

    def test_open_work_is_cancelled_with_its_facts_and_what_is_in_place_is_to_go_back(self, stopped):
        names = names_since(self.before)
        assert set(Task.objects.values_list("state", flat=True)) == {"CANCELLED"}
        assert set(Need.objects.values_list("state", flat=True)) == {"IN_PLACE"}
        assert names.count("plans.task.cancelled") == Task.objects.count()
        (fact,) = facts_since(self.before, "collaborations.work.stopped")
        assert (fact["step"], fact["number"], fact["reason"]) == ("EXECUTE", "XZ-2026-0001-F28-01", BODY["reason"])
        run = StepRun.objects.get(step="EXECUTE")
        assert (run.outcome, run.left_at) == ("STOPPED", stopped.at)
        assert not Signoff.objects.filter(state="OPEN").exists()

    def test_only_the_review_is_asked_for_and_then_the_archive(self, stopped):
        assert stopped.step == "RETRO"
        assert [(loop.kind, loop.part) for loop in loops_of(stopped.collaboration.pk)] == [("FORM", "F17")]
        assert stopped.collaboration.ended_at is None

    def test_a_short_review_must_say_why_and_the_archive_says_what_was_never_made(self, stopped):
        with refused(Refused, "collaborations.early_end_unexplained"):
            stopped.submit("F17", review(stopped, problems=[], problems_none="yes"))
        stopped.submit("F17", review(stopped))
        assert stopped.step == "ARCHIVE"
        lines = {row["id"]: row["waived_reason"] for row in stopped.draft("F20", "产品经理").draft["checklist"]}
        assert lines["F16"]
        assert lines["F01"] == ""

    def test_in_the_end_it_is_terminated_and_improvements_stay_owed(self, stopped):
        stopped.submit("F17", review(stopped, improvements=samples.review(stopped.cast, stopped.today)["improvements"]))
        stopped.release_needs()
        record = stopped.draft("F20", "产品经理")
        body = samples.archive(stopped.cast, [row["id"] for row in record.draft["checklist"]])
        body["checklist"] = record.draft["checklist"]
        stopped.submit("F20", body)
        assert (stopped.refreshed().ending, stopped.step) == ("TERMINATED", "")
        assert set(Commitment.objects.values_list("kind", "state")) == {("IMPROVEMENT", "OPEN")}
        assert {loop.kind for loop in loops_of(stopped.collaboration.pk)} == {"COMMITMENT"}

    def test_it_is_not_ended_twice(self, stopped):
        with refused(Refused, "collaborations.work_is_over"):
            stopped.draft("F28", "产品经理")


def review(campaign, **changes):
    body = samples.review(campaign.cast, campaign.today)
    return body | {"went_well": [], "improvements": []} | changes


ONE_WAY = {
    "key": "ONE_WAY", "name": "不可退回", "name_en": "Without a way back",
    "steps": [
        {"key": "REQUEST", "auto": True, "forms": [{"code": "F01", "filler": "INITIATOR"}]},
        {"key": "APPROVAL", "auto": True, "routes": [{"code": "HEAD_REVIEW", "form": "F01"}]},
        {"key": "EXECUTE"},
        {"key": "CLOSED"},
    ],
}  # fmt: skip


class TestRefusedForGood:
    @pytest.fixture
    def asked(self, company, playbooks, at):
        operations.publish_playbook(ONE_WAY, actor=SYSTEM, at=at)
        one_way = Campaign.begin(company, at, "ONE_WAY")
        one_way.request()
        return one_way

    def test_a_no_where_no_way_leads_back_rejects_the_paper_and_the_matter(self, asked):
        before = last_entry()
        asked.decide(
            "F01", "HEAD_REVIEW", "产品部负责人", decision=Decision.REFUSE, opinion="与战略不符",
            tests={"quantified_ok": True, "reasonable_ok": False, "feasible_ok": True},
        )  # fmt: skip
        matter = asked.refreshed()
        assert (matter.ending, matter.ended_at, current_run(matter)) == ("REJECTED", asked.at, None)
        assert Record.objects.get(form_code="F01").status == "REJECTED"
        assert loops_of(matter.pk) == []
        names = ["approvals.slot.decided", "records.record.settled", "collaborations.collaboration.ended"]
        assert names_since(before) == names
        (ended,) = facts_since(before, "collaborations.collaboration.ended")
        assert (ended["ending"], "与战略不符" in ended["reason"]) == ("REJECTED", True)

    def test_sent_back_instead_it_goes_to_the_step_that_asks_for_it(self, asked):
        slot = Signoff.objects.get(route="HEAD_REVIEW").slots.get()
        approvals.return_to(slot, to_step=0, reason="请补充数据", actor=asked.actor("产品部负责人"), at=asked.at)
        assert (asked.step, Record.objects.get(form_code="F01").status) == ("REQUEST", "RETURNED")
        assert ("FORM", "F01") in asked.desk("产品经理")


class TestRejecting:
    def test_a_matter_refused_for_good_keeps_nothing_open(self, campaign):
        campaign.request()
        before = last_entry()
        executive = campaign.actor(EXECUTIVE)
        operations.reject_collaboration(campaign.refreshed(), reason="与战略不符", actor=executive, at=campaign.at)
        assert (campaign.refreshed().ending, campaign.collaboration.ended_at) == ("REJECTED", campaign.at)
        assert loops_of(campaign.collaboration.pk) == []
        assert facts_since(before, "collaborations.collaboration.ended") == [
            {"name": "collaborations.collaboration.ended", "ending": "REJECTED", "reason": "与战略不符"}
        ]
        with refused(HasEnded):
            operations.reject_collaboration(campaign.refreshed(), reason="再次", actor=executive, at=campaign.at)
        assert current_run(Collaboration.objects.get()) is None
        assert record_queries.record_of(campaign.root, "F01").status == "SUBMITTED"
