"""Playbooks as values."""

import pytest

from bihuan.collaborations.policy.playbook import gates_of, read_playbook
from bihuan.collaborations.policy.playbook_check import check_playbook

BODY = {
    "key": "SHORT",
    "condition_gate": "leave:REQUEST",
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


REQUEST = {"key": "REQUEST", "forms": [{"code": "F01", "filler": "INITIATOR"}]}
CLOSED = {"key": "CLOSED"}


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([], [("empty", "steps")]),
        ([REQUEST, {"key": "PARTY"}, CLOSED], [("step_unknown", "steps.1.key")]),
        ([REQUEST, {"key": "PLAN"}, {"key": "PLAN"}, CLOSED], [("step_twice", "steps.2.key")]),
        ([REQUEST, {"key": "PLAN", "back_to": "RETRO"}, CLOSED], [("back_to_later", "steps.1.back_to")]),
        ([REQUEST, {"key": "PLAN", "back_to": "PLAN"}, CLOSED], [("back_to_later", "steps.1.back_to")]),
        (
            [{"key": "REQUEST", "forms": [{"code": "F01", "filler": "BOSS"}]}, CLOSED],
            [("names_unknown", "steps.0.forms.0.filler"), ("begins_otherwise", "steps.0")],
        ),
        ([REQUEST, {**REQUEST, "key": "PLAN"}, CLOSED], [("form_twice", "steps.1.forms.0")]),
        (
            [{"key": "PLAN", "routes": [{"code": "A", "form": "F01"}]}, REQUEST, CLOSED],
            [("route_without_form", "steps.0.routes.0.form"), ("begins_otherwise", "steps.0")],
        ),
        (
            [{"key": "PLAN"}, CLOSED],
            [("without_request", "steps"), ("gate_unknown", "condition_gate"), ("begins_otherwise", "steps.0")],
        ),
        ([REQUEST, {"key": "PLAN"}], [("never_ends", "steps.1")]),
        ([REQUEST, CLOSED, {"key": "PLAN"}], [("step_behind_end", "steps.2.key")]),
    ],
)
def test_steps_that_cannot_be_are_named(steps, found):
    assert codes({"key": "X", "condition_gate": "leave:REQUEST", "steps": steps}) == found


