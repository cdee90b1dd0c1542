"""Acts on the body of a playbook, as a page with fields does them. Each gives a new body; the check judges it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bihuan.collaborations.policy.playbook import FINAL, MINUTES, enter
from bihuan.kernel import lists

Body = Mapping[str, Any]
FIELD_WORDS = ("form", "key", "kind", "label", "label_en", "help", "help_en")
WHOLE_WORDS = ("key", "name", "name_en", "condition_gate", "minutes_flow")
WHOLE_LISTS = ("acceptance", "archive")
OWED_WORDS = ("key", "opens", "hours", "gate")
STEPS, FIELDS, OWED = "steps", "extra_fields", "obligations"
CLOCKS, CADENCES, THRESHOLDS = "clocks", "cadences", "thresholds"
FLAT: Mapping[str, tuple[str, ...]] = MappingProxyType({
    CLOCKS: ("rule", "kind", "limit", "profile"),
    CADENCES: ("form", "every", "day", "number", "at"),
    THRESHOLDS: ("of", "name", "value")
})  # fmt: skip
"""Lists whose rows are nothing but words, and these."""
A_DAY = 24


def with_steps(said: Body) -> dict[str, Any] | None:
    """A text as it was read, wrong in some of its words: whole enough for its steps to be worked on, or None.

    Only words that are a yes or a no are made one; every other word is a text, or a list or map of texts.
    """
    rows = {word: said.get(word, []) for word in JUDGED_BY}
    if STEPS not in said or not all(_are(JUDGED_BY[word], rows[word]) for word in rows) or not _is_whole(said):
        return None
    whole = {**said, STEPS: [{**step, **_yes_or_no(step, "auto")} for step in rows[STEPS]]}
    return with_rows(whole, FIELDS, [{**field, **_yes_or_no(field, "required")} for field in rows[FIELDS]])


def _are(is_one: Callable[[Mapping[str, Any]], bool], rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and is_one(row) for row in rows)


def _is_whole(said: Body) -> bool:
    suits = said.get("suits", {})
    return (
        all(isinstance(said.get(word, ""), str) for word in WHOLE_WORDS)
        and all(_are_texts(said.get(word, [])) for word in WHOLE_LISTS)
        and isinstance(suits, dict)
        and all(_are_texts(answers) for answers in suits.values())
    )


def _are_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(each, str) for each in said)


def _is_field(field: Mapping[str, Any]) -> bool:
    options = field.get("choices", [])
    words = all(isinstance(field.get(word, ""), str) for word in FIELD_WORDS)
    return words and isinstance(options, list) and all(isinstance(option, dict) for option in options)


def _has_rows(step: Mapping[str, Any]) -> bool:
    rows = [step.get(word, []) for word in ("forms", "routes")]
    return all(isinstance(each, list) and all(isinstance(row, dict) for row in each) for each in rows)


def _is_step(step: Mapping[str, Any]) -> bool:
    return isinstance(step.get("key"), str) and _has_rows(step) and _are_texts(step.get("guards", []))


def _is_owed(owed: Mapping[str, Any]) -> bool:
    return _has_rows(owed) and all(isinstance(owed.get(word, ""), str) for word in OWED_WORDS)


def _is_flat(row: Mapping[str, Any]) -> bool:
    return all(isinstance(said, str) for said in row.values())


JUDGED_BY: Mapping[str, Callable[[Mapping[str, Any]], bool]] = MappingProxyType({
    STEPS: _is_step, FIELDS: _is_field, OWED: _is_owed, **dict.fromkeys(FLAT, _is_flat)
})  # fmt: skip
"""The lists of a playbook, and what makes a row of each one that fields can show."""


def _yes_or_no(said: Mapping[str, Any], word: str) -> dict[str, bool]:
    return {word: said[word] in {True, "true"}} if word in said else {}


def moved(body: Body, index: int, by: int, *, word: str = STEPS) -> dict[str, Any]:
    """A row of a list one place earlier or later; the ends stay where they are."""
    return with_rows(body, word, lists.moved(body.get(word, ()), index, by))


def removed(body: Body, index: int, *, word: str = STEPS) -> dict[str, Any]:
    """Without a row; how minutes flow is not said where no step asks for minutes any more."""
    left = with_rows(body, word, lists.without(body.get(word, ()), index))
    return left if _asks_for(left, MINUTES) else {key: said for key, said in left.items() if key != "minutes_flow"}


def _asks_for(body: Body, form: str) -> bool:
    return any(asked.get("code") == form for step in body.get(STEPS, ()) for asked in step.get("forms", ()))


def added(body: Body, key: str) -> dict[str, Any]:
    """A new step before the end."""
    steps = list(body["steps"])
    at = len(steps) - 1 if steps and steps[-1]["key"] == FINAL else len(steps)
    return {**body, "steps": [*steps[:at], {"key": key}, *steps[at:]]}


def worded(body: Body, words: Mapping[str, str]) -> dict[str, Any]:
    """The words of the whole: key, names, the gate of conditions."""
    return {**body, **_said(body, {word: words[word] for word in WHOLE_WORDS if word in words})}


def listed(body: Body, word: str, chosen: Sequence[str]) -> dict[str, Any]:
    """A list of the whole; nothing chosen is the word taken away."""
    return with_rows(body, word, list(chosen))


def suited(body: Body, answers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The answers that lead here; a question without any is all the same to the playbook."""
    rest = {word: value for word, value in body.items() if word != "suits"}
    said = {question: list(chosen) for question, chosen in answers.items() if chosen}
    return {**rest, "suits": said} if said else rest


