"""AS19: two departments report one delay within the hour. The first finder leads until the PMO has decided."""

import pytest

from bihuan.collaborations.models import Problem
from tests.collaborations.test_merging import PMO, SECOND, questions, report, second_of
from tests.doors import Doors
from tests.problem import REPORTER, Trouble, running
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
