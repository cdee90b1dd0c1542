"""What I wish to be told, by which channel and in which hours."""

from datetime import time
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.kernel.errors import DomainError, Refused, Stale
from bihuan.notifications import channels, operations, queries, registry
from bihuan.notifications.enums import INBOX
from bihuan.notifications.queries import Wishes
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.render import notify, render

PAGE = "notifications/wishes.html"
Ticks = frozenset[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: Request) -> HttpResponse:
    if request.method != "POST":
        now = queries.wishes_of(request.actor.person_id or 0)
        return _page(request, now, now.unwanted)
    unwanted = _unwanted(request)
    try:
        operations.change_wishes(
            opens=_clock(request, "opens"), closes=_clock(request, "closes"), unwanted=unwanted,
            seen_revision=number_of(request, "revision") or 0, actor=request.actor, at=request.at,
        )  # fmt: skip
    except (Refused, Stale) as refusal:
        return _page(request, queries.wishes_of(request.actor.person_id or 0), unwanted, refusal)
    return notify(request, redirect_to(request, reverse("inbox:wishes")), _("What reaches you is saved."))


def _page(request: Request, now: Wishes, unwanted: Ticks, refusal: DomainError | None = None) -> HttpResponse:
    """The page; after a refusal with what was typed."""
    typed = request.POST if refusal else {}
    context: dict[str, Any] = {
        "kinds": [(one.key, one.label) for one in registry.kinds()],
        "columns": _columns(),
        "unwanted": unwanted,
        "revision": now.revision,
        "opens": typed.get("opens", f"{now.opens:%H:%M}"),
        "closes": typed.get("closes", f"{now.closes:%H:%M}"),
        "findings": refusal.findings if refusal else [],
    }
    return render(request, PAGE, context, status=refusal.status if refusal else 200)


def _columns() -> list[tuple[str, Any]]:
    return [(INBOX, _("Inbox")), *((channel.key, channel.label) for channel in channels.channels())]


def _unwanted(request: Request) -> Ticks:
    """A box that is not ticked is a wish as well; only boxes the page showed count."""
    ticked = set(request.POST.getlist("wanted"))
    offered = {(kind.key, column) for kind in registry.kinds() for column, _label in _columns()}
    return frozenset((kind, column) for kind, column in offered if f"{kind}/{column}" not in ticked)


def _clock(request: Request, name: str) -> time | None:
    try:
        return time.fromisoformat(text_of(request, name)).replace(tzinfo=None)
    except ValueError:
        return None
