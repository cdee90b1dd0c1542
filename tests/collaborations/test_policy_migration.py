"""Whether a matter under way may go on by another version of its playbook."""

import copy
import json
from importlib.resources import files

import pytest

from bihuan.collaborations.policy.migration import migration_findings
from bihuan.collaborations.policy.playbook import read_playbook

SEED_B = json.loads((files("bihuan.collaborations") / "playbooks" / "seed_b.json").read_text(encoding="utf-8"))
STEPS = {step["key"]: number for number, step in enumerate(SEED_B["steps"])}


def found(change, step="PLAN", gates=()):
    body = copy.deepcopy(SEED_B)
    change(body["steps"])
    findings = migration_findings(read_playbook(SEED_B), read_playbook(body), step, gates)
    return [(one.code.removeprefix("collaborations.migrate_"), *one.params.values()) for one in findings]


def test_what_lies_ahead_may_be_another_way():
    def other(steps):
        del steps[STEPS["RETRO"]]
        steps[STEPS["FILING"]], steps[STEPS["RESOURCE"]] = steps[STEPS["RESOURCE"]], steps[STEPS["FILING"]]

    assert found(other) == []
    assert found(other, "APPROVAL", ["leave:APPROVAL", "enter:EXECUTE", ""]) == []


def test_guards_look_at_the_present_and_may_differ():
    assert found(lambda steps: steps[STEPS["PLAN"]].update(guards=[])) == []


@pytest.mark.parametrize(
    ("change", "step", "gates", "said"),
    [
        (lambda steps: steps.pop(STEPS["PLAN"]), "PLAN", (), [("step_gone", "PLAN")]),
        (lambda steps: steps.pop(STEPS["ALIGN"]), "PLAN", (), [("step_passed", "ALIGN")]),
        (lambda steps: steps.insert(1, {"key": "KICKOFF"}), "PLAN", (), [("step_passed", "KICKOFF")]),
        (lambda steps: steps.insert(0, steps.pop(1)), "PLAN", (), [("step_passed", "ALIGN")]),
        (lambda steps: steps[0].update(routes=[]), "PLAN", (), [("step_differs", "REQUEST")]),
        (lambda steps: steps[2]["forms"].pop(), "PLAN", (), [("step_differs", "PLAN")]),
        (
            lambda steps: steps.pop(STEPS["EXECUTE"]), "PLAN", ("enter:EXECUTE", "leave:PLAN", "enter:EXECUTE"),
            [("gate_gone", "enter:EXECUTE")],
        ),
    ],
)  # fmt: skip
def test_what_was_carried_out_and_what_is_open_is_not_contradicted(change, step, gates, said):
    assert found(change, step, gates) == said


EMERGENCY = json.loads((files("bihuan.collaborations") / "playbooks" / "emergency.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "step", "said"),
    [
        (lambda owed: owed.clear(), "PLAN", [("owed_otherwise", "BACKFILL")]),
        (
            lambda owed: owed[0].update(key="LATER"), "PLAN",
            [("owed_otherwise", "BACKFILL"), ("owed_otherwise", "LATER")],
        ),
        (lambda owed: owed[0]["forms"].pop(), "PLAN", [("owed_otherwise", "BACKFILL")]),
        (lambda owed: owed[0].update(gate="enter:ACCEPT"), "PLAN", [("owed_otherwise", "BACKFILL")]),
        (lambda owed: owed[0].update(hours=48), "PLAN", []),
        (lambda owed: owed[0].update(opens="F16"), "PLAN", [("owed_otherwise", "BACKFILL")]),
        (lambda owed: owed.append({**owed[0], "key": "MORE", "opens": "F16", "forms": []}), "PLAN", []),
    ],
)  # fmt: skip
def test_what_is_owed_already_is_made_up_for_as_it_began(change, step, said):
    """Another text would never close it: the matter would not reach its review."""
    body = copy.deepcopy(EMERGENCY)
    change(body["obligations"])
    found = migration_findings(read_playbook(EMERGENCY), read_playbook(body), step, ())
    assert [(one.code.removeprefix("collaborations.migrate_"), *one.params.values()) for one in found] == said
