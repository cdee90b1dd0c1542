"""Beginning, taking back, handing over and adopting a matter."""

import pytest

from bihuan.approvals.models import Signoff
from bihuan.collaborations import operations
from bihuan.collaborations.errors import HasEnded, NotImported, NotTheLead, NotThisStep, TooLateToWithdraw
from bihuan.collaborations.models import Collaboration, Loop, StepRun
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.queries import current_run, loops_of
from bihuan.issues import operations as issues
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Department, Person
from bihuan.records import operations as records
from bihuan.records.models import Record
from bihuan.resources.errors import StaleNeed
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.collaborations.sources import matter
from tests.witness import facts_since, last_entry, names_since, refused


def start(company, at, **changes):
    arguments = {
        "title": "联合活动",
        "department_id": company.departments["产品部"].pk,
        "playbook": "SEED_B",
        "actor": company.actor("产品经理", at),
        "at": at,
    }
    return operations.start_collaboration(**arguments | changes)


class TestStarting:
    def test_a_matter_begins_as_a_draft_with_its_first_form_open(self, company, at, campaign):
        before = last_entry()
        begun = start(company, at, title="  联合活动 ")
        assert (begun.title, begun.number, begun.lead_id, begun.started_at) == ("联合活动", None, company.lead.pk, at)
        assert (current_run(begun).step, current_run(begun).round) == ("REQUEST", 1)
        assert [(loop.kind, loop.part, loop.owner) for loop in loops_of(begun.pk)] == [
            ("FORM", "F01", company.principal("产品经理"))
        ]
        assert names_since(before) == ["collaborations.collaboration.started", "collaborations.step.entered"]
        (fact,) = facts_since(before, "collaborations.collaboration.started")
        assert (fact["title"], fact["playbook"], fact["playbook_version"]) == ("联合活动", "SEED_B", 1)

    @pytest.mark.parametrize("title", ["", "   "])
    def test_without_a_title_it_is_refused(self, company, at, campaign, title):
        with refused(Refused, "collaborations.title_missing"):
            start(company, at, title=title)

    def test_for_a_department_of_others_it_is_not_allowed(self, company, at, campaign):
        with refused(NotAllowed):
            start(company, at, department_id=company.departments["市场部"].pk)

    def test_the_machine_begins_nothing(self, company, at, campaign):
        with refused(NotAllowed):
            start(company, at, actor=SYSTEM)

    @pytest.mark.parametrize("playbook", ["IMPORTED", "NO_SUCH"])
    def test_on_a_playbook_nothing_begins_on_it_is_refused(self, company, at, campaign, playbook):
        with refused(Refused, "collaborations.playbook_unknown"):
            start(company, at, playbook=playbook)


