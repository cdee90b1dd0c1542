"""PROJECT from the request to the closed loop: two approvals, a matrix that holds, a kick-off, criteria and plan."""

import pytest

from bihuan.approvals.enums import Decision
from bihuan.collaborations.models import Loop
from bihuan.collaborations.operations.problems import admit_departments
from bihuan.kernel.errors import Refused
from tests import forms_samples as samples
from tests.campaign import PLAN_TESTS
from tests.seeds import Project
from tests.witness import facts_since, last_entry, refused

STEPS = [
    "REQUEST", "FIRST_REVIEW", "ALIGN", "APPROVAL", "PLAN", "APPROVAL_PLAN", "FILING", "RESOURCE", "KICKOFF", "EXECUTE",
    "ACCEPT", "RETRO", "ARCHIVE", "CLOSED",
]  # fmt: skip


@pytest.fixture
def matter(company, playbooks, at) -> Project:
    return Project(company, at, Project.begin(company, at, "PROJECT").collaboration)


def test_the_way_from_the_request_to_the_closed_loop(matter):
    before = last_entry()
    for step in ("APPROVAL", "PLAN", "APPROVAL_PLAN", "KICKOFF"):
        matter.carry_to(step)
        with refused(Refused):
            matter.go_on()
    matter.carry_to("EXECUTE")
    with refused(Refused, "collaborations.form_missing"):
        matter.go_on()
    matter.carry_to("")
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == STEPS[1:]
    left = Loop.objects.filter(collaboration=matter.collaboration, closed_at__isnull=True).exclude(gate="")
    assert not left.exists()
    filed = [row["form_type"] for row in matter.latest("F20").data["checklist"]]
    assert set(filed) >= {"F01", "F03", "F04", "F05", "F06", "F07", "F09", "F12", "F14", "F16", "F17"}


def test_each_approval_leads_back_to_its_own_form(matter):
    """The request is asked for anew without talking it over again; the plan without asking about the request."""
    matter.carry_to("APPROVAL")
    matter.decide("F01", "COLLAB_MANAGER", "产品部负责人", decision=Decision.REFUSE, opinion="预算来源不清")
    matter.decide("F01", "COLLAB_MANAGER", "PMO专员", decision=Decision.REFUSE, opinion="同上")
    assert (matter.step, matter.desk("产品经理")) == ("REQUEST", [("FORM", "F01")])
    asked = samples.request(matter.cast, matter.start)
    matter.submit("F01", asked | {"background": asked["background"] + "预算来自市场部年度预算。"})
    matter.agree_to_request()
    matter.review_request()
    assert (matter.step, len(facts_since(0, "collaborations.step.entered"))) == ("APPROVAL", 8)
    matter.carry_to("APPROVAL_PLAN")
    matter.decide("F04", "EXECUTIVE_PLAN", "分管副总", decision=Decision.REFUSE, opinion="人力不足", tests=PLAN_TESTS)
    assert (matter.step, matter.desk("产品经理")) == ("PLAN", [("FORM", "F04")])


def test_the_matrix_is_held_against_what_the_plan_expects_now(matter):
    """G12: a department that comes in after the matrix was handed in has a letter before the plan is approved."""
    matter.carry_to("PLAN")
    matter.promise_needs()
    matter.submit("F05", samples.duty_table(matter.cast, matter.start))
    version = matter.matrix()
    assert {row["letter"] for row in version.data["cells"]} == {"R", "A"}
    lead = matter.company.departments["财务部"]
    admit_departments(matter.collaboration, [lead.pk], at=matter.at)
    found = [code for code, _ in matter.in_the_way()]
    assert "plans.department_without_letter" in found
