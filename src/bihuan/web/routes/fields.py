"""A route as fields: what may be chosen, what was chosen, and the text that comes of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals.policy import route_edit as edit
from bihuan.approvals.policy.checking import CONDITIONS_LIMIT, SLOTS_LIMIT, STEPS_LIMIT
from bihuan.approvals.policy.routes import NUMBERS, At, Is, Rules, Who
from bihuan.approvals.registry import spoken
from bihuan.collaborations.operations.route_texts import look_at_route
from bihuan.collaborations.policy.playbook_text import LONGEST, write_text
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import above
from bihuan.web.fielded import BY, FIELDS, TEXT, Typed, act_on, ticked
from bihuan.web.http import Request, lines_of, text_of
from bihuan.web.routes.drawing import EMPTY

NUMBERED = re.compile(r"(?:.*#)?\s*([0-9]{1,18})")
PARTED = re.compile(r"[、,，;；\n]")
FEW = 2
RULES: dict[Rules, "str | Promise"] = {
    Rules.ALL: gettext_lazy("All must sign"),
    Rules.ANY: gettext_lazy("One suffices"),
    Rules.COUNT: gettext_lazy("As many as the number says"),
    Rules.RATIO: gettext_lazy("A share in percent"),
    Rules.IN_TURN: gettext_lazy("One after another"),
}
COMPARED: dict[Is, "str | Promise"] = {
    Is.MORE_THAN: gettext_lazy("is more than"),
    Is.AT_LEAST: gettext_lazy("is at least"),
    Is.UP_TO: gettext_lazy("is up to"),
    Is.LESS_THAN: gettext_lazy("is less than"),
    Is.ONE_OF: gettext_lazy("is one of"),
    Is.NONE_OF: gettext_lazy("is none of"),
}
MOMENTS: dict[At, "str | Promise"] = {
    At.ASKED: gettext_lazy("When the step is asked"),
    At.PASSED: gettext_lazy("When the step has been passed"),
    At.ENDED: gettext_lazy("When all is decided"),
}


def typed_in(request: Request) -> Typed:
    """What was sent. Fields count before the text they were made of; a text they cannot show is shown as text."""
    text = lines_of(request, "text", LONGEST)
    begun = body_of(text, request)
    if request.POST.get("mode") != FIELDS or begun is None:
        return Typed(text, TEXT)
    words = {word: text_of(request, word) for word in edit.WHOLE_WORDS if word in request.POST}
    steps = [_step_in(request, f"steps.{place}", step) for place, step in enumerate(begun[edit.STEPS])]
    return Typed(write_text(edit.worded(begun, words, steps)), FIELDS)


def acted(typed: Typed, act: str, request: Request) -> Typed:
    """One act of the page on what was typed: a step moved, removed or added, or the other way of writing."""
    body = body_of(typed.text, request)
    if body is None or act in {FIELDS, TEXT}:
        return Typed(typed.text, act if body is not None else TEXT)
    what, index = act_on(act)
    does = what.removeprefix("step_")
    if does in BY:
        body = edit.moved(body, index, BY[does])
    elif does == "remove":
        body = edit.removed(body, index)
    elif does == "add" and len(body[edit.STEPS]) < STEPS_LIMIT:
        body = edit.added(body)
    return Typed(write_text(body), typed.mode)


def body_of(text: str, request: Request) -> dict[str, Any] | None:
    """What fields can show of a text, be it wrong or unfinished; None where its steps cannot be told."""
    body = look_at_route(text, request.at).body
    return body if body and edit.is_shown(body) else None


def _step_in(request: Request, place: str, before: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {word: text_of(request, f"{place}.{word}") for word in edit.STEP_TEXTS}
    words["beside"] = f"{place}.beside" in request.POST
    words["when"] = _when_in(request, f"{place}.when", before.get("when", {}))
    words["rule"] = _rule_in(request, f"{place}.rule", before.get("rule", {}))
    for word in ("parts", "tests"):
        words[word] = ticked(request, f"{place}.{word}", most=SLOTS_LIMIT)
    for word in ("slots", "copies"):
        words[word] = _rows_in(request, f"{place}.{word}", before.get(word, []))
    return edit.step_worded(before, words)


def _rule_in(request: Request, place: str, before: Mapping[str, Any]) -> dict[str, Any]:
    kind = text_of(request, f"{place}.kind")
    said: dict[str, Any] = {} if kind == Rules.ALL else {"kind": kind}
    for word, wanted in (("count", Rules.COUNT), ("percent", Rules.RATIO)):
        if kind == wanted:
            said[word] = _number(text_of(request, f"{place}.{word}"))
    return {**said, **{word: value for word, value in before.items() if word not in {"kind", "count", "percent"}}}


def _when_in(request: Request, place: str, before: Mapping[str, Any]) -> dict[str, Any]:
    old: Sequence[Any] = next(iter(before.values()), [])
    places = [f"{place}.{number}" for number in range(min(len(old) + 1, CONDITIONS_LIMIT + 1))]
    rows = [_condition_in(request, here) for here in places if text_of(request, f"{here}.field")]
    return {"any" if text_of(request, f"{place}.joint") == "any" else "all": rows} if rows else {}


def _condition_in(request: Request, place: str) -> dict[str, Any]:
    name, comparison = text_of(request, f"{place}.field"), text_of(request, f"{place}.is")
    value = text_of(request, f"{place}.value")
    return {"field": name, "is": comparison, "value": value if comparison in NUMBERS else _words_in(name, value)}


def _words_in(name: str, typed: str) -> list[str]:
    """The words of a value, be they written as they are shown or as they are kept."""
    known = spoken().words.get(name)
    labels = {str(label): value for value, label in known.choices.items()} if known else {}
    return [labels.get(word, word) for each in PARTED.split(typed) if (word := each.strip())]


def _rows_in(request: Request, place: str, before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows that say whom; one left empty is a row taken away."""
    shown = range(min(len(before) + 1, SLOTS_LIMIT + 1))
    return [
        edit.row_worded(before[number] if number < len(before) else {}, _row_in(request, f"{place}.{number}"))
        for number in shown
        if text_of(request, f"{place}.{number}.whom")
    ]


