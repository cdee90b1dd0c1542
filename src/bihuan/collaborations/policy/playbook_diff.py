"""What changed from one text of a playbook to another, act by act."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bihuan.collaborations.policy.choosing import QUESTIONS
from bihuan.collaborations.policy.playbook import PlaybookPlan, StepPlan, read_playbook


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


WORDS = (
    "name",
    "name_en",
    "suits",
    "condition_gate",
    "minutes_flow",
    "acceptance",
    "archive",
    "obligations",
    "clocks",
    "cadences",
    "thresholds",
)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference between two bodies, in the order of the newer one; none when they say the same."""
    old, new = read_playbook(before), read_playbook(after)
    said = {
        "condition_gate": (old.condition_gate, new.condition_gate),
        "minutes_flow": (_flow(before), _flow(after)),
        "suits": (_suits(before), _suits(after)),
        "acceptance": (", ".join(old.acceptance), ", ".join(new.acceptance)),
        "archive": (", ".join(old.archive), ", ".join(new.archive)),
        "obligations": (_owed(old), _owed(new)),
        "clocks": (_clocks(old), _clocks(new)),
        "cadences": (_cadences(old), _cadences(new)),
        "thresholds": (_thresholds(old), _thresholds(new)),
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
    found = [*whole, *_of_fields(before, after), *gone]
    for step in new.steps:
        if not old.has(step.key):
            found.append(Change(Changed.STEP_ADDED, step=step.key))
        elif kept_before.index(step.key) != kept_after.index(step.key):
            found.append(Change(Changed.STEP_MOVED, step=step.key))
        found += _of_step(old.step(step.key) if old.has(step.key) else None, step)
    return found


def _flow(body: Mapping[str, Any]) -> str:
    return str(body.get("minutes_flow") or "")


def _owed(plan: PlaybookPlan) -> str:
    """Each obligation in a line."""
    return "; ".join(
        f"{each.key}: {each.opens} + {each.hours} h → {each.gate}, {', '.join(each.asked)} / "
        + ", ".join(f"{route.code} ({route.form})" for route in each.step.routes)
        for each in plan.obligations
    )


def _clocks(plan: PlaybookPlan) -> str:
    """Each clock as `T29 EXECUTIVE 2wd`."""
    said = (filter(None, (each.rule, each.kind, each.limit, each.profile)) for each in plan.clocks)
    return "; ".join(" ".join(words) for words in said)


def _cadences(plan: PlaybookPlan) -> str:
    """Each cadence as `F09 WEEK THU 12:00`."""
    said = (filter(None, (each.form, each.every, each.day, each.number, each.at)) for each in plan.cadences)
    return "; ".join(" ".join(words) for words in said)


def _thresholds(plan: PlaybookPlan) -> str:
    return "; ".join(f"{each.of} {each.name} = {each.value}" for each in plan.thresholds)


def _suits(body: Mapping[str, Any]) -> str:
    said = body.get("suits", {})
    return "; ".join(f"{question}: {', '.join(said[question])}" for question in QUESTIONS if said.get(question))


def _of_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Fields added to forms, by their form and name; one that is said otherwise, or elsewhere, tells both."""
    old, new = _fields(before), _fields(after)
    yield from (
        Change(Changed.REMOVED, word="extra_fields", before=said) for key, said in old.items() if key not in new
    )
    for key, said in new.items():
        if key not in old:
            yield Change(Changed.ADDED, word="extra_fields", after=said)
        elif old[key] != said:
            yield Change(Changed.SET, word="extra_fields", before=old[key], after=said)
    kept = [key for key in old if key in new], [key for key in new if key in old]
    if kept[0] != kept[1]:
        order = [", ".join(key for _form, key in keys) for keys in kept]
        yield Change(Changed.SET, word="extra_fields", before=order[0], after=order[1])


def _fields(body: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {(field["form"], field["key"]): _field(field) for field in body.get("extra_fields", ())}


def _field(field: Mapping[str, Any]) -> str:
    """All that is said of a field in one line, so that whatever changes of it is seen."""
    texts = [field.get(word, "") for word in ("label", "label_en", "help", "help_en")]
    options = [" ".join(filter(None, option.values())) for option in field.get("choices", ())]
    must = "*" if field.get("required") else ""
    said = " · ".join(filter(None, [*texts, ", ".join(options)]))
    return f"{field['form']} {field['key']}{must} ({field['kind']}) {said}"


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
        return [form.said for form in step.forms]
    if word == "routes":
        return [f"{route.code} ({route.form})" for route in step.routes]
    return list(step.guards)