def test_a_step_that_recurring_work_goes_past_is_named():
    ways = {"WITHIN": ["EXECUTE", "KICKOFF", "ACCEPT"], "BEFORE": ["KICKOFF", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE"]}
    asked = [{"code": code, "filler": "INITIATOR"} for code in ("F01", "F27")]
    found = {
        name: codes({
            "key": "X", "condition_gate": "leave:REQUEST",
            "steps": [{"key": "REQUEST", "forms": asked}, *({"key": key} for key in keys), CLOSED],
        }, forms=("F01", "F27"))
        for name, keys in ways.items()
    }  # fmt: skip
    assert found == {"WITHIN": [("step_passed_by", "steps.2.key")], "BEFORE": []}


@pytest.mark.parametrize(("guard", "form"), [("G06", "F05"), ("G24", "F16")])
def test_a_guard_needs_the_form_it_looks_at(guard, form):
    def steps(*asked):
        forms = [{"code": code, "filler": "LEAD"} for code in asked]
        judging = {"key": "PLAN", "forms": forms, "guards": [guard], "back_to": "REQUEST"}
        body = {**BODY, "steps": [REQUEST, judging, CLOSED]}
        return codes(body, forms=("F01", form), guards=(guard,))

    assert steps() == [("guard_without_form", "steps.1.guards.0")]
    assert steps(form) == []


@pytest.mark.parametrize(
    ("forms", "found"),
    [
        ([{"code": "F17"}, {"code": "F18", "instead_of": "F17"}], []),
        ([{"code": "F18", "instead_of": "F17"}, {"code": "F17"}], [("instead_of_none", "steps.1.forms.0.instead_of")]),
        ([{"code": "F18", "instead_of": "F01"}], [("instead_of_none", "steps.1.forms.0.instead_of")]),
        (
            [{"code": "F17"}, {"code": "F18", "instead_of": "F17"}, {"code": "F20", "instead_of": "F18"}],
            [("instead_of_none", "steps.1.forms.2.instead_of")],
        ),
        ([{"code": "F17", "only_if": "F01.urgent"}], []),
        ([{"code": "F17", "only_if": "F01.title"}], [("not_a_question", "steps.1.forms.0.only_if")]),
        ([{"code": "F17"}, {"code": "F18", "only_if": "F17.well"}], [("not_a_question", "steps.1.forms.1.only_if")]),
    ],
)
def test_a_form_stands_in_for_one_above_it_and_depends_on_what_was_asked_before(forms, found):
    asked = [{"filler": "LEAD", **form} for form in forms]
    body = {"key": "X", "condition_gate": "leave:REQUEST", "steps": [REQUEST, {"key": "RETRO", "forms": asked}, CLOSED]}
    told = check_playbook(
        body, forms=frozenset({"F01", "F17", "F18", "F20"}), guards=frozenset(), routes=frozenset(),
        questions=frozenset({"F01.urgent", "F17.well"}),
    )  # fmt: skip
    assert [(each.code.removeprefix("collaborations.playbook_"), each.place) for each in told] == found


def test_of_several_forms_one_is_enough_and_of_a_needless_one_none():
    forms = [
        {"code": "F17", "filler": "LEAD"}, {"code": "F18", "filler": "LEAD", "instead_of": "F17"},
        {"code": "F32", "filler": "LEAD", "only_if": "F25.customer"},
    ]  # fmt: skip
    step = read_playbook({"key": "X", "steps": [{"key": "RETRO", "forms": forms}]}).first()

    def lacking(*settled, needless=()):
        return [form.code for form in step.lacking(set(settled), set(needless))]

    assert step.one_of("F18") == step.one_of("F17") == ("F17", "F18")
    assert step.one_of("F32") == ("F32",)
    assert lacking() == ["F17", "F32"]
    assert lacking("F18") == lacking("F17") == ["F32"]
    assert lacking("F18", needless=["F32"]) == []


def test_what_is_imported_has_one_step_and_no_request():
    assert codes({"key": "IMPORTED", "steps": [{"key": "IMPORTED"}]}) == []


def step(key, *forms, routes=(), **more):
    asked = [{"code": code, "filler": "LEAD"} for code in forms]
    decided = [{"code": "A", "form": form} for form in routes]
    return {"key": key, **({"forms": asked} if asked else {}), **({"routes": decided} if decided else {}), **more}


def ways(*steps, known=("G1",), **more):
    body = {"key": "X", "condition_gate": "enter:CLOSED", "steps": [REQUEST, *steps], **more}
    forms = {f"F{number:02}" for number in range(1, 33)}
    return [found for found in codes(body, forms=forms, guards=known) if not found[0].startswith("clock_")]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([step("CLOSED", "F18")], [("end_asks", "steps.1.forms")]),
        ([step("CLOSED", routes=["F01"], guards=["G1"], back_to="REQUEST")],
         [("end_asks", "steps.1.routes"), ("end_asks", "steps.1.guards"), ("end_asks", "steps.1.back_to")]),
        ([step("PLAN", routes=["F01", "F01"]), CLOSED], [("route_twice", "steps.1.routes.1.code")]),
        ([step("PLAN", "F04"), step("EXECUTE", "F05"), CLOSED], [("form_needs_form", "steps.1.forms.0.code")]),
        ([step("PLAN", "F04", "F05"), CLOSED], []),
        ([step("PLAN", "F05", "F04"), step("FILING", "F26"), step("EXECUTE", routes=["F04"]), CLOSED],
         [("form_needs_decision", "steps.2.forms.0.code")]),
        ([step("PLAN", "F05", "F04", routes=["F04"]), step("FILING", "F26"), CLOSED], []),
        ([step("ASSESS", "F02"), CLOSED], [("form_needs_form", "steps.1.forms.0.code")]),
        ([step("ASSESS", "F13"), step("PLAN", "F02"), CLOSED], [("form_needs_decision", "steps.2.forms.0.code")]),
        ([step("ACCEPT", "F16"), CLOSED], [("fails_nowhere", "steps.1")]),
        ([step("ACCEPT", "F16", back_to="REQUEST"), CLOSED], []),
        ([step("ARCHIVE", "F20"), step("RETRO", "F17", "F18"), CLOSED], [("archived_early", "steps.1.forms.0.code")]),
        ([step("IMPORTED"), CLOSED], [("step_imported", "steps.1.key")]),
    ],
)  # fmt: skip
def test_ways_that_no_matter_could_go_are_named(steps, found):
    assert ways(*steps) == found


@pytest.mark.parametrize("first", [step("ASSESS"), step("ASSESS", "F01"), step("ASSESS", "F17")])
def test_who_begins_a_matter_fills_in_the_form_that_numbers_it(first):
    body = {"key": "X", "condition_gate": "enter:CLOSED", "steps": [first, {**REQUEST, "key": "PLAN"}, CLOSED]}
    assert ("begins_otherwise", "steps.0") in codes(body, forms=("F01", "F17"))


