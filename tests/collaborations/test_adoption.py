"""An imported matter is taken up at the step where it stands, and what is missing is made up for."""

from datetime import timedelta

import pytest

from bihuan.access import queries as access
from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations, queries
from bihuan.collaborations.errors import NotImported, NotThisStep
from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.policy.adoption import adoption_findings, carried_before, steps_to_adopt_at
from bihuan.collaborations.policy.playbook import PlaybookPlan, StepPlan
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.organisation.models import Department
from bihuan.organisation.queries import day_of
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.collaborations.sources import matter
from tests.witness import facts_since, last_entry, names_since, refused

GROUND = "2026-10-08 经营会纪要第 3 条"
STEPS = ("REQUEST", "ALIGN", "PLAN", "APPROVAL", "FILING", "RESOURCE")


def plan(*keys):
    return PlaybookPlan("P", tuple(StepPlan(key, (), (), (), auto=True, back_to="") for key in keys), "")


class TestWhere:
    def test_up_to_the_work_and_not_behind_it(self):
        steps = steps_to_adopt_at(plan("REQUEST", "EXECUTE", "ACCEPT", "CLOSED"))
        assert [step.key for step in steps] == ["REQUEST", "EXECUTE"]

    def test_a_playbook_without_work_is_open_to_its_end(self):
        assert [step.key for step in steps_to_adopt_at(plan("REQUEST", "ALIGN", "CLOSED"))] == ["REQUEST", "ALIGN"]

    @pytest.mark.parametrize(
        ("step", "ground", "codes"),
        [
            ("REQUEST", "", []),
            ("EXECUTE", GROUND, []),
            ("EXECUTE", " ", ["collaborations.adopt_ground_missing"]),
            ("ACCEPT", GROUND, ["collaborations.adopt_step_too_late"]),
            ("CLOSED", GROUND, ["collaborations.adopt_step_too_late"]),
            ("KICKOFF", GROUND, ["collaborations.adopt_step_unknown"]),
        ],
    )
    def test_what_is_wrong_is_said(self, step, ground, codes):
        found = adoption_findings(plan("REQUEST", "EXECUTE", "ACCEPT", "CLOSED"), step, ground)
        assert [finding.code for finding in found] == codes

    @pytest.mark.parametrize(
        ("adopted", "step", "behind"),
        [
            ("", "PLAN", []),
            ("REQUEST", "REQUEST", []),
            ("PLAN", "PLAN", ["REQUEST", "ALIGN"]),
            ("PLAN", "ALIGN", ["REQUEST"]),
            ("PLAN", "EXECUTE", []),
            ("PLAN", "IMPORTED", []),
        ],
    )
    def test_what_lies_behind_is_made_up_for_until_the_matter_goes_on(self, adopted, step, behind):
        found = carried_before(plan("REQUEST", "ALIGN", "PLAN", "EXECUTE"), adopted, step)
        assert [one.key for one in found] == behind


@pytest.fixture
def imported(playbooks, at):
    for name, key in (("产品部", "acme/product"), ("市场部", "acme/market")):
        Department.objects.filter(name=name).update(source_key=key)
    import_collaborations(
        [matter(lead_department_key="acme/product", participant_keys=("acme/market",))], actor=SYSTEM, at=at
    )
    return Collaboration.objects.get(source_key="acme/1")


def adopt(company, imported, at, step="EXECUTE", ground=GROUND, office="产品部负责人"):
    return operations.adopt_collaboration(
        imported, playbook="SEED_B", lead_id=company.lead.pk, step=step, ground=ground, actor=company.actor(office, at),
        at=at,
    )  # fmt: skip


def waiting(matter):
    return sorted((loop.kind, loop.part, loop.owner, loop.gate) for loop in queries.loops_of(matter.pk))


