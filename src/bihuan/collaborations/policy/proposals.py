"""Asking for a decision on the matter itself: by which form, on which route, and when (domain §3.2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.collaborations.policy.body import Body, day, ref, rows, text
from bihuan.collaborations.policy.parties import People, dates_fit, people_fit
from bihuan.collaborations.policy.playbook import FINAL, JUDGED, WORK, PlaybookPlan
from bihuan.kernel.findings import Finding, error

CHANGE, EARLY_END, SUSPENSION, HAND_OVER, LETTER = "F21", "F28", "F29", "F30", "F31"
ROUTES: Mapping[str, str] = {
    CHANGE: "CHANGE", EARLY_END: "EARLY_END", SUSPENSION: "SUSPENSION", HAND_OVER: "HAND_OVER", LETTER: "LETTER",
}  # fmt: skip
"""The route on which each form is decided."""
FORM_OF: Mapping[str, str] = {route: form for form, route in ROUTES.items()}
WHILE_SUSPENDED = frozenset({EARLY_END, SUSPENSION})
AGREEMENT = "ALIGN"
BASELINES = ("PLAN", AGREEMENT, "REQUEST")
"""Steps that say what is carried out."""
LAST_STEPS = (WORK, JUDGED, "RETRO", "ARCHIVE")
AFTER_WORK = ("RETRO", "ARCHIVE", FINAL)
MEANWHILE = (
    "access.", "deadlines.", "evidence.", "issues.", "approvals.remark.", "approvals.copies.", "approvals.office.",
    "ledger.",
    "collaborations.collaboration.suspended", "collaborations.collaboration.resumed", "collaborations.department.",
    "collaborations.problem.",
)  # fmt: skip
FOLLOWING = (
    "collaborations.step.", "collaborations.lines.", "approvals.signoff.opened", "resources.needs.asked",
    "plans.tasks.", "commitments.commitment.made",
)  # fmt: skip
"""What only ever happens in answer to another fact, which is looked at itself."""
OF_PEOPLE = (".handed_over", ".changed", ".person_changed")
OF_ONES_OWN = frozenset({"deadlines.deadline.paused", "deadlines.deadline.resumed"})
RISK = "F11"
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a matter stands, as far as asking is concerned. `open_forms` are asked and not decided yet,
    `awaits_word`: a solution waits for the written word of a head."""

    step: str
    is_suspended: bool
    has_open_items: bool = False
    awaits_word: bool = False
    has_worked: bool = False
    open_forms: frozenset[str] = frozenset()


def refusals(form_code: str, plan: PlaybookPlan, standing: Standing) -> list[Finding]:
    """Why this may not be asked now."""
    if form_code in standing.open_forms:
        return [error("collaborations.proposal_open", form=form_code)]
    if standing.is_suspended and form_code not in WHILE_SUSPENDED:
        return [error("collaborations.suspended")]
    out_of_place = _out_of_place(form_code, plan, standing)
    if out_of_place:
        return [error(out_of_place)]
    if standing.step == "IMPORTED" or (standing.step == plan.first().key and not standing.has_worked):
        return [error("collaborations.nothing_begun")]
    return []


def _out_of_place(form_code: str, plan: PlaybookPlan, standing: Standing) -> str:
    """Why this makes no sense in the step; empty where it does."""
    if form_code == CHANGE and (standing.step != WORK or not baselines_of(plan)):
        return "collaborations.nothing_to_change"
    if form_code == EARLY_END and standing.step in AFTER_WORK:
        return "collaborations.work_is_over"
    if form_code == HAND_OVER and (standing.step not in LAST_STEPS or not standing.has_open_items):
        return "collaborations.nothing_to_hand_over"
    if form_code == LETTER and not standing.awaits_word:
        return "collaborations.no_word_awaited"
    return ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something open that may be handed over. `id` is its row: the kind and number of what it is about."""

    id: str
    what: str
    owed_by: str


@dataclass(frozen=True, slots=True)
class HandingOver:
    """What a hand-over is held against."""

    today: date
    people: People
    items: tuple[OpenItem, ...] = ()


def computed_items(context: HandingOver) -> list[dict[str, str]]:
    return [{"id": item.id, "what": item.what, "owed_by": item.owed_by} for item in context.items]


def check_hand_over(body: Body, context: HandingOver) -> list[Finding]:
    """Each item that is handed over has an owner who works here and a day ahead, and is still open (G27)."""
    items, still_open = rows(body, "items"), {item.id for item in context.items}
    found = [finding for index, row in enumerate(items) for finding in _item(f"items.{index}", row, still_open)]
    if not any(ref(row, "owner") for row in items):
        found.append(error("collaborations.nobody_takes_over", "items"))
    return [
        *found,
        *people_fit(items, "items", "owner", context.people),
        *dates_fit(items, "items", "due", context.today),
    ]


def _item(place: str, row: Body, still_open: Collection[str]) -> list[Finding]:
    owner, due = ref(row, "owner"), day(row, "due")
    if owner and text(row, "id") not in still_open:
        return [error("collaborations.item_not_open", f"{place}.owner", what=text(row, "what"))]
    if owner and due is None:
        return [error("collaborations.item_without_day", f"{place}.due")]
    if due is not None and owner is None:
        return [error("collaborations.item_without_owner", f"{place}.owner")]
    return []


def may_happen_meanwhile(name: str, body: Mapping[str, Any]) -> bool:
    """Whether a fact may be recorded of a matter that rests.

    That is: going on and ending early, people who leave or join, risks, what only looks or talks, and the clocks of
    what is urgent. Everything else waits.
    """
    if name in OF_ONES_OWN:
        return False
    if name.startswith((*MEANWHILE, *FOLLOWING)) or name.endswith(OF_PEOPLE):
        return True
    if body.get("form_code") in WHILE_SUSPENDED | {RISK}:
        return True
    return FORM_OF.get(body.get("route", "")) in WHILE_SUSPENDED


def after_early_end(plan: PlaybookPlan) -> str:
    """What still follows when the work is ended early: review, else archive, else nothing but the end."""
    return next(step for step in AFTER_WORK if plan.has(step))


def back_for_change(plan: PlaybookPlan, *, touches_agreement: bool) -> str:
    """Where an approved change leads back to: what was agreed on, where that changes, else the nearest baseline."""
    if touches_agreement and plan.has(AGREEMENT):
        return AGREEMENT
    return baselines_of(plan)[0]


def baselines_of(plan: PlaybookPlan) -> list[str]:
    """The steps of a playbook that say what is carried out, the one nearest to the work first."""
    return sorted((step for step in BASELINES if plan.is_before(step, WORK)), key=plan.position, reverse=True)


def reopened_by_change(plan: PlaybookPlan, to: str) -> list[str]:
    """The forms that open for change again: of the baselines from there on, and what is filed about them."""
    between = plan.steps[plan.position(to) : plan.position(WORK)]
    return [form.code for step in between if step.key in BASELINES or step.is_filed for form in step.forms]


def check_change(body: Body, today: date) -> list[Finding]:
    effective = day(body, "effective_on")
    if effective is not None and effective < today:
        return [error("collaborations.effective_past", "effective_on", date=effective.isoformat())]
    return []


def check_suspension(body: Body, today: date) -> list[Finding]:
    until = day(body, "until")
    if until is None:
        return []
    if until <= today:
        return [error("collaborations.until_not_ahead", "until", date=until.isoformat())]
    if until - today > LONGEST:
        return [error("collaborations.until_too_far", "until", date=until.isoformat())]
    return []
