"""Whether a playbook can be carried out: what it names exists, and its steps fit together (lint)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bihuan.collaborations.policy.playbook import (
    ARCHIVED_IN,
    FINAL,
    IMPORTED,
    MINUTES,
    RECURS,
    REVIEWED_IN,
    SENT_WHEN_SIGNED,
    WEEKLY,
    WORK,
    Obligation,
    PlaybookPlan,
    StepPlan,
    key_of,
    read_playbook,
)
from bihuan.collaborations.policy.playbook import JUDGED as ACCEPTED
from bihuan.collaborations.policy.playbook_cadences import check_cadences
from bihuan.collaborations.policy.playbook_clocks import check_clocks
from bihuan.collaborations.policy.playbook_ways import check_ways
from bihuan.kernel.findings import Finding, error

KNOWN_STEPS = frozenset({
    "IMPORTED", "ASSESS", "REQUEST", "FIRST_REVIEW", "ALIGN", "APPROVAL", "PLAN", "APPROVAL_PLAN", "FILING", "RESOURCE",
    "KICKOFF", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE", "CLOSED",
})  # fmt: skip
KNOWN_FILLERS = frozenset({"INITIATOR", "LEAD", "FILING"})
REQUESTS = ("F01", "F02")
BEHIND_WORK = (ACCEPTED, REVIEWED_IN, ARCHIVED_IN)
LOOKS_AT = {
    "G01": ("F01", "F02"), "G02": ("F01", "F02"), "G03": ("F03",), "G06": ("F05",), "G07": ("F26",), "G08": ("F07",),
    "G09": ("F06",), "G10": ("F06",), "G11": ("F06",), "G12": ("F06",),
    "G21": ("F19",), "G22": ("F19",), "G24": ("F16",), "G25": ("F17", "F18"), "G26": ("F20",),
    "G30": ("F15",), "G17": ("F25",), "G18": ("F17", "F18"),
}  # fmt: skip
"""The forms of which a guard looks at one; without any it has nothing to look at."""
DECIDED = frozenset({"G02", "G03", "G04", "G05", "G22", "G30"})
"""Guards that somebody's decision opens: their step needs a route."""
JUDGED = ("F01", "F02", "F03", "F04", "F19")
"""The forms that acceptance can be held against."""


def check_playbook(
    body: Mapping[str, Any],
    *,
    forms: frozenset[str],
    guards: frozenset[str],
    routes: frozenset[str],
    questions: frozenset[str] = frozenset(),
) -> list[Finding]:
    """What a playbook names that the product does not know, and what could never be carried out.

    `questions` are those of forms that are answered with yes or no. The body is of the shape of
    `playbook_text.PlaybookText`. Each finding stands at the place of its word.
    """
    plan = read_playbook(body)
    if not plan.steps:
        return [error("collaborations.playbook_empty", "steps")]
    known = {"form": forms, "guard": guards, "route": routes, "filler": KNOWN_FILLERS}
    return [
        *_key(plan),
        *_names(plan, known),
        *_order(plan),
        *_forms(plan),
        *_conditions(plan, questions),
        *_kept(plan),
        *_minutes(plan, is_said=bool(body.get("minutes_flow"))),
        *_ends(plan),
        *_reached(plan),
        *_comes_round(plan),
        *_beside(plan, known),
        *check_ways(plan),
        *check_clocks(plan),
        *check_cadences(plan),
    ]


def _key(plan: PlaybookPlan) -> Iterator[Finding]:
    if key_of(plan.key) != plan.key:
        yield error("collaborations.playbook_key_taken", "key", key=plan.key, other=key_of(plan.key))


