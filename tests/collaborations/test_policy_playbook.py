"""Playbooks as values."""

import pytest

from bihuan.collaborations.policy.playbook import check_playbook, gates_of, read_playbook

BODY = {
    "key": "SHORT",
    "steps": [
        {"key": "REQUEST", "forms": [{"code": "F01", "filler": "INITIATOR"}], "routes": [{"code": "A", "form": "F01"}]},
        {"key": "APPROVAL", "routes": [{"code": "B", "form": "F01"}], "guards": ["G1"], "back_to": "REQUEST"},
        {"key": "CLOSED"},
    ],
}


def codes(body, forms=("F01",), guards=("G1",), routes=("A", "B")):
    found = check_playbook(body, forms=frozenset(forms), guards=frozenset(guards), routes=frozenset(routes))
    return [(finding.code.removeprefix("collaborations.playbook_"), finding.place) for finding in found]


def test_a_whole_playbook_is_fine():
    assert codes(BODY) == []


@pytest.mark.parametrize(
    ("known", "what"),
    [({"forms": ()}, "form"), ({"guards": ()}, "guard"), ({"routes": ("A",)}, "route")],
)
def test_what_the_product_does_not_know_is_named(known, what):
    found = check_playbook(
        BODY,
        **{"forms": frozenset({"F01"}), "guards": frozenset({"G1"}), "routes": frozenset({"A", "B"})}
        | {key: frozenset(value) for key, value in known.items()},
    )
    assert [finding.params["what"] for finding in found] == [what]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([], [("empty", "")]),
        ([{"key": "PARTY"}], [("step_unknown", "steps.0")]),
        ([{"key": "PLAN"}, {"key": "PLAN"}], [("step_twice", "steps.1")]),
        ([{"key": "PLAN", "back_to": "RETRO"}], [("back_to_later", "steps.0")]),
        ([{"key": "PLAN", "forms": [{"code": "F01", "filler": "BOSS"}]}], [("names_unknown", "steps.0")]),
    ],
)
def test_steps_that_cannot_be_are_named(steps, found):
    assert codes({"key": "X", "steps": steps}) == found


class TestReading:
    plan = read_playbook(BODY)

    def test_steps_follow_each_other(self):
        assert self.plan.first().key == "REQUEST"
        assert self.plan.after("REQUEST").key == "APPROVAL"
        assert self.plan.after("CLOSED") is None
        assert self.plan.condition_gate == "enter:EXECUTE"

    def test_one_step_is_before_another_only_if_both_are_there(self):
        assert self.plan.is_before("REQUEST", "APPROVAL")
        assert not self.plan.is_before("APPROVAL", "REQUEST")
        assert not self.plan.is_before("REQUEST", "EXECUTE")
        assert not self.plan.is_before("EXECUTE", "REQUEST")

    def test_a_route_over_a_form_of_the_step_waits_for_the_form(self):
        request, approval = self.plan.step("REQUEST"), self.plan.step("APPROVAL")
        assert [route.code for route in request.routes_on("F01")] == ["A"]
        assert request.routes_on("F03") == ()
        assert request.routes_on_entry() == ()
        assert [route.code for route in approval.routes_on_entry()] == ["B"]

    def test_it_knows_which_forms_it_has(self):
        assert self.plan.asks_for("F01")
        assert not self.plan.asks_for("F11")
        assert not self.plan.step("REQUEST").is_filed

    def test_two_gates_stand_between_two_steps_and_one_at_the_end(self):
        assert gates_of(self.plan, "REQUEST") == ("leave:REQUEST", "enter:APPROVAL")
        assert gates_of(self.plan, "CLOSED") == ("leave:CLOSED",)
