"""Acts on the body of a route, as a page with fields does them. Each gives a new body; the check judges it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.approvals.policy.routes import Is, Who
from bihuan.kernel import lists

Body = Mapping[str, Any]
STEPS = "steps"
WHOLE_WORDS = ("key", "name", "name_en", "empty")
STEP_TEXTS = ("key", "name", "name_en")
NAMED = {Who.EACH: "of", Who.CHAIN: "of", Who.ROLE: "role"}
"""The word beside `who` that says whom."""
ROW_WORDS = frozenset({"who", "of", "role", "person", "department", "title", "levels", "veto", "at"})


def is_shown(body: Body) -> bool:
    """Whether fields can show a body, be it wrong or unfinished: its lists hold what they are meant to hold."""
    steps = body.get(STEPS)
    return isinstance(steps, list) and all(_are_plain(body, WHOLE_WORDS) and _is_step(step) for step in steps)


def _is_step(step: Any) -> bool:
    if not isinstance(step, dict) or not _are_plain(step, (*STEP_TEXTS, "beside")):
        return False
    rule, when = step.get("rule", {}), step.get("when", {})
    lists = [step.get(word, []) for word in ("slots", "copies")]
    ticked = [step.get(word, []) for word in ("parts", "tests")]
    return (
        isinstance(rule, dict)
        and _are_plain(rule, rule)
        and isinstance(when, dict)
        and len(when) < 2
        and all(_are_rows(rows) for rows in when.values())
        and all(_are_rows(rows) for rows in lists)
        and all(isinstance(words, list) and _are_plain(dict(enumerate(words)), range(len(words))) for words in ticked)
    )


def _are_rows(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and _are_row_words(row) for row in rows)


def _are_row_words(row: Body) -> bool:
    """Texts and numbers; only the value of a condition may be a list of them."""
    words = row.get("value")
    listed = words if isinstance(words, list) else []
    return _are_plain(dict(enumerate(listed)), range(len(listed))) and _are_plain(
        row, [word for word in row if not (word == "value" and isinstance(words, list))]
    )


def _are_plain(said: Mapping[Any, Any], words: Any) -> bool:
    return all(isinstance(said.get(word, ""), str | int) for word in words)


def worded(body: Body, words: Body, steps: Sequence[Body]) -> dict[str, Any]:
    """With these words of the whole and these steps; of every other word what stood there."""
    return _with(body, {**words, STEPS: list(steps)})


def step_worded(step: Body, words: Body) -> dict[str, Any]:
    """A step with what its fields say; what they leave empty is left out, except a key and a name."""
    return _with(step, words, kept=("key", "name"))


def row_worded(before: Body, words: Body) -> dict[str, Any]:
    """A slot or copy with what its fields say; words no field knows stay."""
    others = {word: value for word, value in before.items() if word not in ROW_WORDS}
    return {**{word: value for word, value in words.items() if not _is_blank(value)}, **others}


def _with(before: Body, words: Body, kept: Sequence[str] = ()) -> dict[str, Any]:
    made = {**before, **words}
    return {word: value for word, value in made.items() if word not in words or word in kept or not _is_blank(value)}


def _is_blank(value: Any) -> bool:
    return value is False or value in ("", [], {})


def whom(row: Body) -> str:
    """One word for whom a slot asks: `EACH:LEAD`, `ROLE:PMO`, `PERSON`."""
    who = str(row.get("who", ""))
    beside = next((word for kind, word in NAMED.items() if kind == who), "")
    return f"{who}:{row.get(beside, '')}" if beside else who


def meant(said: str) -> dict[str, Any]:
    """The words that `whom` tells."""
    who, _colon, name = said.partition(":")
    beside = next((word for kind, word in NAMED.items() if kind == who), "")
    return {"who": who, beside: name} if beside else {"who": who}


def is_about_words(condition: Body) -> bool:
    return condition.get("is") in {Is.ONE_OF, Is.NONE_OF}


def moved(body: Body, index: int, by: int) -> dict[str, Any]:
    """A step one place earlier or later; the ends stay where they are."""
    return {**body, STEPS: lists.moved(body[STEPS], index, by)}


def removed(body: Body, index: int) -> dict[str, Any]:
    return {**body, STEPS: lists.without(body[STEPS], index)}


def added(body: Body) -> dict[str, Any]:
    """One more step at the end, still to be named and filled."""
    taken = {step.get("key") for step in body[STEPS]}
    number = next(number for number in range(len(taken) + 1, 2 * len(taken) + 3) if f"step{number}" not in taken)
    return {**body, STEPS: [*body[STEPS], {"key": f"step{number}", "name": "", "slots": []}]}
