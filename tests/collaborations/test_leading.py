"""Two departments want to lead a problem, or none does: heads say it, the PMO decides, the ledger keeps both (AS19)."""

import re

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.errors import HasEnded, NotBeingAssessed
from bihuan.collaborations.models import Petition
from bihuan.collaborations.operations.leading import decide_lead, say_who_leads
from bihuan.collaborations.operations.reorganising import replace_department
from bihuan.collaborations.queries import petitions
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.notifications.models import Notice
from tests.doors import Doors
from tests.problem import HEAD, REPORTER, Trouble, running, trouble
from tests.witness import everything, facts_since, last_entry, refused

__all__ = ["trouble"]
PMO, TECH = "PMO专员", "技术部负责人"


@pytest.fixture
def doors(trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: trouble.at)
    return Doors(trouble)


def say(trouble: Trouble, post: str, department: str, *, wants: bool, reason: str = "接口由我们维护") -> None:
    say_who_leads(
        trouble.refreshed(), department_id=trouble.department(department), wants=wants, reason=reason,
        actor=trouble.actor(post), at=trouble.at,
    )  # fmt: skip


def decide(trouble: Trouble, department: str, post: str = PMO, reason: str = "故障在接口一侧") -> None:
    decide_lead(
        trouble.refreshed(), department_id=trouble.department(department), reason=reason, actor=trouble.actor(post),
        at=trouble.at,
    )  # fmt: skip


def asked(trouble: Trouble) -> list[tuple[str, str]]:
    rows = trouble.collaboration.loops.filter(kind="LEADER", closed_at=None)
    return [(loop.owner, loop.gate) for loop in rows]


def test_while_two_want_to_lead_the_first_leads_on_and_the_pmo_has_until_the_limit(trouble: Trouble) -> None:
    trouble.tell()
    entry = last_entry()
    say(trouble, TECH, "技术部", wants=True)
    assert facts_since(entry) == [
        {"name": "collaborations.problem.lead_claimed", "department_id": trouble.department("技术部"),
         "reason": "接口由我们维护"},
    ]  # fmt: skip
    assert asked(trouble) == [("g:pmo", "leave:ASSESS")]
    until = trouble.collaboration.loops.get(kind="PROBLEM").due_at
    assert ("g:pmo", until) in running(trouble.collaboration, "T07")
    assert Notice.objects.filter(kind="waits.decision", person=trouble.company[PMO]).exists()
    assert trouble.refreshed().lead_department_id == trouble.department("运营部")
    trouble.all_acknowledge()
    assert trouble.step == "ASSESS"
    assert "collaborations.open_leader" in [code for code, _what in trouble.in_the_way()]


def test_the_pmo_decides_and_the_other_department_carries_it_from_then_on(trouble: Trouble) -> None:
    trouble.tell()
    say(trouble, TECH, "技术部", wants=True)
    entry, clock = last_entry(), running(trouble.collaboration, "T07")
    decide(trouble, "技术部")
    matter = trouble.refreshed()
    (fact,) = facts_since(entry, "collaborations.problem.lead_decided")
    assert (fact["department_before"], fact["department_id"], fact["reason"]) == (
        trouble.department("运营部"), trouble.department("技术部"), "故障在接口一侧",
    )  # fmt: skip
    assert (matter.lead_department_id, matter.lead_id) == (fact["department_id"], trouble.company["开发组长"].pk)
    assert set(matter.parties.values_list("department__name", flat=True)) == {"市场部", "财务部", "运营部"}
    assert asked(trouble) == []
    solver = trouble.company.principal("开发组长")
    assert running(matter, "T07") == [(solver, clock[0][1])]
    assert Notice.objects.filter(kind="collaborations.answered", person=trouble.company[TECH]).count() == 1
    for department, post in (("市场部", "推广经理"), ("财务部", "财务部负责人")):
        trouble.acknowledge(department, post)
    assert trouble.step == "REQUEST"


def test_a_decision_is_not_undone_by_another_version_of_the_assessment(trouble: Trouble) -> None:
    trouble.tell()
    say(trouble, TECH, "技术部", wants=True)
    decide(trouble, "技术部")
    operations.revise_form(
        trouble.refreshed(), form_code="F13", reason="补充", actor=trouble.actor(REPORTER), at=trouble.at
    )
    trouble.assess()
    assert trouble.refreshed().lead_department_id == trouble.department("技术部")


def test_who_reported_it_may_refuse_before_anybody_else_knows_and_the_pmo_names_another(trouble: Trouble) -> None:
    trouble.assess()
    say(trouble, HEAD, "运营部", wants=False, reason="故障不在运营")
    assert asked(trouble) == [("g:pmo", "leave:ASSESS")]
    decide(trouble, "市场部")
    matter = trouble.refreshed()
    assert (matter.lead_department_id, matter.lead_id) == (
        trouble.department("市场部"), trouble.company["推广经理"].pk,
    )  # fmt: skip
    assert list(matter.parties.values_list("department__name", flat=True)) == ["运营部"]


def test_the_first_finder_may_be_confirmed(trouble: Trouble) -> None:
    trouble.tell()
    say(trouble, TECH, "技术部", wants=True)
    lead = trouble.refreshed().lead_id
    decide(trouble, "运营部")
    matter = trouble.refreshed()
    assert (matter.lead_department_id, matter.lead_id, asked(trouble)) == (trouble.department("运营部"), lead, [])