class TestTakingBack:
    def withdraw(self, campaign, post="产品经理", reason="预算取消"):
        operations.withdraw_collaboration(
            campaign.refreshed(), reason=reason, actor=campaign.actor(post), at=campaign.at
        )

    def test_a_draft_taken_back_leaves_nothing_open(self, campaign):
        campaign.draft("F01", "产品经理")
        before = last_entry()
        self.withdraw(campaign)
        assert (campaign.refreshed().ending, campaign.collaboration.ended_at) == ("WITHDRAWN", campaign.at)
        assert not Record.objects.exists()
        assert loops_of(campaign.collaboration.pk) == []
        assert StepRun.objects.get().outcome == "ENDED"
        assert facts_since(before, "collaborations.collaboration.ended") == [
            {"name": "collaborations.collaboration.ended", "ending": "WITHDRAWN", "reason": "预算取消"}
        ]

    def test_open_questions_are_withdrawn_and_the_number_stays_used(self, campaign):
        campaign.request()
        self.withdraw(campaign)
        assert campaign.refreshed().number == "XZ-2026-0001"
        assert Record.objects.get().status == "WITHDRAWN"
        assert Signoff.objects.get().state == "VOID"
        assert campaign.desk("市场部负责人") == []

    def test_what_others_filed_does_not_stand_in_its_way(self, campaign):
        campaign.request()
        finder = campaign.actor("开发组长")
        risk = issues.start_risk(campaign.refreshed(), actor=finder, at=campaign.at)
        body = samples.risk(campaign.cast, campaign.start, campaign.at.isoformat())
        risk = records.save_draft(risk, body=body, seen_revision=risk.revision, actor=finder, at=campaign.at)
        records.submit(risk, seen_revision=risk.revision, actor=finder, at=campaign.at)
        issues.start_risk(campaign.refreshed(), actor=finder, at=campaign.at)
        self.withdraw(campaign)
        assert campaign.refreshed().ending == "WITHDRAWN"
        states = Record.objects.filter(form_code="F11").order_by("pk").values_list("status", flat=True)
        assert list(states) == ["SUBMITTED", "DRAFT"]
        assert loops_of(campaign.collaboration.pk) == []

    def test_only_the_initiator_takes_it_back(self, campaign):
        with refused(NotAllowed):
            self.withdraw(campaign, post="产品部负责人")

    def test_a_reason_is_needed(self, campaign):
        with refused(Refused, "collaborations.reason_missing"):
            self.withdraw(campaign, reason=" ")

    def test_twice_is_too_often(self, campaign):
        self.withdraw(campaign)
        with refused(HasEnded):
            self.withdraw(campaign)

    def test_once_the_work_has_begun_it_is_too_late(self, campaign):
        campaign.carry_to("EXECUTE")
        with refused(TooLateToWithdraw):
            self.withdraw(campaign)

    def test_a_filed_plan_does_not_stand_in_its_way(self, campaign):
        campaign.carry_to("RESOURCE")
        self.withdraw(campaign)
        assert (campaign.refreshed().ending, Record.objects.get(form_code="F26").status) == ("WITHDRAWN", "SUBMITTED")

    def test_nothing_of_it_is_answered_or_submitted_afterwards(self, campaign):
        campaign.request()
        self.withdraw(campaign)
        with refused(HasEnded):
            campaign.promise_needs()
        with refused(HasEnded):
            campaign.draft("F03", "产品经理")
        assert not Need.objects.exclude(state="ASKED").exists()
        assert StaleNeed.status == 409


class TestHandingOver:
    def hand_over(self, campaign, to="开发组长", post="产品经理", reason="调岗"):
        matter = campaign.refreshed()
        operations.change_lead(
            matter, lead_id=campaign.company[to].pk, reason=reason, actor=campaign.actor(post), at=campaign.at
        )

    def test_the_new_lead_takes_over_forms_and_sight(self, campaign):
        campaign.carry_to("PLAN")
        before = last_entry()
        self.hand_over(campaign)
        assert campaign.refreshed().lead_id == campaign.company["开发组长"].pk
        assert campaign.desk("开发组长") == [("FORM", "F04"), ("FORM", "F05")]
        assert campaign.desk("产品经理") == []
        assert facts_since(before, "collaborations.lead.changed") == [
            {
                "name": "collaborations.lead.changed",
                "before": campaign.company["产品经理"].pk,
                "after": campaign.company["开发组长"].pk,
                "reason": "调岗",
            }
        ]

    def test_who_does_not_carry_it_hands_nothing_over(self, campaign):
        campaign.request()
        with refused(NotTheLead):
            self.hand_over(campaign, post="市场部负责人")

    def test_a_reason_is_needed(self, campaign):
        with refused(Refused, "collaborations.reason_missing"):
            self.hand_over(campaign, reason="")

    def test_nobody_who_has_left_becomes_lead(self, campaign):
        Person.objects.filter(pk=campaign.company["开发组长"].pk).update(is_active=False)
        with refused(Refused, "collaborations.lead_unknown"):
            self.hand_over(campaign)

    def test_after_the_end_there_is_nothing_to_hand_over(self, campaign):
        TestTakingBack().withdraw(campaign)
        with refused(HasEnded):
            self.hand_over(campaign)

    def test_from_a_page_that_is_behind_it_is_refused(self, campaign):
        seen = campaign.refreshed()
        self.hand_over(campaign)
        with refused(Stale):
            operations.change_lead(
                seen,
                lead_id=campaign.company["运营经理"].pk,
                reason="调岗",
                actor=campaign.actor("产品经理"),
                at=campaign.at,
            )


