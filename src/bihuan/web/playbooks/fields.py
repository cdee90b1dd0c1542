"""A playbook as fields: what may be chosen, what was chosen, and the text that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bihuan.approvals import routing
from bihuan.collaborations import guards, operations
from bihuan.collaborations.policy import playbook_edit as edit
from bihuan.collaborations.policy.playbook import FINAL, enter, leave
from bihuan.collaborations.policy.playbook_check import IMPORTED, KNOWN_FILLERS, KNOWN_STEPS
from bihuan.collaborations.policy.playbook_text import LONGEST, MOST_FIELDS, Unreadable, read_text, write_text
from bihuan.records import registry
from bihuan.records.extra import KINDS
from bihuan.web.collaborations.loops import form_title, step_name
from bihuan.web.http import Request, lines_of, text_of
from bihuan.web.playbooks.drawing import FILLERS, KINDS_NAMED

FIELDS, TEXT = "fields", "text"
MOST_ROWS = 40
ACTS: dict[str, Callable[[dict[str, Any], int], dict[str, Any]]] = {
    "up": lambda body, index: edit.moved(body, index, -1),
    "down": lambda body, index: edit.moved(body, index, 1),
    "remove": edit.removed,
    "field_up": lambda body, index: edit.field_moved(body, index, -1),
    "field_down": lambda body, index: edit.field_moved(body, index, 1),
    "field_remove": edit.field_removed,
}
"""What the buttons of a step and of an added field do to the one at a place."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The text as it was written, or as the fields say it; `mode` is the way in which it is shown."""

    text: str
    mode: str


def typed_in(request: Request) -> Typed:
    """What was sent. Fields count before the text they were made of; a text that cannot be told is shown as text."""
    text = lines_of(request, "text", LONGEST)
    begun = body_of(text)
    if request.POST.get("mode") != FIELDS or begun is None:
        return Typed(text, TEXT)
    body = edit.worded(begun, {word: text_of(request, word) for word in edit.WHOLE_WORDS if word in request.POST})
    body = edit.filled(body, _steps_in(request, body))
    return Typed(write_text(edit.with_fields(body, _fields_in(request, body))), FIELDS)


def acted(typed: Typed, act: str, add: str, form: str) -> Typed:
    """One act of the page on what was typed: a step or a field moved, removed or added, or the other way of writing."""
    body = body_of(typed.text)
    if body is None or act in {FIELDS, TEXT}:
        return Typed(typed.text, act if body is not None else TEXT)
    what, _colon, place = act.partition(":")
    index = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1
    if what in ACTS:
        body = ACTS[what](body, index)
    elif what == "add" and add in KNOWN_STEPS:
        body = edit.added(body, add)
    elif what == "field_add" and form in registry.registered() and len(body.get("extra_fields", ())) < MOST_FIELDS:
        body = edit.field_added(body, form)
    return Typed(write_text(body), typed.mode)


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


def _steps_in(request: Request, body: dict[str, Any]) -> list[dict[str, Any]]:
    return [_step_in(request, f"steps.{index}") for index in range(len(body["steps"]))]


def _step_in(request: Request, place: str) -> dict[str, Any]:
    return {
        "auto": f"{place}.auto" in request.POST,
        "forms": _rows_in(request, f"{place}.forms", "code", "filler"),
        "routes": _rows_in(request, f"{place}.routes", "code", "form"),
        "guards": [each[:40] for each in request.POST.getlist(f"{place}.guards")[:MOST_ROWS]],
        "back_to": text_of(request, f"{place}.back_to"),
    }


def _fields_in(request: Request, body: dict[str, Any]) -> list[dict[str, Any]]:
    places = (f"extra_fields.{index}" for index in range(len(body.get("extra_fields", ()))))
    return [_field_in(request, place) for place in places]


def _field_in(request: Request, place: str) -> dict[str, Any]:
    return {
        **{word: text_of(request, f"{place}.{word}") for word in edit.FIELD_WORDS},
        "required": f"{place}.required" in request.POST,
        "choices": edit.options_read(lines_of(request, f"{place}.choices", LONGEST)),
    }


def _rows_in(request: Request, place: str, first: str, second: str) -> list[dict[str, str]]:
    """The rows that name something; one left empty is a row taken away."""
    places = [f"{place}.{at}" for at in range(MOST_ROWS)]
    named = [here for here in places if text_of(request, f"{here}.{first}")]
    return [{word: text_of(request, f"{here}.{word}") for word in (first, second)} for here in named]


def shown(text: str) -> dict[str, Any]:
    """The body to fill fields from, and everything that may be chosen in them."""
    body = body_of(text) or {"steps": []}
    keys = [step["key"] for step in body["steps"]]
    gates = dict.fromkeys([body.get("condition_gate", "enter:EXECUTE")])
    gates |= dict.fromkeys(gate for key in keys for gate in (enter(key), leave(key)))
    return {
        "body": body,
        "step_names": {key: step_name(key) for key in keys},
        "gates": list(gates),
        "all_forms": [(code, form_title(code)) for code in sorted(registry.registered())],
        "all_fillers": [(key, FILLERS.get(key, key)) for key in sorted(KNOWN_FILLERS)],
        "all_routes": [(key, key) for key in sorted(routing.published_keys())],
        "all_guards": sorted(guards.known()),
        "options_written": edit.options_written,
        "kinds": [(kind.value, KINDS_NAMED[kind]) for kind in KINDS],
        "forms_asked": _forms_asked(body),
        "to_add": [(key, step_name(key)) for key in sorted(KNOWN_STEPS - {*keys, IMPORTED, FINAL})],
    }


def _forms_asked(body: dict[str, Any]) -> list[tuple[str, Any]]:
    """The forms that fields can be added to, each once."""
    codes = dict.fromkeys(row.get("code", "") for step in body["steps"] for row in step.get("forms", ()))
    return [(code, form_title(code)) for code in sorted(codes.keys() & registry.registered().keys())]
