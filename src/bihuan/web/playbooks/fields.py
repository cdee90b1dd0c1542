"""A playbook as fields: what may be chosen, what was chosen, and the text that comes of it."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.approvals import routing
from bihuan.clock import Profile
from bihuan.collaborations import guards, operations
from bihuan.collaborations.policy import playbook_edit as edit
from bihuan.collaborations.policy.choosing import QUESTIONS
from bihuan.collaborations.policy.playbook import ARCHIVED, FINAL, IMPORTED, MINUTES, WEEKLY, enter, leave
from bihuan.collaborations.policy.playbook_cadences import DAYS, REPORTED, Every
from bihuan.collaborations.policy.playbook_check import JUDGED, KNOWN_FILLERS, KNOWN_STEPS
from bihuan.collaborations.policy.playbook_clocks import COUNTED
from bihuan.collaborations.policy.playbook_text import (
    LONGEST,
    MOST_FIELDS,
    MOST_OF_A_STEP,
    MOST_STEPS,
    Unreadable,
    read_text,
    write_text,
)
from bihuan.collaborations.policy.playbook_thresholds import NUMBERS
from bihuan.collaborations.queries.playbooks import yes_or_no_questions
from bihuan.kernel.findings import Finding
from bihuan.records import registry
from bihuan.records.extra import KINDS
from bihuan.web.collaborations.choosing import ANSWERS, ASKED
from bihuan.web.collaborations.loops import form_title, step_name
from bihuan.web.deadlines.choices import KINDS as KINDS_OF_LIMITS
from bihuan.web.deadlines.choices import PROFILES
from bihuan.web.deadlines.outcomes import rule_name
from bihuan.web.fielded import BY, FIELDS, TEXT, Typed, act_on, ticked
from bihuan.web.http import Request, lines_of, text_of
from bihuan.web.playbooks.drawing import (
    FILLERS,
    FLOWS,
    KINDS_NAMED,
    REPORTS_NAMED,
    RHYTHMS,
    gate_name,
    threshold_in_words,
)
from bihuan.web.playbooks.guarding import asked_by

MOST_ROWS = 40
LISTS = {
    "step": edit.STEPS,
    "field": edit.FIELDS,
    "owed": edit.OWED,
    "clock": edit.CLOCKS,
    "threshold": edit.THRESHOLDS,
    "cadence": edit.CADENCES,
}
BOXES = "boxes"
"""Names the lists whose boxes a page showed: one not ticked is sent like one not shown."""


def typed_in(request: Request) -> Typed:
    """What was sent. Fields count before the text they were made of; a text that cannot be told is shown as text."""
    text = lines_of(request, "text", LONGEST)
    begun = body_of(text)
    if request.POST.get("mode") != FIELDS or begun is None:
        return Typed(text, TEXT)
    body = edit.worded(begun, {word: text_of(request, word) for word in edit.WHOLE_WORDS if word in request.POST})
    body = edit.filled(_chosen_in(request, body), _steps_in(request, body))
    body = edit.filled(body, _owed_in(request, body), word=edit.OWED)
    for word in edit.FLAT:
        body = edit.with_said(body, word, _said_in(request, body, word))
    return Typed(write_text(edit.with_said(body, edit.FIELDS, _fields_in(request, body))), FIELDS)


def acted(typed: Typed, act: str, sent: Mapping[str, str]) -> Typed:
    """One act of the page on what was typed: a row of a list moved, removed or added, or the other way of writing."""
    body = body_of(typed.text)
    if body is None or act in {FIELDS, TEXT}:
        return Typed(typed.text, act if body is not None else TEXT)
    what, index = act_on(act)
    name, _line, does = what.partition("_")
    if name in LISTS and does in BY:
        body = edit.moved(body, index, BY[does], word=LISTS[name])
    elif name in LISTS and does == "remove":
        body = edit.removed(body, index, word=LISTS[name])
    elif does == "add" and what in ADDED:
        adder = ADDED[what]
        if sent[adder.word] in adder.known() and len(body.get(adder.list, ())) < adder.most:
            body = adder.add(body, sent[adder.word])
    return Typed(write_text(body), typed.mode)


@dataclass(frozen=True, slots=True)
class Adder:
    """A button that adds a row: by which word of the page it is chosen, among what, how, and up to how many."""

    word: str
    known: Callable[[], Container[str]]
    add: Callable[[dict[str, Any], str], dict[str, Any]]
    list: str
    most: int


ADDED = {
    "step_add": Adder("add", lambda: KNOWN_STEPS, edit.added, edit.STEPS, MOST_STEPS),
    "field_add": Adder("form", registry.registered, edit.field_added, edit.FIELDS, MOST_FIELDS),
    "owed_add": Adder("opens", registry.registered, edit.owed_added, edit.OWED, MOST_OF_A_STEP),
    "cadence_add": Adder("reported", lambda: REPORTED, edit.cadence_added, edit.CADENCES, MOST_OF_A_STEP),
    "threshold_add": Adder("of", lambda: dict(thresholds()), edit.threshold_added, edit.THRESHOLDS, MOST_OF_A_STEP),
    "clock_add": Adder("rule", lambda: COUNTED, edit.clock_added, edit.CLOCKS, MOST_OF_A_STEP),
}
CHOSEN = tuple(adder.word for adder in ADDED.values())


def body_of(text: str) -> dict[str, Any] | None:
    """What fields can show of a text, be it wrong or unfinished; None where its steps cannot be told."""
    looked = operations.look_at_playbook(text)
    if looked.body:
        return looked.body
    try:
        said = read_text(text).body
    except Unreadable:
        return None
    return edit.with_steps(said)


def _chosen_in(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """What was ticked for the whole: the answers it suits, what acceptance looks at, what the archive holds."""
    shown_boxes = request.POST.getlist(BOXES)
    if "suits" in shown_boxes:
        body = edit.suited(
            body, {question: ticked(request, f"suits.{question}", most=MOST_ROWS) for question in QUESTIONS}
        )
    for word in edit.WHOLE_LISTS:
        if word in shown_boxes:
            body = edit.listed(body, word, ticked(request, word, most=MOST_ROWS))
    return body


def _steps_in(request: Request, body: dict[str, Any]) -> list[dict[str, Any]]:
    return [_step_in(request, f"steps.{index}") for index in range(len(body["steps"]))]


def _step_in(request: Request, place: str) -> dict[str, Any]:
    return {
        "auto": f"{place}.auto" in request.POST,
        "forms": _rows_in(request, f"{place}.forms", "code", "filler", may_be_said=("instead_of", "only_if")),
        "routes": _rows_in(request, f"{place}.routes", "code", "form"),
        "guards": ticked(request, f"{place}.guards", most=MOST_ROWS),
        "back_to": text_of(request, f"{place}.back_to"),
    }


def _owed_in(request: Request, body: dict[str, Any]) -> list[dict[str, Any]]:
    return [_one_owed_in(request, f"{edit.OWED}.{index}") for index in range(len(body.get(edit.OWED, ())))]


def _one_owed_in(request: Request, place: str) -> dict[str, Any]:
    hours = text_of(request, f"{place}.hours")
    return {
        **{word: text_of(request, f"{place}.{word}") for word in edit.OWED_WORDS},
        "hours": int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 5 else hours,
        "forms": _rows_in(request, f"{place}.forms", "code", "filler"),
        "routes": _rows_in(request, f"{place}.routes", "code", "form"),
    }


def _said_in(request: Request, body: dict[str, Any], word: str) -> list[dict[str, str]]:
    return [
        {**row, **{name: text_of(request, f"{word}.{index}.{name}") for name in edit.FLAT[word]}}
        for index, row in enumerate(body.get(word, ()))
    ]


def _fields_in(request: Request, body: dict[str, Any]) -> list[dict[str, Any]]:
    places = (f"extra_fields.{index}" for index in range(len(body.get("extra_fields", ()))))
    return [_field_in(request, place) for place in places]


def _field_in(request: Request, place: str) -> dict[str, Any]:
    return {
        **{word: text_of(request, f"{place}.{word}") for word in edit.FIELD_WORDS},
        "required": f"{place}.required" in request.POST,
        "choices": edit.options_read(lines_of(request, f"{place}.choices", LONGEST)),
    }


def _rows_in(
    request: Request, place: str, first: str, second: str, *, may_be_said: tuple[str, ...] = ()
) -> list[dict[str, str]]:
    """The rows that name something; one left empty is a row taken away, a word that may be said one that is not."""
    places = [f"{place}.{at}" for at in range(MOST_ROWS)]
    named = [here for here in places if text_of(request, f"{here}.{first}")]
    rows = [{word: text_of(request, f"{here}.{word}") for word in (first, second, *may_be_said)} for here in named]
    return [{word: said for word, said in row.items() if said or word not in may_be_said} for row in rows]


def shown(text: str) -> dict[str, Any]:
    """The body to fill fields from, and everything that may be chosen in them."""
    body = body_of(text) or {"steps": []}
    keys = [step["key"] for step in body["steps"]]
    gates = dict.fromkeys([body.get("condition_gate", "enter:EXECUTE")])
    gates |= dict.fromkeys(gate for key in keys for gate in (enter(key), leave(key)))
    asked = _forms_asked(body)
    questions = yes_or_no_questions(body.get("extra_fields", ()))
    return {
        "body": body,
        "names": {key: step_name(key) for key in keys},
        "gates": [(gate, gate_name(gate)) for gate in gates],
        "flows": list(FLOWS.items()) if MINUTES in dict(asked) else [],
        "forms": [(code, form_title(code)) for code in sorted(registry.registered())],
        "questions": [(key, f"{form_title(code)} · {label}") for key, (code, label) in sorted(questions.items())],
        "fillers": [(key, FILLERS.get(key, key)) for key in sorted(KNOWN_FILLERS)],
        "routes": _routes(),
        "guards": list(map(asked_by, sorted(guards.known()))),
        "suits": [
            (key, ASKED[key], [(each, ANSWERS[each]) for each in possible]) for key, possible in QUESTIONS.items()
        ],
        "judged": [(code, title) for code, title in asked if code in JUDGED],
        "archived": [(code, title) for code, title in asked if code != ARCHIVED] + [(WEEKLY, _("Weekly report"))],
        "options_written": edit.options_written,
        "kinds": [(kind.value, KINDS_NAMED[kind]) for kind in KINDS],
        "asked": asked,
        "rules": [(rule_id, f"{rule_id} {rule_name(rule_id)}") for rule_id in COUNTED],
        "thresholds": thresholds(),
        "reported": [(code, REPORTS_NAMED[code]) for code in REPORTED],
        "rhythms": [(every.value, RHYTHMS[every]) for every in Every],
        "weekdays": [(name, WEEKDAYS[number]) for number, name in enumerate(DAYS)],
        "rule_kinds": list(KINDS_OF_LIMITS.items()),
        "profiles": [(profile.name, PROFILES[profile]) for profile in Profile],
        "to_add": [(key, step_name(key)) for key in sorted(KNOWN_STEPS - {*keys, IMPORTED, FINAL})],
    }


def thresholds() -> list[tuple[str, str]]:
    """The numbers that can be set, as `G01.departments`, with what each is and usually says. One query."""
    of_guards = [
        (f"{guard}.{name}", threshold_in_words(guard, name, str(number.usual)))
        for guard, numbers in NUMBERS.items()
        for name, number in numbers.items()
    ]
    of_routes = [
        (f"{route}.{field}", threshold_in_words(route, field, " / ".join(sorted(f"{each:f}" for each in numbers))))
        for route, fields in sorted(routing.numbers_compared().items())
        for field, numbers in sorted(fields.items())
    ]
    return of_guards + of_routes


def _routes() -> list[tuple[str, str]]:
    """The routes there are, by name and key. One query."""
    word = "name" if (get_language() or "zh").startswith("zh") else "name_en"
    routes = (version for version in routing.newest() if version.route.retired_at is None)
    return [(version.route.key, f"{version.body[word]} · {version.route.key}") for version in routes]


def _forms_asked(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """The forms that its steps and what it makes up for ask for, each once."""
    asking = [*body["steps"], *body.get(edit.OWED, ())]
    codes = dict.fromkeys(row.get("code", "") for each in asking for row in each.get("forms", ()))
    return [(code, form_title(code)) for code in sorted(codes.keys() & registry.registered().keys())]


def place_in_words(place: str, body: dict[str, Any]) -> str:
    """Where in the fields something stands: its row, and the name of its field; empty for neither."""
    return " · ".join(filter(None, (_row_in_words(place, body), label_of(place))))


def _row_in_words(place: str, body: dict[str, Any]) -> str:
    word, _dot, rest = place.partition(".")
    number = rest.partition(".")[0]
    rows = body.get(word, ())
    if word not in LISTS.values() or not number.isdigit() or int(number) >= len(rows):
        return ""
    row, count = rows[int(number)], int(number) + 1
    if word == edit.STEPS:
        return _("Step %(number)d, %(name)s") % {"number": count, "name": step_name(row["key"])}
    pattern, *named_by = PLACES[word]
    named = " ".join(str(row[name]) for name in named_by if row.get(name))
    return gettext(str(pattern)) % {"name": named or row.get("key") or count}


def label_of(place: str) -> str:
    """The name that a field has on the page; empty for a row as a whole and for what no field shows."""
    words = [part for part in place.split(".") if not part.isdigit()]
    found = next((LABELS[tail] for start in range(len(words)) if (tail := ".".join(words[start:])) in LABELS), "")
    return str(found)


def with_label(finding: Finding) -> Finding:
    """The finding, which names a word of the text, with the name that its field has on the page."""
    label = label_of(finding.place) if "word" in finding.params else ""
    return replace(finding, params={**finding.params, "word": label}) if label else finding


LABELS: dict[str, "str | Promise"] = {
    "key": gettext_lazy("Key"),
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("English name"),
    "condition_gate": gettext_lazy("Gate that conditions hold"),
    "minutes_flow": gettext_lazy("How minutes flow"),
    "acceptance": gettext_lazy("Held against at acceptance"),
    "archive": gettext_lazy("Kept in the archive"),
    "forms": gettext_lazy("Forms"),
    "forms.code": gettext_lazy("Form"),
    "forms.filler": gettext_lazy("Filled in by"),
    "forms.instead_of": gettext_lazy("Enough instead of"),
    "forms.only_if": gettext_lazy("Only if answered with yes"),
    "routes": gettext_lazy("Routes"),
    "routes.code": gettext_lazy("Route"),
    "routes.form": gettext_lazy("Decides on"),
    "guards": gettext_lazy("Guards"),
    "back_to": gettext_lazy("Way back"),
    "opens": gettext_lazy("Begun by the form"),
    "hours": gettext_lazy("Due after hours, day and night"),
    "gate": gettext_lazy("Gate that it holds"),
    "rule": gettext_lazy("Time rule"),
    "clocks.kind": gettext_lazy("Only for"),
    "limit": gettext_lazy("Limit"),
    "profile": gettext_lazy("An hour counts"),
    "every": gettext_lazy("How often"),
    "day": gettext_lazy("Day, of every week"),
    "number": gettext_lazy("Day worked, of every month (-1 is the last)"),
    "at": gettext_lazy("Time of the day, such as 17:00"),
    "thresholds.name": "",
    "value": gettext_lazy("Number to count by"),
    "form": gettext_lazy("Form"),
    "kind": gettext_lazy("Kind"),
    "label": gettext_lazy("Name"),
    "label_en": gettext_lazy("English name"),
    "help": gettext_lazy("Help"),
    "help_en": gettext_lazy("English help"),
    "choices": gettext_lazy("Options, for one of several"),
    "choices.value": gettext_lazy("Options, for one of several"),
    "choices.label": gettext_lazy("Options, for one of several"),
    "choices.label_en": gettext_lazy("Options, for one of several"),
}
"""What the words of a text are called where they are fields, by the end of their place."""
PLACES: dict[str, "tuple[str | Promise, *tuple[str, ...]]"] = {
    edit.OWED: (gettext_lazy("Made up for, %(name)s"), "key"),
    edit.FIELDS: (gettext_lazy("Added field %(name)s"), "label"),
    edit.CLOCKS: (gettext_lazy("Clock %(name)s"), "rule", "kind"),
    edit.CADENCES: (gettext_lazy("Cadence of %(name)s"), "form"),
    edit.THRESHOLDS: (gettext_lazy("Threshold %(name)s"), "of", "name"),
}
"""How a row of a list is told, and by which of its words."""
