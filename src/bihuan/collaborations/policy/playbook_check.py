"""Whether a playbook can be carried out: what it names exists, and its steps fit together (lint)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan, StepPlan, read_playbook
from bihuan.kernel.findings import Finding, error

KNOWN_STEPS = frozenset({
    "IMPORTED", "ASSESS", "REQUEST", "FIRST_REVIEW", "ALIGN", "APPROVAL", "PLAN", "FILING", "RESOURCE", "KICKOFF",
    "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE", "CLOSED",
})  # fmt: skip
KNOWN_FILLERS = frozenset({"INITIATOR", "LEAD", "FILING"})
IMPORTED = "IMPORTED"
REQUESTS = ("F01", "F02")
LOOKS_AT = {"G06": ("F05",), "G24": ("F16",)}
"""The forms without which a guard has nothing to look at."""


def check_playbook(
    body: Mapping[str, Any], *, forms: frozenset[str], guards: frozenset[str], routes: frozenset[str]
) -> list[Finding]:
    """What a playbook names that the product does not know, and what could never be carried out.

    The body is of the shape of `playbook_text.PlaybookText`. Each finding stands at the place of its word.
    """
    plan = read_playbook(body)
    if not plan.steps:
        return [error("collaborations.playbook_empty", "steps")]
    known = {"form": forms, "guard": guards, "route": routes, "filler": KNOWN_FILLERS}
    return [*_names(plan, known), *_order(plan), *_forms(plan), *_ends(plan)]


def _names(plan: PlaybookPlan, known: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    for index, step in enumerate(plan.steps):
        if step.key not in KNOWN_STEPS:
            yield error("collaborations.playbook_step_unknown", f"steps.{index}.key", step=step.key)
        for place, what, name in _named(index, step):
            if name not in known[what]:
                yield error("collaborations.playbook_names_unknown", place, what=what, name=name)


def _named(index: int, step: StepPlan) -> Iterator[tuple[str, str, str]]:
    for at, form in enumerate(step.forms):
        yield f"steps.{index}.forms.{at}.code", "form", form.code
        yield f"steps.{index}.forms.{at}.filler", "filler", form.filler
    for at, guard in enumerate(step.guards):
        yield f"steps.{index}.guards.{at}", "guard", guard
    for at, route in enumerate(step.routes):
        yield f"steps.{index}.routes.{at}.code", "route", route.code


def _order(plan: PlaybookPlan) -> Iterator[Finding]:
    """Steps stand once, and lead back only to what was before."""
    seen: set[str] = set()
    for index, step in enumerate(plan.steps):
        if step.key in seen:
            yield error("collaborations.playbook_step_twice", f"steps.{index}.key", step=step.key)
        if step.back_to and step.back_to not in seen:
            yield error("collaborations.playbook_back_to_later", f"steps.{index}.back_to", step=step.back_to)
        seen.add(step.key)


def _forms(plan: PlaybookPlan) -> Iterator[Finding]:
    """A form is asked for once; a route and a guard find their form in their step or an earlier one."""
    asked: set[str] = set()
    for index, step in enumerate(plan.steps):
        for at, form in enumerate(step.forms):
            if form.code in asked:
                yield error("collaborations.playbook_form_twice", f"steps.{index}.forms.{at}", form=form.code)
            asked.add(form.code)
        for at, route in enumerate(step.routes):
            if route.form not in asked:
                place = f"steps.{index}.routes.{at}.form"
                yield error("collaborations.playbook_route_without_form", place, route=route.code, form=route.form)
        for at, guard in enumerate(step.guards):
            for form_code in LOOKS_AT.get(guard, ()):
                if form_code not in asked:
                    place = f"steps.{index}.guards.{at}"
                    yield error("collaborations.playbook_guard_without_form", place, guard=guard, form=form_code)


def _ends(plan: PlaybookPlan) -> Iterator[Finding]:
    """It begins with a request, comes to an end, and a condition holds a gate that is passed."""
    if plan.steps[0].key == IMPORTED:
        return
    if not any(plan.asks_for(code) for code in REQUESTS):
        yield error("collaborations.playbook_without_request", "steps", forms=", ".join(REQUESTS))
    if plan.steps[-1].key != FINAL:
        yield error("collaborations.playbook_never_ends", f"steps.{len(plan.steps) - 1}", step=FINAL)
    if not plan.has(plan.condition_gate.partition(":")[2]):
        yield error("collaborations.playbook_gate_unknown", "condition_gate", gate=plan.condition_gate)