def test_of_two_that_want_to_lead_one_has_its_way(trouble: Trouble) -> None:
    trouble.tell()
    say(trouble, TECH, "技术部", wants=True)
    say(trouble, HEAD, "运营部", wants=True)
    decide(trouble, "技术部")
    said = Petition.objects.values_list("department__name", "is_granted")
    assert sorted(said) == [("技术部", True), ("运营部", False)]
    assert petitions.is_lead_decided(trouble.collaboration)


def test_saying_it_anew_replaces_it_and_asks_nobody_where_nothing_is_disputed(trouble: Trouble) -> None:
    trouble.tell()
    say(trouble, TECH, "技术部", wants=True)
    say(trouble, TECH, "技术部", wants=False, reason="改由运营部")
    assert asked(trouble) == []
    assert [each.asking for each in petitions.open_petitions(trouble.collaboration)] == ["NOT_LEAD"]
    assert [owner for owner, _due in running(trouble.collaboration, "T07")] != []
    assert ("g:pmo" in {owner for owner, _due in running(trouble.collaboration, "T07")}) is False
    with refused(Refused, "collaborations.nobody_disputes_lead"):
        decide(trouble, "技术部")


def test_whose_it_is_and_what_is_needed(trouble: Trouble) -> None:
    trouble.tell()
    with refused(NotAllowed):
        say(trouble, "开发组长", "技术部", wants=True)
    with refused(NotFound):
        say(trouble, "产品部负责人", "产品部", wants=True)
    with refused(Refused, "collaborations.reason_missing"):
        say(trouble, TECH, "技术部", wants=True, reason=" ")
    with refused(Refused, "collaborations.leads_already"):
        say(trouble, HEAD, "运营部", wants=True)
    say(trouble, TECH, "技术部", wants=True)
    with refused(NotAllowed):
        decide(trouble, "技术部", TECH)
    with refused(Refused, "collaborations.reason_missing"):
        decide(trouble, "技术部", reason="")
    with refused(Refused, "collaborations.lead_without_head"):
        decide(trouble, "总经办")
    with refused(Refused, "collaborations.department_unknown"):
        decide_lead(trouble.collaboration, department_id=10**6, reason="有误", actor=trouble.actor(PMO), at=trouble.at)


def test_after_the_assessment_it_is_settled(trouble: Trouble) -> None:
    trouble.tell()
    trouble.all_acknowledge()
    with refused(NotBeingAssessed):
        say(trouble, TECH, "技术部", wants=True)
    operations.withdraw_collaboration(trouble.refreshed(), reason="误报", actor=trouble.actor(REPORTER), at=trouble.at)
    with refused(HasEnded):
        say(trouble, TECH, "技术部", wants=True)


def test_a_claim_follows_a_reorganisation(trouble: Trouble) -> None:
    trouble.tell()
    say(trouble, TECH, "技术部", wants=True)
    replace_department(
        trouble.collaboration.pk, before=trouble.department("技术部"), after=trouble.department("产品部"),
        reorganisation_id=1, actor=SYSTEM, at=trouble.at,
    )  # fmt: skip
    assert Petition.objects.get(settled_at=None).department_id == trouble.department("产品部")


def test_both_doors(trouble: Trouble, doors: Doors) -> None:
    trouble.tell()
    pk = trouble.collaboration.pk
    page = f"/matters/{pk}/request"
    assert f'action="/matters/{pk}/who-leads"' in doors.page(TECH).get(page).content.decode()
    said = {"department": trouble.department("技术部"), "wants": "yes", "reason": "接口由我们维护"}
    assert doors.page(TECH).post(f"/matters/{pk}/who-leads", said).status_code == 302
    told = doors.program(PMO).get(f"/collaborations/{pk}/problem").json()["lead_said"]
    assert [(each["asking"], each["department"]["name"]) for each in told] == [("LEAD", "技术部")]
    assert f'action="/matters/{pk}/who-leads/decide"' in doors.page(PMO).get(page).content.decode()
    assert "who-leads/decide" not in doors.page(TECH).get(page).content.decode()
    offered = doors.page(PMO).get(page).content.decode().split('name="among"')[1].split("</select>")[0]
    leading = re.findall(r'<option value="(\d+)">([^<]+)', offered)
    assert [text for _pk, text in leading] == ["技术部 · 要求牵头", "运营部 · 目前牵头", "市场部", "财务部"]
    before = everything()
    for sent in ({"department__text": "技术部", "reason": ""}, {"among": leading[0][0], "reason": ""}):
        assert doors.page(PMO).post(f"/matters/{pk}/who-leads/decide", sent).status_code == 422
    nobody = {"among": leading[0][0], "department__text": "没有这个部门", "reason": "故障在接口一侧"}
    assert doors.page(PMO).post(f"/matters/{pk}/who-leads/decide", nobody).status_code == 422
    assert doors.page(TECH).post(f"/matters/{pk}/who-leads/decide", {"among": leading[0][0]}).status_code == 403
    assert everything() == before
    decided = {"department_id": trouble.department("技术部"), "reason": "故障在接口一侧"}
    assert doors.program(PMO).post(f"/collaborations/{pk}/who-leads/decision", decided).status_code == 200
    assert "确定牵头部门：运营部 → 技术部" in doors.page(PMO).get(f"/matters/{pk}/timeline").content.decode()
