"""What changed from one text of a playbook to another, act by act."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bihuan.collaborations.policy.choosing import QUESTIONS
from bihuan.collaborations.policy.playbook import StepPlan, read_playbook


class Changed(StrEnum):
    """What happened to a step or to one of its words."""

    STEP_ADDED = "STEP_ADDED"
    STEP_REMOVED = "STEP_REMOVED"
    STEP_MOVED = "STEP_MOVED"
    ADDED = "ADDED"
    REMOVED = "REMOVED"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `step` is empty for a word of the whole; `word` says which (`forms`, `name` …)."""

    what: Changed
    step: str = ""
    word: str = ""
    before: str = ""
    after: str = ""


WORDS = ("name", "name_en", "suits", "condition_gate", "acceptance", "archive")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference between two bodies, in the order of the newer one; none when they say the same."""
    old, new = read_playbook(before), read_playbook(after)
    said = {
        "condition_gate": (old.condition_gate, new.condition_gate),
        "suits": (_suits(before), _suits(after)),
        "acceptance": (", ".join(old.acceptance), ", ".join(new.acceptance)),
        "archive": (", ".join(old.archive), ", ".join(new.archive)),
    }
    whole = [
        Change(Changed.SET, word=word, before=first, after=second)
        for word in WORDS
        for first, second in [said.get(word) or (before[word], after[word])]
        if first != second
    ]
    kept_before = [step.key for step in old.steps if new.has(step.key)]
    kept_after = [step.key for step in new.steps if old.has(step.key)]
    gone = [Change(Changed.STEP_REMOVED, step=step.key) for step in old.steps if not new.has(step.key)]
    found = [*whole, *gone]
    for step in new.steps:
        if not old.has(step.key):
            found.append(Change(Changed.STEP_ADDED, step=step.key))
        elif kept_before.index(step.key) != kept_after.index(step.key):
            found.append(Change(Changed.STEP_MOVED, step=step.key))
        found += _of_step(old.step(step.key) if old.has(step.key) else None, step)
    return found


def _suits(body: Mapping[str, Any]) -> str:
    said = body.get("suits", {})
    return "; ".join(f"{question}: {', '.join(said[question])}" for question in QUESTIONS if said.get(question))


def _of_step(old: StepPlan | None, new: StepPlan) -> Iterator[Change]:
    """What its forms, routes, guards and ways are now that they were not before."""
    for word in ("forms", "routes", "guards"):
        before, after = _said(old, word), _said(new, word)
        yield from (Change(Changed.REMOVED, new.key, word, before=one) for one in before if one not in after)
        yield from (Change(Changed.ADDED, new.key, word, after=one) for one in after if one not in before)
    if old is not None and old.auto != new.auto:
        yield Change(Changed.SET, new.key, "auto", str(old.auto).lower(), str(new.auto).lower())
    if old is not None and old.back_to != new.back_to:
        yield Change(Changed.SET, new.key, "back_to", old.back_to, new.back_to)


def _said(step: StepPlan | None, word: str) -> list[str]:
    if step is None:
        return []
    if word == "forms":
        return [f"{form.code} ({form.filler})" for form in step.forms]
    if word == "routes":
        return [f"{route.code} ({route.form})" for route in step.routes]
    return list(step.guards)