class TestAdopting:
    def test_the_steps_before_count_as_carried_out_and_their_forms_are_asked_for(self, company, imported, at):
        before, head, lead = last_entry(), company.principal("产品部负责人"), company.principal("产品经理")
        adopted = adopt(company, imported, at)
        runs = StepRun.objects.filter(collaboration=adopted).order_by("pk").values_list("step", "outcome")
        assert list(runs) == [("IMPORTED", "ADOPTED"), *((step, "BEFORE") for step in STEPS), ("EXECUTE", "")]
        assert waiting(adopted) == [
            ("FORM", "F01", head, "leave:REQUEST"),
            ("FORM", "F03", head, "leave:ALIGN"),
            ("FORM", "F04", lead, "leave:PLAN"),
            ("FORM", "F05", lead, "leave:PLAN"),
            ("FORM", "F26", "g:filing", "leave:FILING"),
        ]
        fact = facts_since(before, "collaborations.collaboration.adopted")
        assert [(one["step"], one["carried_out"], one["ground"]) for one in fact] == [("EXECUTE", list(STEPS), GROUND)]
        assert names_since(before) == [
            "collaborations.step.left", "collaborations.collaboration.adopted", "collaborations.step.entered",
        ]  # fmt: skip

    def test_the_guards_know_what_is_missing(self, company, imported, at):
        adopted = adopt(company, imported, at)
        said = [(one.code, one.params["form"]) for one in queries.findings_to_leave(adopted, at)]
        assert said == [("collaborations.form_missing", code) for code in ("F01", "F03", "F05", "F04", "F26")]
        run = queries.current_run(adopted)
        with refused(Refused, "collaborations.form_missing"):
            operations.advance(adopted, seen_step_run_id=run.pk, actor=company.actor("产品经理", at), at=at)

    def test_who_files_the_plan_reads_the_matter_from_then_on(self, company, imported, at):
        filing = company.actor("行政专员", at)
        adopted = adopt(company, imported, at)
        assert Collaboration.objects.filter(access.visible(filing, at=at), pk=adopted.pk).exists()
        assert ("FORM", "F26") in {(loop.kind, loop.part) for loop in queries.waiting_for(filing, at=at)}

    def test_in_the_middle_only_what_lies_behind_is_made_up_for(self, company, imported, at):
        adopted = adopt(company, imported, at, step="ALIGN")
        assert [(kind, part) for kind, part, *_ in waiting(adopted)] == [("FORM", "F01"), ("FORM", "F03")]
        marks = {loop.part: loop.params.get("made_up_for", False) for loop in queries.loops_of(adopted.pk)}
        assert marks == {"F01": True, "F03": False}

    @pytest.mark.parametrize(
        ("changes", "error", "codes"),
        [
            ({"step": "KICKOFF"}, Refused, ["collaborations.adopt_step_unknown"]),
            ({"step": "ACCEPT"}, Refused, ["collaborations.adopt_step_too_late"]),
            ({"step": "IMPORTED"}, Refused, ["collaborations.adopt_step_unknown"]),
            ({"ground": "  "}, Refused, ["collaborations.adopt_ground_missing"]),
            ({"office": "市场部负责人"}, NotAllowed, []),
        ],
    )
    def test_what_is_refused_writes_nothing(self, company, imported, at, changes, error, codes):
        with refused(error, *codes):
            adopt(company, imported, at, **changes)

    def test_it_is_adopted_once(self, company, imported, at):
        adopted = adopt(company, imported, at)
        with refused(NotImported):
            adopt(company, adopted, at)

    def test_a_later_form_waits_for_those_it_builds_on(self, company, imported, at):
        adopted = adopt(company, imported, at)
        with refused(Refused, "collaborations.form_first"):
            operations.start_form(adopted, form_code="F05", actor=company.actor("产品经理", at), at=at)

    def test_a_form_of_a_step_still_ahead_is_nobodys_yet(self, company, imported, at):
        adopted = adopt(company, imported, at)
        with refused(NotThisStep):
            operations.start_form(adopted, form_code="F16", actor=company.actor("产品经理", at), at=at)


class Adopted(Campaign):
    """The campaign, begun elsewhere and taken up here; its request is filled in by who adopted it."""

    def request(self):
        body = samples.request(self.cast, self.start - timedelta(days=60))
        self.submit("F01", body | {"initiator": self.company["产品部负责人"].pk}, "产品部负责人")

    def consensus(self):
        self.submit("F03", samples.consensus(self.cast, self.start - timedelta(days=60)), "产品部负责人")
        for post in ("市场部负责人", "技术部负责人", "运营部负责人"):
            self.decide("F03", "CONSENSUS", post)

    def plan(self):
        start = self.start - timedelta(days=60)
        self.submit("F05", samples.duty_table(self.cast, start))
        self.submit("F04", samples.plan(self.cast, start))


@pytest.fixture
def taken_up(company, imported, at):
    return Adopted(company, at, adopt(company, imported, at))


class TestMakingUp:
    def test_everything_is_made_up_for_and_only_then_the_work_ends(self, taken_up):
        campaign = taken_up
        campaign.request()
        assert campaign.refreshed().number == f"XZ-{day_of(campaign.at).year}-0001"
        campaign.agree_to_request()
        campaign.consensus()
        campaign.promise_needs()
        campaign.plan()
        assert campaign.step == "EXECUTE"
        campaign.approve_plan()
        assert campaign.latest("F05").record.status == "APPROVED"
        assert "TASK" in {kind for kind, _ in campaign.desk("开发组长")}
        assert ("collaborations.form_missing", "F26") in campaign.in_the_way()
        campaign.file_plan()
        assert "collaborations.open_need_in_place" in {code for code, _ in campaign.in_the_way()}
        campaign.put_needs_in_place()
        campaign.finish_tasks()
        assert {code for code, _ in campaign.in_the_way()} <= {
            "collaborations.window_open",
            "collaborations.window_not_begun",
        }
        campaign.wait_until(campaign.start + timedelta(days=samples.REVIEWED_ON))
        campaign.reach_milestones()
        campaign.go_on()
        assert campaign.step == "ACCEPT"
        assert carried_before(queries.plan_of(campaign.refreshed()), "EXECUTE", "ACCEPT") == ()

    def test_a_refused_request_is_asked_for_again_where_the_matter_stands(self, taken_up):
        campaign = taken_up
        campaign.request()
        for post in ("技术部负责人", "运营部负责人"):
            campaign.decide("F01", "OPINIONS", post)
        campaign.decide("F01", "OPINIONS", "市场部负责人", decision=Decision.REFUSE, opinion="目标不清楚")
        assert campaign.step == "EXECUTE"
        assert ("FORM", "F01") in campaign.desk("产品部负责人")
        campaign.request()
        campaign.decide("F01", "OPINIONS", "市场部负责人")
        assert ("collaborations.form_missing", "F01") not in campaign.in_the_way()
