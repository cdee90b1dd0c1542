import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collaborations.policy import playbook_edit as edit

BODY = json.loads((files("bihuan.collaborations") / "playbooks" / "seed_b.json").read_text(encoding="utf-8"))
KEYS = [step["key"] for step in BODY["steps"]]
WORDS = {"auto": False, "forms": [], "routes": [], "guards": [], "back_to": ""}


def keys_of(body) -> list[str]:
    return [step["key"] for step in body["steps"]]


@given(st.integers(-2, len(KEYS) + 2), st.sampled_from([-1, 1]))
def test_moving_a_step_and_back_changes_nothing(index, by):
    there = edit.moved(BODY, index, by)
    assert sorted(keys_of(there)) == sorted(KEYS)
    assert edit.moved(there, index + by, -by) == BODY


def test_a_new_step_stands_before_the_end_and_a_removed_one_is_gone():
    assert keys_of(edit.added(BODY, "KICKOFF"))[-2:] == ["KICKOFF", "CLOSED"]
    assert keys_of(edit.added({"steps": []}, "KICKOFF")) == ["KICKOFF"]
    assert keys_of(edit.removed(BODY, 0)) == KEYS[1:]
    assert edit.removed(BODY, 99) == BODY


def test_how_minutes_flow_is_said_as_long_as_a_step_asks_for_them():
    steps = [{"key": "KICKOFF", "forms": [{"code": "F07"}]}, {"key": "EXECUTE"}, {"key": "CLOSED"}]
    body = {"minutes_flow": "DISTRIBUTE_THEN_SIGN", "steps": steps}
    assert edit.removed(body, 1)["minutes_flow"] == "DISTRIBUTE_THEN_SIGN"
    assert edit.removed(body, 0) == {"steps": steps[1:]}


def test_what_nobody_changed_reads_as_before():
    same = [{word: step.get(word, empty) for word, empty in WORDS.items()} for step in BODY["steps"]]
    assert edit.filled(BODY, same) == BODY
    assert edit.worded(BODY, {"name": BODY["name"], "condition_gate": BODY["condition_gate"]}) == BODY


@pytest.mark.parametrize(
    "said",
    [{}, {"steps": "x"}, {"steps": ["x"]}, {"steps": [{"key": ["x"]}]}, {"steps": [{"key": "A", "forms": ["F01"]}]}],
)
def test_a_text_whose_steps_cannot_be_told_is_not_shown_in_fields(said):
    assert edit.with_steps(said) is None
    assert edit.with_steps({"name": "", "steps": [{"key": "A", "auto": "true"}]}) == {
        "name": "", "steps": [{"key": "A", "auto": True}],
    }  # fmt: skip
