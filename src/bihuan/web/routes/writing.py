"""Writing a route: its text, what is wrong with it while it is typed, and the next version published."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.approvals import routing
from bihuan.approvals.operations.routes import NOTE_LIMIT
from bihuan.approvals.rules import require_route_right
from bihuan.collaborations.operations.route_texts import look_at_route, restore_route, retire_route, write_route
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.kernel.errors import NotFound, Refused, Stale
from bihuan.web.fielded import FIELDS, TEXT, Typed
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.render import notify, render
from bihuan.web.routes import fields
from bihuan.web.routes.drawing import empty_in_words, picture_of, steps_of
from bihuan.web.routes.views import show

PAGE = "routes/write.html"
FIRST = "OPINIONS"


@require_safe
def write(request: Request) -> HttpResponse:
    """The text of the route to change or to copy (`from`)."""
    require_route_right(request.actor)
    begun = routing.newest_version(request.GET.get("from", FIRST)[:40])
    typed: dict[str, Any] = {"text": write_text(begun.body), "mode": FIELDS, "note": ""}
    typed |= {"seen_version": begun.version, "begun_from": begun.route.key}
    return _page(request, typed, ())


@require_POST
def arrange(request: Request) -> HttpResponse:
    """One act on what was typed, which stays: a step moved, removed or added, or the other way of writing."""
    require_route_right(request.actor)
    made = fields.acted(fields.typed_in(request), text_of(request, "act"), request)
    return _page(request, _typed(request, made), ())


@require_POST
def check(request: Request) -> HttpResponse:
    """What is wrong with the text as it is typed, and its picture; nothing is written."""
    require_route_right(request.actor)
    return render(request, PAGE, _looked_at(request, fields.typed_in(request)), block="checked")


@require_POST
def publish(request: Request) -> HttpResponse:
    """The next version of the route that the text names; refused, the page with all that was typed."""
    require_route_right(request.actor)
    typed = _typed(request, fields.typed_in(request))
    try:
        made = write_route(
            typed["text"], note=typed["note"], seen_version=_seen(request, typed), actor=request.actor, at=request.at
        )
    except (Refused, Stale) as refusal:
        return _page(request, typed, refusal.findings, status=refusal.status)
    told = _("Version %(number)d is published. What is being decided stays on its version.") % {"number": made.version}
    return notify(request, redirect_to(request, reverse("routes:show", args=[made.route.key])), told)


def _typed(request: Request, typed: Typed) -> dict[str, Any]:
    return {
        "text": typed.text, "mode": typed.mode, "note": text_of(request, "note"),
        "seen_version": number_of(request, "seen_version") or 0, "begun_from": text_of(request, "begun_from"),
    }  # fmt: skip


@require_POST
def retire(request: Request, key: str) -> HttpResponse:
    """No playbook names it any more; refused while one may still open it, and the page says which."""
    try:
        retire_route(key, actor=request.actor, at=request.at)
    except (Refused, Stale) as refusal:
        return show(request, routing.newest_version(key), refusal)
    return notify(request, redirect_to(request, reverse("routes:show", args=[key])), _("The route is retired."))


@require_POST
def restore(request: Request, key: str) -> HttpResponse:
    try:
        restore_route(key, actor=request.actor, at=request.at)
    except Stale as refusal:
        return show(request, routing.newest_version(key), refusal)
    told = _("Playbooks may name the route again.")
    return notify(request, redirect_to(request, reverse("routes:show", args=[key])), told)


def _seen(request: Request, typed: dict[str, Any]) -> int:
    """The version the author began from; 0 for a key that is new, or that is not the one he began from."""
    key = look_at_route(typed["text"], request.at).body.get("key")
    try:
        routing.newest_version(key if isinstance(key, str) else "")
    except NotFound:
        return 0
    seen: int = typed["seen_version"]
    return seen if typed["begun_from"] in {"", key} else 0


def _page(request: Request, typed: dict[str, Any], findings: Any, status: int = 200) -> HttpResponse:
    said = [finding for finding in findings if "line" not in finding.params]
    way = typed["mode"] if fields.body_of(typed["text"], request) is not None else TEXT
    context = _looked_at(request, Typed(typed["text"], way))
    context |= {"typed": {**typed, "mode": way}, "findings": said, "longest_note": NOTE_LIMIT}
    if way == FIELDS:
        context["it"] = fields.shown(typed["text"], request)
    return render(request, PAGE, context, status=status)


def _looked_at(request: Request, typed: Typed) -> dict[str, Any]:
    looked = look_at_route(typed.text, request.at)
    values: dict[str, Any] = {"problems": looked.findings, "steps": [], "picture": None, "empty": "", "where": None}
    if typed.mode == FIELDS:
        values["where"] = partial(fields.place_in_words, body=looked.body)
    if looked.is_sound:
        steps = steps_of(looked.body)
        values |= {"steps": steps, "picture": picture_of(steps), "empty": empty_in_words(looked.body)}
    return values
