"""Routes by the API."""

import pytest

from bihuan.approvals import routing
from tests.api.conftest import codes, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def pmo(program, playbooks):
    return program("PMO专员")


def test_a_program_reads_checks_and_publishes_a_text(pmo):
    listed = pmo.get("/routes").json()["items"]
    assert ("EXECUTIVE_PLAN", 1) in [(one["key"], one["version"]) for one in listed]
    text = pmo.get("/routes/COLLAB_MANAGER/versions/1").json()["text"]
    assert pmo.post("/routes/check", {"text": text}).json() == {"key": "COLLAB_MANAGER", "problems": []}
    asked = {"text": text.replace("100000", "200000"), "note": "more", "seen_version": 1}
    made = pmo.post("/routes", asked, key="publish-once")
    assert (made.status_code, made.json()["state"]) == (200, "2")
    assert pmo.post("/routes", asked, key="publish-once").json() == made.json()
    assert pmo.get("/routes/COLLAB_MANAGER/versions/2").json()["note"] == "more"


@pytest.mark.parametrize(
    ("change", "status", "found"),
    [
        ({"text": "key: ["}, 422, [("collaborations.playbook_text_broken", "text")]),
        ({"text": "x" * 100_001}, 422, [("collaborations.playbook_text_too_long", "text")]),
        ({"note": " "}, 422, [("approvals.route_note_missing", "note")]),
        ({"seen_version": 7}, 409, [("kernel.stale", "")]),
    ],
)
def test_a_refused_text_writes_nothing(pmo, change, status, found):
    text = pmo.get("/routes/OPINIONS/versions/1").json()["text"].replace("ALL", "ANY").replace("INVOLVED", "ALL")
    before = written()
    response = pmo.post("/routes", {"text": text, "note": "less", "seen_version": 1, **change})
    assert (response.status_code, codes(response)) == (status, found)
    assert written() == before
    assert routing.newest_version("OPINIONS").version == 1


def test_a_dry_run_names_signers_and_instants_and_asks_nobody(pmo, company):
    asked = {"author_id": company["产品经理"].pk, "department_id": company.departments["产品部"].pk}
    before = written()
    small = pmo.post("/routes/COLLAB_MANAGER/try", {**asked, "amount": "50000"}).json()
    large = pmo.post("/routes/COLLAB_MANAGER/try", {**asked, "amount": "100000.01"}).json()
    assert [one["step"] for one in small["signers"]] == ["manager", "manager"]
    assert [one["step"] for one in large["signers"]] == ["manager", "manager", "executive"]
    assert company["产品部负责人"].name in small["signers"][0]["who"]
    assert small["copies"] == []
    assert small["due_at"] < large["due_at"] == large["signers"][2]["due_at"]
    assert written() == before


def test_a_copy_by_the_route_is_named_beforehand_sent_and_its_reading_noted(pmo, program, campaign):
    text = pmo.get("/routes/OPINIONS/versions/1").json()["text"]
    text = text.replace("  slots:", "  copies: [{who: ROLE, role: PMO, at: ASKED}]\n  slots:", 1)
    made = pmo.post("/routes", {"text": text, "note": "抄送", "seen_version": 1})
    assert made.status_code == 200, made.content
    company = campaign.company
    asked = {"author_id": company["产品经理"].pk, "department_id": company.departments["产品部"].pk}
    asked["involved_ids"] = [company.departments["市场部"].pk]
    (copy,) = pmo.post("/routes/OPINIONS/try", asked).json()["copies"]
    assert (copy["step"], copy["at"], bool(copy["who"])) == ("heads", "ASKED", True)
    campaign.request()
    signoff = campaign.signoff("F01", "OPINIONS").pk
    lead = program("产品经理")
    assert {one["name"]: one["read_at"] for one in lead.get(f"/signoffs/{signoff}/remarks").json()["copies"]} == {
        company["PMO专员"].name: None
    }
    assert pmo.get(f"/signoffs/{signoff}").status_code == 200
    (receipt,) = lead.get(f"/signoffs/{signoff}/remarks").json()["copies"]
    assert receipt["read_at"] is not None
