"""Writing a playbook: its text, what is wrong with it while it is typed, and the next version published."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.collaborations import operations, queries
from bihuan.collaborations.operations.playbook_texts import LONGEST_NOTE, Looked
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_diff import changes
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.collaborations.queries.walking_through import walk_draft
from bihuan.collaborations.rules import may_edit_playbooks
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.web.fielded import FIELDS, Typed
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.playbooks import fields
from bihuan.web.playbooks.drawing import (
    cadences_of,
    clocks_of,
    in_words,
    name_in,
    obligations_of,
    ring_of,
    steps_of,
    thresholds_of,
    walked_in_words,
)
from bihuan.web.render import notify, render
from bihuan.web.routes.supposing import asked_of

PAGE = "playbooks/write.html"
FIRST = "SEED_B"


@require_safe
def write(request: Request) -> HttpResponse:
    """The text of the playbook to change or to copy (`from`)."""
    _let_in(request)
    begun = queries.newest(request.GET.get("from", FIRST)[:40])
    typed: dict[str, Any] = {"text": write_text(begun.body), "mode": FIELDS, "note": ""}
    typed |= {"seen_version": begun.version, "begun_from": begun.playbook.key}
    return _page(request, typed, ())


@require_POST
def arrange(request: Request) -> HttpResponse:
    """One act on what was typed, which stays: something moved, removed or added, or the other way of writing."""
    _let_in(request)
    chosen = {word: text_of(request, word) for word in fields.CHOSEN}
    made = fields.acted(fields.typed_in(request), text_of(request, "act"), chosen)
    return _page(request, _typed(request, made), ())


@require_POST
def check(request: Request) -> HttpResponse:
    """What is wrong with the text as it is typed, and what it would look like; nothing is written."""
    _let_in(request)
    return render(request, PAGE, _looked_at(fields.typed_in(request)), block="checked")


@require_POST
def rehearse(request: Request) -> HttpResponse:
    """A dry run of what nobody has published; while something is wrong with it, the page with what is to be mended."""
    _let_in(request)
    typed = _typed(request, fields.typed_in(request))
    try:
        body = operations.draft_to_try(typed["text"], actor=request.actor)
    except Refused as refusal:
        return _page(request, typed, (), status=refusal.status)
    asked = asked_of(request, playbook=body["key"])
    way = walk_draft(body, asked.matter, request.at) if asked.matter else []
    context = {
        "draft": {**typed, "mode": text_of(request, "written_in") or typed["mode"]}, "name": name_in(body),
        **asked.shown, "way": [walked_in_words(one) for one in way],
    }  # fmt: skip
    return render(request, "playbooks/try.html", context)


@require_POST
def publish(request: Request) -> HttpResponse:
    """The next version of the playbook that the text names; refused, the page with all that was typed."""
    _let_in(request)
    typed = _typed(request, fields.typed_in(request))
    try:
        made = operations.write_playbook(
            typed["text"], note=typed["note"], seen_version=_seen(typed),
            actor=request.actor, at=request.at,
        )  # fmt: skip
    except (Refused, Stale) as refusal:
        return _page(request, typed, refusal.findings, status=refusal.status)
    told = _("Version %(number)d is published. Matters under way stay on theirs.") % {"number": made.version}
    return notify(request, redirect_to(request, reverse("playbooks:show", args=[made.playbook.key])), told)


def _typed(request: Request, typed: Typed) -> dict[str, Any]:
    return {
        "text": typed.text, "mode": typed.mode, "note": text_of(request, "note"),
        "seen_version": number_of(request, "seen_version") or 0, "begun_from": text_of(request, "begun_from"),
    }  # fmt: skip


def _let_in(request: Request) -> None:
    if not may_edit_playbooks(request.actor):
        raise NotAllowed


def _seen(typed: dict[str, Any]) -> int:
    """The version the author began from; 0 for a key that is new, or that is not the one he began from."""
    key = operations.look_at_playbook(typed["text"]).body.get("key", "")
    try:
        queries.newest(key)
    except NotFound:
        return 0
    seen: int = typed["seen_version"]
    return seen if typed["begun_from"] in {"", key} else 0


def _page(request: Request, typed: dict[str, Any], findings: Any, status: int = 200) -> HttpResponse:
    said = [finding for finding in findings if "line" not in finding.params]
    looked = _looked_at(Typed(typed["text"], typed["mode"]))
    context = {**looked, "typed": typed, "findings": said, "longest_note": LONGEST_NOTE}
    if typed["mode"] == FIELDS:
        context["it"] = fields.shown(typed["text"])
    return render(request, PAGE, context, status=status)


def _looked_at(typed: Typed) -> dict[str, Any]:
    looked = operations.look_at_playbook(typed.text)
    values: dict[str, Any] = {"problems": looked.findings, "steps": [], "ring_steps": [], "changed": None}
    values["where"] = None
    if typed.mode == FIELDS:
        values["problems"] = [fields.with_label(finding) for finding in looked.findings]
        values["where"] = partial(fields.place_in_words, body=fields.body_of(typed.text) or {})
    if not looked.findings:
        values |= {
            "steps": steps_of(looked.body),
            "obligations": obligations_of(looked.body),
            "clocks": clocks_of(looked.body),
            "cadences": cadences_of(looked.body),
            "thresholds": thresholds_of(looked.body),
            "ring_steps": ring_of(read_playbook(looked.body)),
        }
        values["changed"] = _changed(looked)
    return values


def _changed(looked: Looked) -> list[tuple[str, str]] | None:
    """What publishing would change; None for a playbook that is new."""
    try:
        newest = queries.newest(looked.body["key"])
    except NotFound:
        return None
    return [in_words(change) for change in changes(newest.body, looked.body)]
