"""Acts on the body of a playbook, as a page with fields does them. Each gives a new body; the check judges it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.collaborations.policy.playbook import FINAL

Body = Mapping[str, Any]
FIELD_WORDS = ("form", "key", "kind", "label", "label_en", "help", "help_en")
WHOLE_WORDS = ("key", "name", "name_en", "condition_gate")


def with_steps(said: Body) -> dict[str, Any] | None:
    """A text as it was read, wrong in some of its words: whole enough for its steps to be worked on, or None.

    Only words that are a yes or a no are made one; every other word of a step is a text or a list of texts.
    """
    steps = said.get("steps")
    if not isinstance(steps, list) or not all(isinstance(step, dict) and _is_step(step) for step in steps):
        return None
    fields = said.get("extra_fields", [])
    if not isinstance(fields, list) or not all(isinstance(field, dict) and _is_field(field) for field in fields):
        return None
    whole = {**said, "steps": [{**step, **_yes_or_no(step, "auto")} for step in steps]}
    return with_fields(whole, [{**field, **_yes_or_no(field, "required")} for field in fields])


def _is_field(field: Mapping[str, Any]) -> bool:
    options = field.get("choices", [])
    words = all(isinstance(field.get(word, ""), str) for word in FIELD_WORDS)
    return words and isinstance(options, list) and all(isinstance(option, dict) for option in options)


def _is_step(step: Mapping[str, Any]) -> bool:
    rows = [*step.get("forms", ()), *step.get("routes", ())]
    lists = all(isinstance(step.get(word, []), list) for word in ("forms", "routes", "guards"))
    return isinstance(step.get("key"), str) and lists and all(isinstance(row, dict) for row in rows)


def _yes_or_no(said: Mapping[str, Any], word: str) -> dict[str, bool]:
    return {word: said[word] in {True, "true"}} if word in said else {}


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


def with_fields(body: Body, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The fields added to forms, in their order; none said is the word taken away."""
    kept = [{word: value for word, value in row.items() if value} for row in rows]
    rest = {word: value for word, value in body.items() if word != "extra_fields"}
    return {**rest, "extra_fields": kept} if kept else rest


def field_moved(body: Body, index: int, by: int) -> dict[str, Any]:
    """An added field one place earlier or later."""
    fields, to = list(body.get("extra_fields", ())), index + by
    if 0 <= index < len(fields) and 0 <= to < len(fields):
        fields[index], fields[to] = fields[to], fields[index]
    return with_fields(body, fields)


def field_removed(body: Body, index: int) -> dict[str, Any]:
    return with_fields(body, [field for at, field in enumerate(body.get("extra_fields", ())) if at != index])


def field_added(body: Body, form: str) -> dict[str, Any]:
    """A field of its own name at the end, asked on the form, still without words."""
    fields = list(body.get("extra_fields", ()))
    taken = {field.get("key") for field in fields}
    key = next(key for key in (f"field_{number}" for number in range(1, len(fields) + 2)) if key not in taken)
    return with_fields(body, [*fields, {"form": form, "key": key, "kind": "TEXT", "label": key}])


def options_read(text: str) -> list[dict[str, str]]:
    """The options of a choice, one a line: `VALUE label / label in English`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        value, _space, labels = line.partition(" ")
        label, _slash, label_en = (part.strip() for part in labels.partition(" / "))
        found.append({"value": value, "label": label or value, **({"label_en": label_en} if label_en else {})})
    return found


def options_written(field: Mapping[str, Any]) -> str:
    """The same lines; reading them gives the options again."""
    return "\n".join(
        f"{option.get('value', '')} {option.get('label', '')}"
        + (f" / {option['label_en']}" if option.get("label_en") else "")
        for option in field.get("choices", ())
    )


def _said(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What is empty and was never said is not said now, so that what nobody changed reads as before."""
    return {word: value for word, value in new.items() if value or word in old}
