"""AS19: two departments report one delay within the hour. The first finder leads until the PMO has decided."""

import pytest

from bihuan.collaborations.models import Problem
from bihuan.collaborations.operations.leading import decide_lead, say_who_leads
from bihuan.collaborations.operations.merging import merge_problem
from tests.collaborations.test_merging import PMO, SECOND, questions, report, second_of
from tests.doors import Doors
from tests.problem import HEAD, REPORTER, Trouble, running
from tests.witness import facts_since, last_entry

NUMBER, REASON = "XC20261117001", "市场部直接面对客户"


@pytest.fixture
def doors(trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: trouble.at)
    return Doors(trouble)


@pytest.fixture
def second(trouble: Trouble) -> Trouble:
    """An hour after the first was told of, 市场部 files its own all the same."""
    trouble.tell()
    second = second_of(trouble)
    report(second)
    trouble.at = second.at
    return second


def test_who_files_second_is_shown_the_likely_duplicate_and_may_take_part_there(trouble, doors):
    trouble.tell()
    second = second_of(trouble)
    trouble.at = second.at
    record = second.fill("F13", second.assessment(lead_dept=second.department("市场部")), SECOND)
    assert NUMBER in doors.page(SECOND).get(f"/records/{record.pk}/edit").content.decode()
    found = doors.program(SECOND).post(f"/records/{record.pk}/findings", {"body": record.draft}).json()["items"]
    (alike,) = [one for one in found if one["code"] == "collaborations.problem_alike"]
    assert (alike["severity"], alike["params"]["number"]) == ("WARNING", NUMBER)
    assert doors.page(SECOND).get(f"/matters/{trouble.collaboration.pk}/").status_code == 200


def test_the_first_finder_leads_on_while_the_pmo_has_until_the_limit_of_the_urgency(trouble, second):
    trouble.all_acknowledge()
    assert (trouble.step, questions(trouble)) == ("REQUEST", [])
    second.decide("F13", "ASSESSMENT", "市场部负责人")
    assert (second.step, questions(second)) == ("ASSESS", [("g:pmo", "leave:ASSESS", "XZ-2026-0001")])
    until = second.collaboration.loops.get(kind="PROBLEM").due_at
    assert ("g:pmo", until) in running(second.collaboration, "T07")


def test_the_pmo_decides_that_the_second_leads_and_the_earlier_report_keeps_its_clock(trouble, second, doors):
    limit = trouble.collaboration.loops.get(kind="PROBLEM").due_at
    asked = {"into_id": second.collaboration.pk, "reason": REASON}
    address = f"/collaborations/{trouble.collaboration.pk}/merge"
    before = last_entry()
    for post in (REPORTER, SECOND):
        assert doors.program(post).post(address, asked).status_code in {403, 404}
    assert facts_since(before, "collaborations.problem.merged") == []
    assert doors.program(PMO).post(address, asked).status_code == 200
    gone, into = trouble.refreshed(), second.refreshed()
    assert (gone.ending, gone.merged_into_id, into.lead_department.name) == ("MERGED", into.pk, "市场部")
    assert [due for _owner, due in running(into, "T07")] == [limit]
    (merged,) = facts_since(before, "collaborations.problem.merged")
    (taken,) = facts_since(before, "collaborations.problem.taken_in")
    assert (merged["into_number"], merged["reason"], taken["reason"]) == ("XZ-2026-0002", REASON, REASON)
    assert Problem.objects.get(collaboration=into).reported_at == Problem.objects.get(collaboration=gone).reported_at
    shown = doors.page(REPORTER).get(f"/matters/{gone.pk}/").content.decode()
    assert f'href="/matters/{into.pk}/"' in shown
    told = doors.program(REPORTER).get(f"/collaborations/{gone.pk}/problem").json()["merged_into"]
    assert told["number"] == "XZ-2026-0002"


def test_when_both_refuse_the_first_finder_leads_until_the_pmo_has_merged_and_decided(trouble, second):
    limit = trouble.collaboration.loops.get(kind="PROBLEM").due_at
    for matter, post, department in ((trouble, HEAD, "运营部"), (second, "市场部负责人", "市场部")):
        say_who_leads(
            matter.refreshed(), department_id=matter.department(department), wants=False, reason="故障不在本部门",
            actor=matter.actor(post), at=matter.at,
        )  # fmt: skip
        assert matter.collaboration.loops.filter(kind="LEADER", closed_at=None, owner="g:pmo").count() == 1
    assert trouble.refreshed().lead_department.name == "运营部"
    by = {"actor": trouble.actor(PMO), "at": trouble.at}
    merge_problem(second.refreshed(), into=trouble.refreshed(), reason="同一故障", **by)
    assert not second.collaboration.loops.filter(closed_at=None).exists()
    before = last_entry()
    decide_lead(trouble.refreshed(), department_id=trouble.department("技术部"), reason="接口故障", **by)
    (decided,) = facts_since(before, "collaborations.problem.lead_decided")
    assert (decided["department_id"], decided["reason"]) == (trouble.department("技术部"), "接口故障")
    matter = trouble.refreshed()
    assert (matter.lead_department.name, matter.lead.name) == ("技术部", trouble.company["开发组长"].name)
    assert [due for _owner, due in running(matter, "T07")] == [limit]
    assert {party.department.name for party in matter.parties.all()} >= {"运营部", "市场部"}