def _names(plan: PlaybookPlan, known: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    for index, step in enumerate(plan.steps):
        if step.key not in KNOWN_STEPS:
            yield error("collaborations.playbook_step_unknown", f"steps.{index}.key", step=step.key)
        for place, what, name in _named(f"steps.{index}", step):
            if name not in known[what]:
                yield error("collaborations.playbook_names_unknown", place, what=what, name=name)


def _named(place: str, step: StepPlan) -> Iterator[tuple[str, str, str]]:
    for at, form in enumerate(step.forms):
        yield f"{place}.forms.{at}.code", "form", form.code
        yield f"{place}.forms.{at}.filler", "filler", form.filler
    for at, guard in enumerate(step.guards):
        yield f"{place}.guards.{at}", "guard", guard
    for at, route in enumerate(step.routes):
        yield f"{place}.routes.{at}.code", "route", route.code


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
            place, looks_at = f"steps.{index}.guards.{at}", LOOKS_AT.get(guard, ())
            if looks_at and not asked.intersection(looks_at):
                told = " / ".join(looks_at)
                yield error("collaborations.playbook_guard_without_form", place, guard=guard, form=told)
            if guard in DECIDED and not step.routes:
                yield error("collaborations.playbook_guard_without_route", place, guard=guard)


def _conditions(plan: PlaybookPlan, questions: frozenset[str]) -> Iterator[Finding]:
    """A form stands in for one before it in its step, and depends on a question that was answered earlier."""
    for index, step in enumerate(plan.steps):
        whole: set[str] = set()
        for at, form in enumerate(step.forms):
            place = f"steps.{index}.forms.{at}"
            if form.instead_of and form.instead_of not in whole:
                yield error(
                    "collaborations.playbook_instead_of_none", f"{place}.instead_of", form=form.code,
                    other=form.instead_of,
                )  # fmt: skip
            if form.only_if and not _is_answered(plan, index, form.only_if, questions):
                yield error(
                    "collaborations.playbook_not_a_question", f"{place}.only_if", form=form.code, question=form.only_if
                )
            if not form.instead_of:
                whole.add(form.code)


def _is_answered(plan: PlaybookPlan, index: int, question: str, questions: frozenset[str]) -> bool:
    asked_in = question.partition(".")[0]
    return question in questions and any(step.asks_for(asked_in) for step in plan.steps[:index])


def _kept(plan: PlaybookPlan) -> Iterator[Finding]:
    """What acceptance is held against, and what the archive holds, are forms that some step asks for."""
    for index, code in enumerate(plan.acceptance):
        if code not in JUDGED or not plan.asks_for(code):
            forms = ", ".join(form for form in JUDGED if plan.asks_for(form))
            yield error("collaborations.playbook_not_judged", f"acceptance.{index}", form=code, forms=forms)
    for index, code in enumerate(plan.archive):
        if code != WEEKLY and not plan.asks_for(code):
            yield error("collaborations.playbook_not_archived", f"archive.{index}", form=code)


def _reached(plan: PlaybookPlan) -> Iterator[Finding]:
    """No step stands behind the end, or where work that comes round goes past it (`recurrence.step_after`)."""
    keys = [step.key for step in plan.steps]
    ends = keys.index(FINAL) if FINAL in keys else len(keys)
    works = keys.index(WORK) if plan.recurs and WORK in keys else ends
    for index, key in enumerate(keys):
        if index > ends:
            yield error("collaborations.playbook_step_behind_end", f"steps.{index}.key", step=key)
        elif works < index < ends and key not in BEHIND_WORK:
            told = ", ".join(BEHIND_WORK)
            yield error("collaborations.playbook_step_passed_by", f"steps.{index}.key", step=key, steps=told)


def _minutes(plan: PlaybookPlan, *, is_said: bool) -> Iterator[Finding]:
    """How minutes flow is said where there are minutes; they wait for signatures only where a step asks for some."""
    if is_said and not plan.asks_for(MINUTES):
        yield error("collaborations.playbook_minutes_none", "minutes_flow", form=MINUTES)
    elif plan.minutes_flow == SENT_WHEN_SIGNED and not plan.is_signed_on_the_way(MINUTES):
        yield error("collaborations.playbook_minutes_unsigned", "minutes_flow", form=MINUTES)


def _comes_round(plan: PlaybookPlan) -> Iterator[Finding]:
    """What comes round is said before work and acceptance, which come again for every period."""
    asking = plan.step_asking(RECURS)
    if asking is None:
        return
    for step in (WORK, ACCEPTED):
        if not plan.is_before(asking.key, step):
            place = f"steps.{plan.position(asking.key)}.forms"
            yield error("collaborations.playbook_recurs_without", place, step=step)


def _beside(plan: PlaybookPlan, known: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """An obligation begins with a form of a step, holds a gate that is passed, and asks for what no step asks for."""
    asked = [form.code for step in plan.steps for form in step.forms]
    for index, owed in enumerate(plan.obligations):
        place = f"obligations.{index}"
        yield from _clock(plan, owed, place)
        if owed.key in [each.key for each in plan.obligations[:index]]:
            yield error("collaborations.playbook_owed_twice", f"{place}.key", key=owed.key)
        for at, code in enumerate(owed.asked):
            if code in asked:
                yield error("collaborations.playbook_form_twice", f"{place}.forms.{at}", form=code)
            asked.append(code)
        for at, route in enumerate(owed.step.routes):
            if route.form not in asked:
                where = f"{place}.routes.{at}.form"
                yield error("collaborations.playbook_route_without_form", where, route=route.code, form=route.form)
        for where, what, name in _named(place, owed.step):
            if name not in known[what]:
                yield error("collaborations.playbook_names_unknown", where, what=what, name=name)


def _clock(plan: PlaybookPlan, owed: Obligation, place: str) -> Iterator[Finding]:
    """Its clock is started by a form of a step, stopped by what it asks for, and holds a gate that lies ahead."""
    begins = next((step for step in plan.steps if step.asks_for(owed.opens)), None)
    if begins is None:
        yield error("collaborations.playbook_never_opens", f"{place}.opens", form=owed.opens)
    kind, _colon, held = owed.gate.partition(":")
    if not plan.has(held):
        yield error("collaborations.playbook_gate_unknown", f"{place}.gate", gate=owed.gate)
    elif begins is not None and plan.position(held) < plan.position(begins.key) + (kind == "enter"):
        yield error("collaborations.playbook_gate_too_early", f"{place}.gate", form=owed.opens, gate=owed.gate)
    if not owed.step.forms and not owed.step.routes:
        yield error("collaborations.playbook_clock_without_end", place, key=owed.key)


def _ends(plan: PlaybookPlan) -> Iterator[Finding]:
    """It begins with a request, comes to an end, and a condition holds a gate that is passed."""
    if plan.key == IMPORTED:
        return
    if not any(plan.asks_for(code) for code in REQUESTS):
        yield error("collaborations.playbook_without_request", "steps", forms=", ".join(REQUESTS))
    if not plan.has(FINAL):
        yield error("collaborations.playbook_never_ends", f"steps.{len(plan.steps) - 1}", step=FINAL)
    if not plan.has(plan.condition_gate.partition(":")[2]):
        yield error("collaborations.playbook_gate_unknown", "condition_gate", gate=plan.condition_gate)
