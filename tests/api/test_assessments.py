"""Problems through the API."""

from bihuan.collaborations.models import Problem


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
    }  # fmt: skip
    technology = {"department_id": trouble.department("技术部")}
    assert program("技术部负责人").post(f"{address}/acknowledgements", technology).json()["state"] == "ASSESS"
    refuses(409, program("开发组长").post, f"{address}/acknowledgements", technology)
    refuses(
        403, program("市场专员").post, f"{address}/acknowledgements", {"department_id": trouble.department("市场部")}
    )
    refuses(404, program("产品经理").get, f"{address}/problem")
    refuses(422, program("PMO专员").post, f"{address}/urgency", {"urgency": "URGENT", "reason": ""})
    assert program("PMO专员").post(f"{address}/urgency", {"urgency": "URGENT", "reason": "投诉激增"}).status_code == 200
    assert Problem.objects.get().urgency == "URGENT"


def test_a_matter_that_is_no_problem_has_none(campaign, program, refuses):
    refuses(404, program("产品经理").get, f"/collaborations/{campaign.collaboration.pk}/problem")