def _row_in(request: Request, place: str) -> dict[str, Any]:
    words = edit.meant(text_of(request, f"{place}.whom"))
    who = words["who"]
    if who in {Who.HEAD, Who.POST}:
        words["department"] = _number(text_of(request, f"{place}.department"))
    if who == Who.POST:
        words["title"] = text_of(request, f"{place}.title")
    if who == Who.CHAIN:
        words["levels"] = _number(text_of(request, f"{place}.levels"))
    if who == Who.PERSON:
        words["person"] = _person(text_of(request, f"{place}.person"), request)
    return {**words, "veto": f"{place}.veto" in request.POST, "at": text_of(request, f"{place}.at")}


def _number(typed: str) -> int | str:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else typed


def _person(typed: str, request: Request) -> int | str:
    """The number behind a name: as the field shows it, or of the only one who is called so; else what was typed."""
    numbered = NUMBERED.fullmatch(typed)
    if numbered:
        return int(numbered[1])
    found = organisation.search_people(typed, request.at, limit=FEW) if typed else []
    return found[0].id if len(found) == 1 else typed


def shown(text: str, request: Request) -> dict[str, Any]:
    """The body to fill fields from, and everything that may be chosen in them."""
    body, said = body_of(text, request) or {edit.STEPS: []}, spoken()
    rows = [row for step in body[edit.STEPS] for word in ("slots", "copies") for row in step.get(word, [])]
    people = {row["person"] for row in rows if isinstance(row.get("person"), int)}
    names = above.names_of_people(people) if people else {}
    return {
        "body": body,
        "empties": [(key.value, label) for key, label in EMPTY.items()],
        "rules": [(key.value, label) for key, label in RULES.items()],
        "compared": [(key.value, label) for key, label in COMPARED.items()],
        "moments": [(key.value, label) for key, label in MOMENTS.items()],
        "values": [*((key, each.label) for key, each in said.numbers.items()), *_labels(said.words)],
        "whom": _whom(),
        "said_by": edit.whom,
        "parts": list(said.parts.items()),
        "tests": list(said.tests.items()),
        "departments": [
            (row.card.id, "　" * row.depth + row.card.name) for row in organisation.department_tree(request.at)
        ],
        "named": lambda row: _named(row.get("person", ""), names),
        "written": _written,
    }


def _labels(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(key, word.label) for key, word in words.items()]


def _whom() -> list[tuple[str, str]]:
    said = spoken()
    return [
        *((f"{Who.EACH}:{key}", _("each head of: %(group)s") % {"group": label}) for key, label in said.groups.items()),
        *((f"{Who.ROLE}:{key}", str(label)) for key, label in said.roles.items()),
        *(
            (f"{Who.CHAIN}:{key}", _("superiors of: %(group)s") % {"group": label})
            for key, label in said.groups.items()
        ),
        (Who.HEAD.value, _("the head of one department")),
        (Who.POST.value, _("a post by its title")),
        (Who.PERSON.value, _("one person")),
    ]


def _named(person: int | str, names: Mapping[int, str]) -> str:
    return f"{names[person]} #{person}" if isinstance(person, int) and person in names else str(person)


def _written(condition: Mapping[str, Any]) -> str:
    """The value of a condition as it is typed."""
    value = condition.get("value", "")
    if not isinstance(value, list):
        return str(value)
    known = spoken().words.get(str(condition.get("field")))
    labels = known.choices if known else {}
    return "、".join(str(labels.get(str(word), word)) for word in value)


def place_in_words(place: str, body: Mapping[str, Any]) -> str:
    """Where in the fields something stands; empty for a word of the whole."""
    word, _dot, rest = place.partition(".")
    number, _dot, inside = rest.partition(".")
    steps = body.get(edit.STEPS, ())
    if word != edit.STEPS or not number.isdigit() or int(number) >= len(steps):
        return ""
    step, count = steps[int(number)], int(number) + 1
    kind, _dot, row = inside.partition(".")
    said = {"number": count, "name": step.get("name") or step.get("key") or count, "row": _row_number(row)}
    if kind == "slots" and row:
        return _("Step %(number)d, %(name)s, asked %(row)d") % said
    if kind == "copies" and row:
        return _("Step %(number)d, %(name)s, copy %(row)d") % said
    return _("Step %(number)d, %(name)s") % said


def _row_number(row: str) -> int:
    number = row.partition(".")[0]
    return int(number) + 1 if number.isdigit() else 0