def test_nothing_else_goes_by_the_name_of_what_is_imported():
    found = codes({"key": "IMPORTED", "steps": [{"key": "IMPORTED"}, CLOSED]})
    assert found == [("step_imported", "steps.1.key")]
    assert ("never_ends", "steps.0") in codes({"key": "OURS", "steps": [{"key": "IMPORTED"}]})


def test_what_is_judged_was_handed_in_before_and_what_is_archived_may_be_said():
    judging = step("ACCEPT", "F16", back_to="REQUEST"), step("RETRO", "F03"), CLOSED
    assert ways(*judging, acceptance=["F01", "F03"]) == [("judged_later", "acceptance.1")]
    archiving = step("ARCHIVE", "F20"), step("RETRO", "F17"), CLOSED
    assert ways(*archiving, archive=["F01"]) == []


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ("enter:PLAN", [("condition_late", "condition_gate")]),
        ("leave:PLAN", []),
        ("enter:CLOSED", []),
        ("leave:CLOSED", [("gate_behind_end", "condition_gate")]),
    ],
)
def test_a_condition_holds_a_gate_that_lies_ahead_of_whoever_sets_it(gate, found):
    assert ways(step("PLAN", routes=["F01"]), step("EXECUTE"), CLOSED, condition_gate=gate) == found


def test_what_is_owed_holds_a_gate_before_the_end_and_behind_what_it_has_signed():
    def owed(gate, form="F17"):
        said = {"key": "LATER", "opens": "F01", "hours": 24, "gate": gate, "routes": [{"code": "B", "form": form}]}
        return ways(step("RETRO", "F17"), step("ARCHIVE", "F20"), CLOSED, obligations=[said])

    assert owed("leave:CLOSED") == [("gate_behind_end", "obligations.0.gate")]
    assert owed("enter:RETRO") == [("signed_behind_gate", "obligations.0.routes.0.form")]
    assert owed("leave:RETRO") == owed("enter:RETRO", "F01") == []


class TestReading:
    plan = read_playbook(BODY)

    def test_steps_follow_each_other(self):
        assert self.plan.first().key == "REQUEST"
        assert self.plan.after("REQUEST").key == "APPROVAL"
        assert self.plan.after("CLOSED") is None
        assert self.plan.condition_gate == "leave:REQUEST"
        assert read_playbook({"key": "X", "steps": [CLOSED]}).condition_gate == "enter:EXECUTE"

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


def test_what_is_made_up_for_begins_with_a_form_of_a_step_and_holds_a_gate_that_is_passed():
    owed = {
        "key": "LATER", "opens": "F01", "hours": 24, "gate": "enter:CLOSED",
        "forms": [{"code": "F18", "filler": "LEAD"}], "routes": [{"code": "B", "form": "F18"}],
    }  # fmt: skip
    assert codes(BODY | {"obligations": [owed]}, forms=("F01", "F18")) == []
    wrong = owed | {
        "opens": "F03", "gate": "enter:RETRO", "forms": [{"code": "F01", "filler": "LEAD"}],
        "routes": [{"code": "B", "form": "F09"}],
    }  # fmt: skip
    assert codes(BODY | {"obligations": [wrong]}) == [
        ("never_opens", "obligations.0.opens"), ("gate_unknown", "obligations.0.gate"),
        ("form_twice", "obligations.0.forms.0"), ("route_without_form", "obligations.0.routes.0.form"),
    ]  # fmt: skip
    early = {"key": "LATER", "opens": "F01", "hours": 24, "gate": "enter:REQUEST"}
    assert codes(BODY | {"obligations": [early, owed]}, forms=("F01", "F18")) == [
        ("gate_too_early", "obligations.0.gate"), ("clock_without_end", "obligations.0"),
        ("owed_twice", "obligations.1.key"),
    ]  # fmt: skip


def test_what_is_signed_afterwards_holds_the_gate_of_its_obligation():
    owed = {
        "key": "LATER",
        "opens": "F01",
        "hours": 24,
        "gate": "enter:CLOSED",
        "routes": [{"code": "C", "form": "F01"}],
    }
    plan = read_playbook(BODY | {"obligations": [owed]})
    assert [plan.gate_of(route, "APPROVAL") for route in ("B", "C")] == ["leave:APPROVAL", "enter:CLOSED"]
    assert [form.code for form in plan.obligations[0].step.forms] == ["F01"]
    assert (plan.obligations[0].asked, plan.is_signed_on_the_way("F01")) == ((), True)
