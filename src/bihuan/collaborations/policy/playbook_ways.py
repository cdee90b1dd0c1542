"""Whether a matter could get through a playbook: what a step needs lies before it, and gates can hold."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bihuan.collaborations.policy.playbook import (
    ACCEPTED_WITH,
    ARCHIVED,
    FINAL,
    IMPORTED,
    WEEKLY,
    PlaybookPlan,
    StepPlan,
)
from bihuan.kernel.findings import Finding, error

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType({"F02": ("F13",), "F04": ("F05",), "F26": ("F05", "F04")})
"""The forms without which another one can never be handed in."""
DECIDED_BEFORE: Mapping[str, str] = MappingProxyType({"F02": "F13", "F26": "F04"})
"""The form that must have been approved before another one is handed in."""
BEGINS = ("F01", "F13", "F25")
"""The forms that give a matter its number; those of any other bear that number."""


def check_ways(plan: PlaybookPlan) -> Iterator[Finding]:
    """What no matter could ever do, and what would hold nothing. Whether all it names exists is told elsewhere."""
    asked_in = {form.code: index for index, step in enumerate(plan.steps) for form in step.forms}
    yield from _imported(plan)
    yield from _begins(plan)
    yield from _end(plan)
    yield from _twice(plan)
    yield from _needs(plan, asked_in)
    yield from _judged(plan, asked_in)
    yield from _archived(plan, asked_in)
    yield from _condition_gate(plan)
    yield from _signed_beside(plan, asked_in)


def _imported(plan: PlaybookPlan) -> Iterator[Finding]:
    """What was imported stands in one step as it was; no other matter ever does."""
    for index, step in enumerate(plan.steps):
        if (step.key == IMPORTED) != (plan.key == IMPORTED):
            yield error("collaborations.playbook_step_imported", f"steps.{index}.key", step=step.key, imported=IMPORTED)


def _begins(plan: PlaybookPlan) -> Iterator[Finding]:
    """Whoever begins a matter fills in the form that gives it its number."""
    first = plan.first()
    asked = first.forms[0] if first.forms else None
    if plan.key != IMPORTED and (asked is None or asked.code not in BEGINS or asked.filler != "INITIATOR"):
        told = ", ".join(BEGINS)
        yield error("collaborations.playbook_begins_otherwise", "steps.0", step=first.key, forms=told)


def _end(plan: PlaybookPlan) -> Iterator[Finding]:
    for index, step in enumerate(plan.steps):
        if step.key != FINAL:
            continue
        for word, names in _asked_at(step):
            if names:
                told = ", ".join(names)
                yield error("collaborations.playbook_end_asks", f"steps.{index}.{word}", step=FINAL, names=told)


def _asked_at(step: StepPlan) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "forms", tuple(form.code for form in step.forms)
    yield "routes", tuple(route.code for route in step.routes)
    yield "guards", step.guards
    yield "back_to", (step.back_to,) if step.back_to else ()


def _twice(plan: PlaybookPlan) -> Iterator[Finding]:
    for index, step in enumerate(plan.steps):
        for at, route in enumerate(step.routes):
            if route in step.routes[:at]:
                place = f"steps.{index}.routes.{at}.code"
                yield error("collaborations.playbook_route_twice", place, route=route.code, form=route.form)


def _needs(plan: PlaybookPlan, asked_in: Mapping[str, int]) -> Iterator[Finding]:
    """Papers owed beside the way may be handed in late, so that anything asked anywhere is there in time for them."""
    end = len(plan.steps)
    beside = {code for owed in plan.obligations for code in owed.asked}
    for place, index, code in _every_form(plan):
        for other in NEEDED.get(code, ()):
            if other not in beside and asked_in.get(other, end) > index:
                yield error("collaborations.playbook_form_needs_form", place, form=code, other=other)
        decided = DECIDED_BEFORE.get(code)
        if decided is not None and decided in {*beside, *asked_in} and not _is_decided(plan, decided, index):
            yield error("collaborations.playbook_form_needs_decision", place, form=code, other=decided)


def _every_form(plan: PlaybookPlan) -> Iterator[tuple[str, int, str]]:
    """Place, the last step in which it may be handed in, code."""
    for index, step in enumerate(plan.steps):
        for at, form in enumerate(step.forms):
            yield f"steps.{index}.forms.{at}.code", index, form.code
    for index, owed in enumerate(plan.obligations):
        for at, code in enumerate(owed.asked):
            yield f"obligations.{index}.forms.{at}.code", len(plan.steps) - 1, code


def _is_decided(plan: PlaybookPlan, form: str, index: int) -> bool:
    on_the_way = any(step.routes_on(form) for step in plan.steps[: index + 1])
    return on_the_way or any(owed.step.routes_on(form) for owed in plan.obligations)


def _judged(plan: PlaybookPlan, asked_in: Mapping[str, int]) -> Iterator[Finding]:
    """What fails goes back somewhere, and what it is held against was handed in before."""
    judging = asked_in.get(ACCEPTED_WITH)
    if judging is None:
        return
    step = plan.steps[judging]
    if not step.back_to and step.key != FINAL:
        yield error("collaborations.playbook_fails_nowhere", f"steps.{judging}", step=step.key, form=ACCEPTED_WITH)
    for index, code in enumerate(plan.acceptance):
        if asked_in.get(code, judging) > judging:
            yield error("collaborations.playbook_judged_later", f"acceptance.{index}", form=code, by=ACCEPTED_WITH)


def _archived(plan: PlaybookPlan, asked_in: Mapping[str, int]) -> Iterator[Finding]:
    archiving = asked_in.get(ARCHIVED)
    if archiving is None:
        return
    late = [code for code in plan.archive_set if code != WEEKLY and asked_in.get(code, archiving) > archiving]
    if late:
        at = next(at for at, form in enumerate(plan.steps[archiving].forms) if form.code == ARCHIVED)
        place = f"steps.{archiving}.forms.{at}.code"
        yield error("collaborations.playbook_archived_early", place, forms=", ".join(late), by=ARCHIVED)


def _condition_gate(plan: PlaybookPlan) -> Iterator[Finding]:
    """A gate counts as many steps as lie before it. A condition is set by whoever signs, in a step before its gate."""
    gate = _steps_before(plan, plan.condition_gate)
    if gate is None:
        return
    signed = next((index for index, step in enumerate(plan.steps) if step.routes and step.key != FINAL), None)
    if gate > _last_gate(plan):
        yield error("collaborations.playbook_gate_behind_end", "condition_gate", gate=plan.condition_gate)
    elif signed is not None and gate <= signed:
        step = plan.steps[signed].key
        yield error("collaborations.playbook_condition_late", "condition_gate", gate=plan.condition_gate, step=step)


def _signed_beside(plan: PlaybookPlan, asked_in: Mapping[str, int]) -> Iterator[Finding]:
    """An obligation holds its gate until it is kept: the gate is passed, and what is to be signed is there by then."""
    for number, owed in enumerate(plan.obligations):
        gate = _steps_before(plan, owed.gate)
        if gate is None:
            continue
        if gate > _last_gate(plan):
            yield error("collaborations.playbook_gate_behind_end", f"obligations.{number}.gate", gate=owed.gate)
        for at, route in enumerate(owed.step.routes):
            if asked_in.get(route.form, -1) >= gate:
                place = f"obligations.{number}.routes.{at}.form"
                yield error("collaborations.playbook_signed_behind_gate", place, form=route.form, gate=owed.gate)


def _steps_before(plan: PlaybookPlan, gate: str) -> int | None:
    """None for a gate of a step there is not."""
    kind, _colon, step = gate.partition(":")
    return plan.position(step) + (kind == "leave") if plan.has(step) else None


def _last_gate(plan: PlaybookPlan) -> int:
    """That which leads to the end."""
    return plan.position(FINAL) if plan.has(FINAL) else len(plan.steps)