class TestAdopting:
    @pytest.fixture
    def imported(self, campaign, company, at):
        Department.objects.filter(pk=company.departments["产品部"].pk).update(source_key="acme/product")
        import_collaborations([matter(lead_department_key="acme/product")], actor=SYSTEM, at=at)
        return Collaboration.objects.get(source_key="acme/1")

    def adopt(self, imported, company, at, post="产品部负责人", lead="产品经理"):
        return operations.adopt_collaboration(
            imported, playbook="SEED_B", lead_id=company[lead].pk, actor=company.actor(post, at), at=at
        )

    @pytest.mark.parametrize("post", ["产品部负责人", "PMO专员"])
    def test_an_imported_matter_is_put_on_a_playbook(self, imported, company, at, post):
        before = last_entry()
        adopted = self.adopt(imported, company, at, post)
        runs = StepRun.objects.filter(collaboration=adopted).order_by("pk")
        assert [(run.step, run.outcome) for run in runs] == [("IMPORTED", "ADOPTED"), ("REQUEST", "")]
        assert (adopted.initiator_id, adopted.lead_id) == (company[post].pk, company["产品经理"].pk)
        assert [(loop.kind, loop.part, loop.owner) for loop in loops_of(adopted.pk)] == [
            ("FORM", "F01", company.principal(post))
        ]
        assert names_since(before) == [
            "collaborations.step.left",
            "collaborations.collaboration.adopted",
            "collaborations.step.entered",
        ]

    def test_others_do_not_adopt_it(self, imported, company, at):
        with refused(NotAllowed):
            self.adopt(imported, company, at, "产品经理")

    def test_it_is_adopted_once(self, imported, company, at):
        self.adopt(imported, company, at)
        with refused(NotImported):
            self.adopt(imported, company, at)

    def test_without_a_department_nobody_could_lead_it(self, imported, company, at):
        Collaboration.objects.filter(pk=imported.pk).update(lead_department=None)
        imported.refresh_from_db()
        with refused(Refused, "collaborations.adopt_without_department"):
            self.adopt(imported, company, at, "PMO专员")

    def test_nobody_who_has_left_leads_it(self, imported, company, at):
        Person.objects.filter(pk=company.lead.pk).update(is_active=False)
        with refused(Refused, "collaborations.lead_unknown"):
            self.adopt(imported, company, at)


class TestRevising:
    def revise(self, campaign, form_code="F01", post="产品经理", reason="补充指标"):
        return operations.revise_form(
            campaign.refreshed(), form_code=form_code, reason=reason, actor=campaign.actor(post), at=campaign.at
        )

    def test_a_submitted_request_opens_again_and_its_questions_are_withdrawn(self, campaign):
        campaign.request()
        before = last_entry()
        record = self.revise(campaign)
        assert (record.status, record.current_version.version) == ("RETURNED", 1)
        assert campaign.signoff("F01", "OPINIONS").state == "VOID"
        assert campaign.desk("产品经理") == [("FORM", "F01")]
        assert not any(kind == "SIGNOFF" for kind, _ in campaign.desk("市场部负责人"))
        assert names_since(before) == ["approvals.signoff.voided", "records.record.returned"]
        campaign.request()
        assert campaign.latest("F01").version == 2
        assert campaign.refreshed().number == "XZ-2026-0001"

    def test_a_reason_is_needed(self, campaign):
        campaign.request()
        with refused(Refused, "collaborations.reason_missing"):
            self.revise(campaign, reason="")

    def test_a_draft_needs_no_revising(self, campaign):
        campaign.draft("F01", "产品经理")
        with refused(Refused, "collaborations.nothing_to_revise"):
            self.revise(campaign)

    def test_others_do_not_revise_it(self, campaign):
        campaign.request()
        with refused(NotAllowed):
            self.revise(campaign, post="市场部负责人")

    def test_the_form_of_an_earlier_step_stays_as_it_was_agreed(self, campaign):
        campaign.carry_to("ALIGN")
        with refused(NotThisStep):
            self.revise(campaign)


def test_a_new_head_is_asked_from_the_day_of_his_post(campaign):
    campaign.request()
    company, at = campaign.company, campaign.at
    organisation.appoint(
        person_id=company[STAFF].pk,
        department_id=company.departments["市场部"].pk,
        title="市场总监",
        kind="HEAD",
        starts_on=campaign.today,
        actor=SYSTEM,
        at=at,
    )
    assert ("SIGNOFF", str(campaign.cast.marketing)) in campaign.desk(STAFF)
    assert Loop.objects.filter(owner=company.head("市场部"), closed_at=None).count() == 2


STAFF = "市场专员"
