"""Acts on the body of a playbook, as a page with fields does them. Each gives a new body; the check judges it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.collaborations.policy.playbook import FINAL

Body = Mapping[str, Any]
WHOLE_WORDS = ("key", "name", "name_en", "condition_gate")


def with_steps(said: Body) -> dict[str, Any] | None:
    """A text as it was read, wrong in some of its words: whole enough for its steps to be worked on, or None.

    Only the word that is a yes or a no is made one; every other word of a step is a text or a list of texts.
    """
    steps = said.get("steps")
    if not isinstance(steps, list) or not all(isinstance(step, dict) and _is_step(step) for step in steps):
        return None
    return {**said, "steps": [{**step, **_yes_or_no(step)} for step in steps]}


def _is_step(step: Mapping[str, Any]) -> bool:
    rows = [*step.get("forms", ()), *step.get("routes", ())]
    lists = all(isinstance(step.get(word, []), list) for word in ("forms", "routes", "guards"))
    return isinstance(step.get("key"), str) and lists and all(isinstance(row, dict) for row in rows)


def _yes_or_no(step: Mapping[str, Any]) -> dict[str, bool]:
    return {"auto": step["auto"] in {True, "true"}} if "auto" in step else {}


def moved(body: Body, index: int, by: int) -> dict[str, Any]:
    """The step one place earlier or later; the ends stay where they are."""
    steps, to = list(body["steps"]), index + by
    if 0 <= index < len(steps) and 0 <= to < len(steps):
        steps[index], steps[to] = steps[to], steps[index]
    return {**body, "steps": steps}


def removed(body: Body, index: int) -> dict[str, Any]:
    return {**body, "steps": [step for at, step in enumerate(body["steps"]) if at != index]}


def added(body: Body, key: str) -> dict[str, Any]:
    """A new step before the end."""
    steps = list(body["steps"])
    at = len(steps) - 1 if steps and steps[-1]["key"] == FINAL else len(steps)
    return {**body, "steps": [*steps[:at], {"key": key}, *steps[at:]]}


def worded(body: Body, words: Mapping[str, str]) -> dict[str, Any]:
    """The words of the whole: key, names, the gate of conditions."""
    return {**body, **_said(body, {word: words[word] for word in WHOLE_WORDS if word in words})}


def filled(body: Body, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The words of each step, in their order; words no field shows stay as they are."""
    return {**body, "steps": [{**old, **_said(old, new)} for old, new in zip(body["steps"], steps, strict=True)]}


def _said(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What is empty and was never said is not said now, so that what nobody changed reads as before."""
    return {word: value for word, value in new.items() if value or word in old}