def filled(body: Body, rows: Sequence[Mapping[str, Any]], *, word: str = STEPS) -> dict[str, Any]:
    """The words of each row of a list, in their order; words no field shows stay as they are."""
    pairs = zip(body.get(word, ()), rows, strict=True)
    return with_rows(body, word, [{**old, **_said(old, new)} for old, new in pairs])


def with_said(body: Body, word: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows of a list, in their order; words left empty are not said."""
    return with_rows(body, word, [{name: value for name, value in row.items() if value} for row in rows])


def with_rows(body: Body, word: str, rows: Sequence[Any]) -> dict[str, Any]:
    """A list of the body; an empty one is the word taken away, except the steps."""
    rest = {name: value for name, value in body.items() if name != word}
    return {**rest, word: list(rows)} if rows or word == STEPS else rest


def field_added(body: Body, form: str) -> dict[str, Any]:
    """A field of its own name at the end, asked on the form, still without words."""
    key = _free_key(body, FIELDS, "field_")
    return with_rows(body, FIELDS, [*body.get(FIELDS, ()), {"form": form, "key": key, "kind": "TEXT", "label": key}])


def row_added(body: Body, word: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return with_rows(body, word, [*body.get(word, ()), dict(row)])


def clock_added(body: Body, rule: str) -> dict[str, Any]:
    """Another limit of a time rule, still to be said."""
    return row_added(body, CLOCKS, {"rule": rule})


def cadence_added(body: Body, form: str) -> dict[str, Any]:
    """A rhythm of a form, begun as the usual one."""
    return row_added(body, CADENCES, {"form": form, "every": "WEEK"})


def threshold_added(body: Body, said: str) -> dict[str, Any]:
    """The number of a guard or route, chosen as `G01.departments`, still to be said."""
    of, _dot, name = said.partition(".")
    return row_added(body, THRESHOLDS, {"of": of, "name": name})


def owed_added(body: Body, form: str) -> dict[str, Any]:
    """Something to make up for until the end, begun by the form, that asks for nothing yet."""
    gate = enter(body[STEPS][-1]["key"]) if body[STEPS] else ""
    owed = {"key": _free_key(body, OWED, "OWED_"), "opens": form, "hours": A_DAY, "gate": gate}
    return with_rows(body, OWED, [*body.get(OWED, ()), owed])


def _free_key(body: Body, word: str, name: str) -> str:
    rows = body.get(word, ())
    taken = {row.get("key") for row in rows}
    return next(key for key in (f"{name}{number}" for number in range(1, len(rows) + 2)) if key not in taken)


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
