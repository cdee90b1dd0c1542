"""What a route text must hold to be published: every error with its place, so that it can be mended there."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from bihuan.approvals.policy.routes import NUMBERS, At, Empty, Is, Rules, Who
from bihuan.kernel.findings import Finding, error, warning

ROUTE_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
STEP_KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")
NAME_LIMIT, STEPS_LIMIT, SLOTS_LIMIT, CONDITIONS_LIMIT, LEVELS_LIMIT = 80, 20, 30, 20, 10
LARGEST = Decimal(10) ** 15
ROUTE_WORDS = frozenset({"key", "name", "name_en", "empty", "steps"})
STEP_WORDS = frozenset({"key", "name", "name_en", "beside", "rule", "when", "parts", "tests", "slots", "copies"})
ONE_EACH = (Who.PERSON, Who.HEAD, Who.ROLE)
SLOT_WORDS: Mapping[Who, frozenset[str]] = {
    Who.PERSON: frozenset({"person"}),
    Who.POST: frozenset({"department", "title"}),
    Who.HEAD: frozenset({"department"}),
    Who.EACH: frozenset({"of"}),
    Who.CHAIN: frozenset({"of", "levels"}),
    Who.ROLE: frozenset({"role"}),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a route may speak of: numbers, each with its smallest step; words with all they can be, or anything."""

    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    words: Mapping[str, Collection[str]] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()


def check_route(body: Any, known: Vocabulary) -> list[Finding]:
    """Everything that is wrong with a text; errors keep it from being published, warnings do not."""
    if not isinstance(body, dict):
        return [error("approvals.route_shape", "")]
    findings = [*_unknown(body, ROUTE_WORDS, ""), *_heading(body)]
    steps = body.get("steps")
    if not isinstance(steps, list) or not steps:
        return [*findings, error("approvals.route_without_steps", "steps")]
    if len(steps) > STEPS_LIMIT:
        return [*findings, error("approvals.route_too_long", "steps", limit=STEPS_LIMIT)]
    seen: set[str] = set()
    for number, step in enumerate(steps):
        findings += _check_step(step, f"steps.{number}", number, seen, known)
    return findings


def _unknown(said: Mapping[str, Any], words: Collection[str], place: str) -> Iterator[Finding]:
    prefix = f"{place}." if place else ""
    return (error("approvals.route_word_unknown", f"{prefix}{word}", word=word) for word in said if word not in words)


def _heading(body: Mapping[str, Any]) -> Iterator[Finding]:
    if not _matches(ROUTE_KEY, body.get("key")):
        yield error("approvals.route_key_wrong", "key")
    yield from _names(body, "")
    if not _is_in(body.get("empty", Empty.SUPERIOR), list(Empty)):
        yield error("approvals.route_choice_unknown", "empty", choices=", ".join(Empty))


def _names(said: Mapping[str, Any], prefix: str) -> Iterator[Finding]:
    name, english = said.get("name"), said.get("name_en", "")
    if not isinstance(name, str) or not name.strip():
        yield error("approvals.route_name_missing", f"{prefix}name")
    for word, text in (("name", name), ("name_en", english)):
        if isinstance(text, str) and (len(text) > NAME_LIMIT or "\x00" in text):
            yield error("approvals.route_name_too_long", f"{prefix}{word}", limit=NAME_LIMIT)
    if not isinstance(english, str):
        yield error("approvals.route_shape", f"{prefix}name_en")


