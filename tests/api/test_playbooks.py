"""Playbooks by the API."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bihuan.collaborations import queries
from tests.api.conftest import codes, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def pmo(program, playbooks):
    return program("PMO专员")


def test_a_program_reads_checks_and_publishes_a_text(pmo):
    listed = pmo.get("/playbooks").json()["items"]
    assert [(one["key"], one["version"]) for one in listed] == [
        ("IMPORTED", 1), ("SEED_A", 1), ("SEED_B", 1), ("SEED_C", 1), ("SEED_D", 1), ("PROJECT", 1), ("RESOURCE", 1),
        ("EMERGENCY", 1), ("RECURRING", 1),
    ]  # fmt: skip
    text = pmo.get("/playbooks/SEED_B/versions/1").json()["text"]
    assert pmo.post("/playbooks/check", {"text": text}).json() == {"key": "SEED_B", "problems": []}
    other = text.replace("guards: [G06]", "guards: []")
    asked = {"text": other, "note": "less", "seen_version": 1}
    made = pmo.post("/playbooks", asked, key="publish-once")
    assert (made.status_code, made.json()["state"]) == (200, "2")
    assert pmo.post("/playbooks", asked, key="publish-once").json() == made.json()
    version = pmo.get("/playbooks/SEED_B/versions/2").json()
    assert (version["note"], version["text"]) == ("less", other)
    assert version["changes"] == [{"what": "REMOVED", "step": "PLAN", "word": "guards", "before": "G06", "after": ""}]


def test_what_is_wrong_comes_with_code_place_and_line(pmo):
    found = pmo.post("/playbooks/check", {"text": "key: AB\nname: B\nname_en: C\nsteps:\n- key: PARTY\n"}).json()
    assert [(one["code"].rpartition(".")[2], one["place"], one["line"]) for one in found["problems"]] == [
        ("playbook_step_unknown", "steps.0.key", 5),
        ("playbook_without_request", "steps", 4),
        ("playbook_never_ends", "steps.0", 5),
        ("playbook_gate_unknown", "condition_gate", 1),
        ("playbook_begins_otherwise", "steps.0", 5),
    ]


@pytest.mark.parametrize(
    ("change", "status", "found"),
    [
        ({"text": "key: ["}, 422, [("collaborations.playbook_text_broken", "text")]),
        ({"text": "x" * 100_001}, 422, [("collaborations.playbook_text_too_long", "text")]),
        ({"note": " "}, 422, [("collaborations.playbook_note_missing", "note")]),
        ({"seen_version": 7}, 409, [("kernel.stale", "")]),
    ],
)
def test_a_refused_text_writes_nothing(pmo, change, status, found):
    text = pmo.get("/playbooks/SEED_B/versions/1").json()["text"].replace("guards: [G06]", "guards: []")
    before = written()
    response = pmo.post("/playbooks", {"text": text, "note": "less", "seen_version": 1, **change})
    assert (response.status_code, codes(response)) == (status, found)
    assert written() == before
    assert queries.newest("SEED_B").version == 1


def test_a_program_moves_matters_to_the_newest_version(pmo, campaign):
    shipped = pmo.get("/playbooks/SEED_B/versions/1").json()["text"]
    campaign.request()
    matter = campaign.collaboration
    matter.refresh_from_db()
    without = shipped.replace("- key: REQUEST\n", "- key: ASSESS\n")
    pmo.post("/playbooks", {"text": without, "note": "no request", "seen_version": 1})
    (listed,) = pmo.get("/playbooks/SEED_B/matters").json()["items"]
    line = without.split("\n").index("- key: ASSESS") + 1
    assert [(one["code"], one["place"], one["line"]) for one in listed["against"]] == [
        ("collaborations.migrate_step_gone", "steps.0", line)
    ]
    assert "REQUEST" in listed["against"][0]["text"]
    before = written()
    asked = {"collaboration_ids": [matter.pk], "seen_version": 2, "reason": "agreed"}
    refused = pmo.post("/playbooks/SEED_B/migrate", asked)
    assert codes(refused) == [("collaborations.migrate_step_gone", f"matter_ids.{matter.pk}")]
    assert refused.json()["findings"][0]["params"]["line"] == line
    assert written() == before
    pmo.post("/playbooks", {"text": shipped.replace("guards: [G24]", "guards: []"), "note": "less", "seen_version": 2})
    (listed,) = pmo.get("/playbooks/SEED_B/matters").json()["items"]
    assert listed == {
        "collaboration_id": matter.pk,
        "title": matter.title,
        "version": 1,
        "step": "REQUEST",
        "against": [],
        "changes": [],
        "running": 0,
    }
    asked["seen_version"] = 3
    before = written()
    assert codes(pmo.post("/playbooks/SEED_B/migrate", {**asked, "reason": ""})) == [
        ("collaborations.migrate_reason_missing", "reason")
    ]
    assert pmo.post("/playbooks/SEED_B/migrate", {**asked, "seen_version": 1}).status_code == 409
    assert written() == before
    assert pmo.post("/playbooks/SEED_B/migrate", asked).json()["state"] == "1"
    matter.refresh_from_db()
    assert matter.playbook_version.version == 3


def test_a_program_walks_through_a_playbook_and_asks_which_one_suits(pmo, company):
    asked = {"author_id": company["产品经理"].pk, "department_id": company.departments["产品部"].pk}
    before = written()
    steps = pmo.post("/playbooks/SEED_B/try", {**asked, "amount": "150000"}).json()["steps"]
    assert [one["step"] for one in steps][:3] == ["REQUEST", "ALIGN", "PLAN"]
    assert [form["form"] for form in steps[2]["forms"]] == ["F05", "F04"]
    assert all(one["begins"] <= one["due_at"] == later["begins"] for one, later in pairwise(steps))
    assert company["分管副总"].name in next(one for one in steps if one["step"] == "APPROVAL")["signers"][0]["who"]
    (owed,) = pmo.post("/playbooks/EMERGENCY/try", asked).json()["steps"][0]["owed"]
    begins, due = (datetime.fromisoformat(owed[word]) for word in ("begins", "due_at"))
    assert (owed["key"], owed["gate"], due - begins) == ("BACKFILL", "enter:RETRO", timedelta(hours=24))
    assert [one["form"] for one in owed["forms"]] == ["F13", "F02"]
    assert company["产品部负责人"].name in owed["signers"][0]["who"]
    assert written() == before
    suited = pmo.get("/playbooks/suggested?what=NEED&agree=EXECUTIVE").json()["items"]
    assert "SEED_B" in [one["key"] for one in suited]
    assert pmo.get("/playbooks/suggested?what=OTHER").status_code == 400


def test_a_program_walks_through_a_draft_as_the_pmo_alone(pmo, program, company):
    published_one = pmo.get("/playbooks/SEED_B/versions/1").json()["text"]
    text = published_one.replace("key: SEED_B", "key: OURS") + "clocks:\n- {rule: T31, limit: 3d}\n"
    asked = {"author_id": company["产品经理"].pk, "department_id": company.departments["产品部"].pk}
    somebody = program("产品经理")
    before = written()
    steps = pmo.post("/playbooks/try", {**asked, "text": text}).json()["steps"]
    same = pmo.post("/playbooks/SEED_B/try", asked).json()["steps"]
    assert [(one["step"], one["forms"], len(one["signers"])) for one in steps] == [
        (one["step"], one["forms"], len(one["signers"])) for one in same
    ]
    (clock,) = next(one["clocks"] for one in steps if one["step"] == "RETRO")
    assert (clock["rule"], clock["limit"], clock["said_by"]) == ("T31", "3d", "OURS")
    assert somebody.post("/playbooks/try", {**asked, "text": text}).status_code == 403
    refused = pmo.post("/playbooks/try", {**asked, "text": text.replace("guards: [G06]", "guards: [G99]")})
    assert refused.status_code == 422
    assert codes(refused) == [("collaborations.playbook_names_unknown", "steps.2.guards.0")]
    assert written() == before
