"""Writing a route: its text, what is wrong with it while it is typed, and the next version published."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.approvals import routing
from bihuan.approvals.operations.routes import NOTE_LIMIT
from bihuan.approvals.rules import require_route_right
from bihuan.collaborations.operations.route_texts import look_at_route, restore_route, retire_route, write_route
from bihuan.collaborations.policy.playbook_text import LONGEST, write_text
from bihuan.kernel.errors import NotFound, Refused, Stale
from bihuan.web.http import Request, lines_of, number_of, redirect_to, text_of
from bihuan.web.render import notify, render
from bihuan.web.routes.drawing import empty_in_words, picture_of, steps_of
from bihuan.web.routes.views import show

PAGE = "routes/write.html"
FIRST = "OPINIONS"


@require_safe
def write(request: Request) -> HttpResponse:
    """The text of the route to change or to copy (`from`)."""
    require_route_right(request.actor)
    begun = routing.newest_version(request.GET.get("from", FIRST)[:40])
    return _page(request, {"text": write_text(begun.body), "note": "", "seen_version": begun.version}, ())


@require_POST
def check(request: Request) -> HttpResponse:
    """What is wrong with the text as it is typed, and its picture; nothing is written."""
    require_route_right(request.actor)
    return render(request, PAGE, _looked_at(request, lines_of(request, "text", LONGEST)), block="checked")


@require_POST
def publish(request: Request) -> HttpResponse:
    """The next version of the route that the text names; refused, the page with all that was typed."""
    require_route_right(request.actor)
    text, note, seen = (
        lines_of(request, "text", LONGEST),
        text_of(request, "note"),
        number_of(request, "seen_version") or 0,
    )
    try:
        made = write_route(text, note=note, seen_version=_seen(request, text, seen), actor=request.actor, at=request.at)
    except (Refused, Stale) as refusal:
        typed = {"text": text, "note": note, "seen_version": seen}
        return _page(request, typed, refusal.findings, status=refusal.status)
    told = _("Version %(number)d is published. What is being decided stays on its version.") % {"number": made.version}
    return notify(request, redirect_to(request, reverse("routes:show", args=[made.route.key])), told)


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


def _seen(request: Request, text: str, seen: int) -> int:
    """The version the author began from; 0 for a key that is new, whatever it was copied from."""
    key = look_at_route(text, request.at).body.get("key")
    try:
        routing.newest_version(key if isinstance(key, str) else "")
    except NotFound:
        return 0
    return seen


def _page(request: Request, typed: dict[str, Any], findings: Any, status: int = 200) -> HttpResponse:
    said = [finding for finding in findings if "line" not in finding.params]
    context = {**_looked_at(request, typed["text"]), "typed": typed, "findings": said, "longest_note": NOTE_LIMIT}
    return render(request, PAGE, context, status=status)


def _looked_at(request: Request, text: str) -> dict[str, Any]:
    looked = look_at_route(text, request.at)
    values: dict[str, Any] = {"problems": looked.findings, "steps": [], "picture": None, "empty": ""}
    if looked.is_sound:
        steps = steps_of(looked.body)
        values |= {"steps": steps, "picture": picture_of(steps), "empty": empty_in_words(looked.body)}
    return values
