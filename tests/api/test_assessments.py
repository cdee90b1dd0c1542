"""Problems through the API."""

from bihuan.collaborations.models import Problem
from bihuan.deadlines.models import Deadline
from tests.api.conftest import written
from tests.collaborations.test_merging import report, second_of


def test_a_program_reads_acknowledges_and_classes(trouble, program, refuses, at):
    trouble.tell()
    address = f"/collaborations/{trouble.collaboration.pk}"
    read = program("市场专员").get(f"{address}/problem").json()
    departments = [row.pop("department")["name"] for row in read["acknowledgements"]]
    assert departments == ["技术部", "市场部", "财务部"]
    told = {"asked_at": "2026-11-17T02:00:00Z", "given_at": None, "given_by": None, "passed_at": None}
    assert read == {
        "number": "XC20261117001", "urgency": "IMPORTANT", "reported_at": "2026-11-17T02:00:00Z",
        "classed_at": "2026-11-17T02:00:00Z", "synced_at": "2026-11-17T02:00:00Z", "acknowledgements": [told] * 3,
        "merged_into": None, "taken_in": [], "asked_about": [], "lead_said": [],
    }  # fmt: skip
    technology = {"department_id": trouble.department("技术部")}
    assert program("技术部负责人").post(f"{address}/acknowledgements", technology).json()["state"] == "ASSESS"
    refuses(409, program("开发组长").post, f"{address}/acknowledgements", technology)
    refuses(
        403, program("市场专员").post, f"{address}/acknowledgements", {"department_id": trouble.department("市场部")}
    )
    refuses(404, program("产品经理").get, f"{address}/problem")
    refuses(422, program("PMO专员").post, f"{address}/urgency", {"urgency": "URGENT", "reason": ""})
    before = written()
    looked = program("PMO专员").post(f"{address}/urgency/preview", {"urgency": "URGENT"}).json()["items"]
    assert written()[1] == before[1]
    assert (Problem.objects.get().urgency, Deadline.objects.filter(rule="T06").count()) == ("IMPORTANT", 0)
    assert [(each["rule"], each["before"], each["after"]) for each in looked] == [
        ("T06", None, "2026-11-18T02:00:00Z"), ("T07", "2026-11-20T10:00:00Z", None),
    ]  # fmt: skip
    assert [each["deadline_id"] is None for each in looked] == [True, False]
    assert program("PMO专员").post(f"{address}/urgency", {"urgency": "URGENT", "reason": "投诉激增"}).status_code == 200
    assert Problem.objects.get().urgency == "URGENT"


def test_a_program_merges_and_keeps_apart(trouble, program, refuses, at):
    trouble.assess()
    second = second_of(trouble, hours=0)
    report(second)
    address, pmo = f"/collaborations/{second.collaboration.pk}", program("PMO专员")
    into = {"number": "XZ-2026-0001", "id": trouble.collaboration.pk}
    assert pmo.get(f"{address}/problem").json()["asked_about"] == [into]
    refuses(422, pmo.post, f"{address}/apart", {"other_id": second.collaboration.pk, "reason": "原因不同"})
    refuses(403, program("推广经理").post, f"{address}/merge", {"into_id": second.collaboration.pk, "reason": "同因"})
    refuses(404, program("推广经理").post, f"{address}/merge", {"into_id": trouble.collaboration.pk, "reason": "同因"})
    done = pmo.post(f"{address}/merge", {"into_id": trouble.collaboration.pk, "reason": "同一接口故障"})
    assert done.json()["state"] == "MERGED"
    assert program("推广经理").get(f"{address}/problem").json()["merged_into"] == into
    assert program("市场专员").get(f"{address}/problem").json()["merged_into"] == {**into, "id": None}
    taken_in = [{"number": "XZ-2026-0002", "id": second.collaboration.pk}]
    assert pmo.get(f"/collaborations/{trouble.collaboration.pk}/problem").json()["taken_in"] == taken_in


def test_a_matter_that_is_no_problem_has_none(campaign, program, refuses):
    refuses(404, program("产品经理").get, f"/collaborations/{campaign.collaboration.pk}/problem")
