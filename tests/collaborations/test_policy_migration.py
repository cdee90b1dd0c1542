"""Whether a matter under way may go on by another version of its playbook."""

import copy
import json
from importlib.resources import files

import pytest

from bihuan.collaborations.policy.migration import Standing, migration_findings
from bihuan.collaborations.policy.playbook import read_playbook

SEED_B = json.loads((files("bihuan.collaborations") / "playbooks" / "seed_b.json").read_text(encoding="utf-8"))
STEPS = {step["key"]: number for number, step in enumerate(SEED_B["steps"])}


def found(change, step="PLAN", gates=()):
    body = copy.deepcopy(SEED_B)
    change(body["steps"])
    findings = migration_findings(read_playbook(SEED_B), read_playbook(body), Standing(step, frozenset(gates)))
    return [(one.code.removeprefix("collaborations.migrate_"), one.place, *one.params.values()) for one in findings]


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
        (lambda steps: steps.pop(STEPS["PLAN"]), "PLAN", (), [("step_gone", "steps.2", "PLAN")]),
        (lambda steps: steps.pop(STEPS["ALIGN"]), "PLAN", (), [("step_passed", "steps.1", "ALIGN")]),
        (lambda steps: steps.insert(1, {"key": "KICKOFF"}), "PLAN", (), [("step_passed", "steps.1", "KICKOFF")]),
        (lambda steps: steps.insert(0, steps.pop(1)), "PLAN", (), [("step_passed", "steps.0", "ALIGN")]),
        (lambda steps: steps[0].update(routes=[]), "PLAN", (), [("step_differs", "steps.0", "REQUEST")]),
        (lambda steps: steps[2]["forms"].pop(), "PLAN", (), [("step_differs", "steps.2", "PLAN")]),
        (
            lambda steps: steps.pop(STEPS["EXECUTE"]), "PLAN", ("enter:EXECUTE", "leave:PLAN", "enter:EXECUTE"),
            [("gate_gone", "steps.6", "enter:EXECUTE")],
        ),
    ],
)  # fmt: skip
def test_what_was_carried_out_and_what_is_open_is_not_contradicted(change, step, gates, said):
    assert found(change, step, gates) == said


EMERGENCY = json.loads((files("bihuan.collaborations") / "playbooks" / "emergency.json").read_text(encoding="utf-8"))


OPEN, OVER = {"BACKFILL": True}, {"BACKFILL": False}
ASKED = {"code": "F17", "filler": "LEAD"}
SIGNED = {"code": "OPINIONS", "form": "F13"}


@pytest.mark.parametrize(
    ("change", "owed", "handed_in", "said"),
    [
        (lambda owed: owed.clear(), OPEN, {"F25"}, [("owed_otherwise", "steps", "BACKFILL")]),
        (lambda owed: owed.clear(), {}, (), []),
        (lambda owed: owed.clear(), OVER, {"F25", "F13", "F02"}, []),
        (
            lambda owed: owed[0].update(key="LATER"), OPEN, {"F25"},
            [("owed_otherwise", "obligations", "BACKFILL"), ("owed_unasked", "obligations.0", "LATER", "F25")],
        ),
        (lambda owed: owed[0].update(key="LATER"), {}, (), []),
        (lambda owed: owed[0]["forms"].pop(), OPEN, {"F25"}, [("owed_otherwise", "obligations.0", "BACKFILL")]),
        (lambda owed: owed[0]["forms"].append(ASKED), OPEN, {"F25"}, [("owed_otherwise", "obligations.0", "BACKFILL")]),
        (lambda owed: owed[0]["forms"].append(ASKED), {}, (), []),
        (
            lambda owed: owed[0]["forms"].append(ASKED), OVER, {"F25", "F13", "F02"},
            [("owed_unasked", "obligations.0", "BACKFILL", "F25")],
        ),
        (lambda owed: owed[0]["forms"].append(ASKED), OVER, {"F25", "F13", "F02", "F17"}, []),
        (lambda owed: owed[0]["forms"].reverse(), OPEN, {"F25"}, []),
        (lambda owed: owed[0]["routes"].append(SIGNED), OPEN, {"F25"}, []),
        (
            lambda owed: owed[0]["routes"].append(SIGNED), OPEN, {"F25", "F13"},
            [("owed_otherwise", "obligations.0", "BACKFILL")],
        ),
        (lambda owed: owed[0].update(gate="enter:ACCEPT", hours=48, opens="F16"), OPEN, {"F25"}, []),
        (lambda owed: owed.append({**owed[0], "key": "MORE", "opens": "F16", "forms": []}), OPEN, {"F25"}, []),
    ],
)  # fmt: skip
def test_what_is_owed_is_refused_only_where_it_would_never_end_or_never_be_asked_for(change, owed, handed_in, said):
    """Before the form is handed in nothing is owed, and the new text may say it another way."""
    body = copy.deepcopy(EMERGENCY)
    change(body["obligations"])
    body["obligations"] or body.pop("obligations")
    standing = Standing("ASSESS" if not handed_in else "PLAN", frozenset(), frozenset(handed_in), owed)
    found = migration_findings(read_playbook(EMERGENCY), read_playbook(body), standing)
    assert [
        (one.code.removeprefix("collaborations.migrate_"), one.place, *one.params.values()) for one in found
    ] == said