def _check_step(step: Any, place: str, number: int, seen: set[str], known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(step, dict):
        yield error("approvals.route_shape", place)
        return
    yield from _unknown(step, STEP_WORDS, place)
    yield from _step_key(step.get("key"), place, seen)
    yield from _names(step, f"{place}.")
    beside = step.get("beside", False)
    if not isinstance(beside, bool) or (beside and number == 0):
        yield error("approvals.route_beside_nothing", f"{place}.beside")
    yield from _check_when(step.get("when", {}), f"{place}.when", known)
    yield from _named(step.get("parts", []), known.parts, f"{place}.parts")
    yield from _named(step.get("tests", []), known.tests, f"{place}.tests")
    slots = step.get("slots")
    yield from _check_slots(slots, place, known)
    yield from _check_rule(step.get("rule", {}), f"{place}.rule", slots)
    yield from _check_copies(step.get("copies", []), f"{place}.copies", slots, known)


def _step_key(key: Any, place: str, seen: set[str]) -> Iterator[Finding]:
    if not _matches(STEP_KEY, key):
        yield error("approvals.route_step_key_wrong", f"{place}.key")
    elif key in seen:
        yield error("approvals.route_step_twice", f"{place}.key", key=key)
    else:
        seen.add(key)


def _check_rule(rule: Any, place: str, slots: Any) -> Iterator[Finding]:
    if not isinstance(rule, dict):
        yield error("approvals.route_shape", place)
        return
    yield from _unknown(rule, {"kind", "count", "percent"}, place)
    kind = rule.get("kind", Rules.ALL)
    if not _is_in(kind, list(Rules)):
        yield error("approvals.route_choice_unknown", f"{place}.kind", choices=", ".join(Rules))
    elif kind == Rules.COUNT and not _is_number(rule.get("count"), 1, SLOTS_LIMIT):
        yield error("approvals.route_count_wrong", f"{place}.count", limit=SLOTS_LIMIT)
    elif kind == Rules.RATIO and not _is_number(rule.get("percent"), 1, 100):
        yield error("approvals.route_percent_wrong", f"{place}.percent")
    elif isinstance(slots, list):
        yield from _fits(kind, rule.get("count", 0), slots, place)


def _fits(kind: str, count: int, slots: list[Any], place: str) -> Iterator[Finding]:
    """A number that the slots can never reach, and a veto where one refusal ends it anyway."""
    single = [slot for slot in slots if isinstance(slot, dict) and _is_in(slot.get("who"), ONE_EACH)]
    if kind == Rules.COUNT and len(single) == len(slots) < count:
        yield error("approvals.route_count_too_high", f"{place}.count", count=count, slots=len(slots))
    if kind in {Rules.ALL, Rules.IN_TURN} and any(isinstance(slot, dict) and slot.get("veto") for slot in slots):
        yield warning("approvals.route_veto_idle", place)


def _check_when(when: Any, place: str, known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(when, dict) or len(when) > 1:
        yield error("approvals.route_shape", place)
        return
    yield from _unknown(when, {"any", "all"}, place)
    for word, conditions in when.items():
        if not isinstance(conditions, list) or len(conditions) > CONDITIONS_LIMIT:
            yield error("approvals.route_shape", f"{place}.{word}")
            continue
        for number, condition in enumerate(conditions):
            yield from _check_condition(condition, f"{place}.{word}.{number}", known)


def _check_condition(said: Any, place: str, known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(said, dict):
        yield error("approvals.route_shape", place)
        return
    yield from _unknown(said, {"field", "is", "value"}, place)
    name, comparison, value = said.get("field"), said.get("is"), said.get("value")
    is_number = _is_in(name, known.numbers)
    if not isinstance(name, str) or not (is_number or name in known.words):
        yield error(
            "approvals.route_field_unknown", f"{place}.field", known=_listed(known.numbers.keys() | known.words.keys())
        )
        return
    fitting = NUMBERS if is_number else frozenset(Is) - NUMBERS
    if not _is_in(comparison, fitting):
        yield error("approvals.route_choice_unknown", f"{place}.is", choices=_listed(fitting))
    if is_number and not _is_amount(value):
        yield error("approvals.route_value_wrong", f"{place}.value")
    if not is_number:
        yield from _words(value, known.words[name], f"{place}.value")


def _words(value: Any, known: Collection[str], place: str) -> Iterator[Finding]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
        yield error("approvals.route_words_missing", place)
    elif known and not set(value) <= set(known):
        yield error("approvals.route_choice_unknown", place, choices=_listed(known))


def _check_slots(slots: Any, place: str, known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(slots, list) or not slots:
        yield error("approvals.route_without_slots", f"{place}.slots")
        return
    if len(slots) > SLOTS_LIMIT:
        yield error("approvals.route_too_many_slots", f"{place}.slots", limit=SLOTS_LIMIT)
    said: list[Any] = []
    for number, slot in enumerate(slots):
        where = f"{place}.slots.{number}"
        yield from _check_slot(slot, where, known)
        if slot in said:
            yield error("approvals.route_slot_twice", where)
        said.append(slot)


def _check_slot(slot: Any, place: str, known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(slot, dict) or not _is_in(slot.get("who"), list(Who)):
        yield error("approvals.route_choice_unknown", f"{place}.who", choices=", ".join(Who))
        return
    words = SLOT_WORDS[Who(slot["who"])]
    yield from _unknown(slot, words | {"who", "veto"}, place)
    if not isinstance(slot.get("veto", False), bool):
        yield error("approvals.route_shape", f"{place}.veto")
    yield from _check_selector(slot, words, place, known)


def _check_copies(copies: Any, place: str, slots: Any, known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(copies, list):
        yield error("approvals.route_shape", place)
        return
    if len(copies) > SLOTS_LIMIT:
        yield error("approvals.route_too_many_slots", place, limit=SLOTS_LIMIT)
        return
    asked = [_whom(slot, {"veto"}) for slot in slots if isinstance(slot, dict)] if isinstance(slots, list) else []
    said: list[Any] = []
    for number, copy in enumerate(copies):
        where = f"{place}.{number}"
        yield from _check_copy(copy, where, known)
        if copy in said:
            yield error("approvals.route_slot_twice", where)
        elif isinstance(copy, dict) and _whom(copy, {"at"}) in asked:
            yield warning("approvals.route_copy_idle", where)
        said.append(copy)


def _whom(said: Mapping[str, Any], besides: Collection[str]) -> dict[str, Any]:
    return {word: value for word, value in said.items() if word not in besides}


def _check_copy(copy: Any, place: str, known: Vocabulary) -> Iterator[Finding]:
    if not isinstance(copy, dict) or not _is_in(copy.get("who"), list(Who)):
        yield error("approvals.route_choice_unknown", f"{place}.who", choices=", ".join(Who))
        return
    words = SLOT_WORDS[Who(copy["who"])]
    yield from _unknown(copy, words | {"who", "at"}, place)
    if not _is_in(copy.get("at", At.PASSED), list(At)):
        yield error("approvals.route_choice_unknown", f"{place}.at", choices=", ".join(At))
    yield from _check_selector(copy, words, place, known)


def _check_selector(
    slot: Mapping[str, Any], words: Collection[str], place: str, known: Vocabulary
) -> Iterator[Finding]:
    for word, said in (("role", known.roles), ("of", known.groups)):
        if word in words and not _is_in(slot.get(word), said):
            yield error("approvals.route_choice_unknown", f"{place}.{word}", choices=_listed(said))
    for word in ("person", "department"):
        if word in words and not _is_number(slot.get(word), 1, 2**62):
            yield error("approvals.route_nobody_named", f"{place}.{word}")
    if "levels" in words and not _is_number(slot.get("levels"), 1, LEVELS_LIMIT):
        yield error("approvals.route_levels_wrong", f"{place}.levels", limit=LEVELS_LIMIT)
    if "title" in words and not (isinstance(slot.get("title"), str) and slot["title"].strip()):
        yield error("approvals.route_title_missing", f"{place}.title")


def _named(said: Any, known: Collection[str], place: str) -> Iterator[Finding]:
    if not isinstance(said, list) or len(set(map(str, said))) < len(said):
        yield error("approvals.route_shape", place)
        return
    for number, word in enumerate(said):
        if not _is_in(word, known):
            yield error("approvals.route_choice_unknown", f"{place}.{number}", choices=_listed(known))


def _is_in(value: Any, known: Collection[str]) -> bool:
    return isinstance(value, str) and value in known


def _matches(pattern: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_amount(value: Any) -> bool:
    """A decimal as a text or a whole number; never a float, which cannot hold every sum of money."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and 0 <= number <= LARGEST


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))
