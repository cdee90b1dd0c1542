"""A calendar is changed after a look at the deadlines that move by it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.agenda import operations as agenda
from bihuan.agenda.errors import PreviewStale
from bihuan.agenda.operations import Change
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.kernel.findings import Finding
from bihuan.web.http import Request, text_of
from bihuan.web.render import render

PAGE = "organisation/calendar_preview.html"
SEEN = "previewed"
LEFT_OUT = {"csrfmiddlewaretoken", SEEN, "file"}


def look_or_change(
    request: Request, change: Change, *, title: str, back: str, done: Callable[[str], HttpResponse], **kept: str
) -> HttpResponse:
    """Save at once when nothing moves; else show what moves, and save what was looked at. Raises as the change does.

    `kept` are values the page sends again besides what was posted: a file's text.
    """
    seen = text_of(request, SEEN)
    found = agenda.preview_change(change, actor=request.actor, at=request.at)
    if not found.count or seen == found.digest:
        try:
            agenda.change_calendar(change, seen=found.digest, actor=request.actor, at=request.at)
        except PreviewStale:
            found = agenda.preview_change(change, actor=request.actor, at=request.at)
        else:
            return done(_said(found.count))
    context: dict[str, Any] = {
        "found": found, "title": title, "back": back, "action": request.path, "rules": RULE_NAMES,
        "values": [*_values(request, kept), (SEEN, found.digest)],
        "stale": Finding(PreviewStale.code) if seen else None,
    }  # fmt: skip
    return render(request, PAGE, context, status=PreviewStale.status if seen else 200)


def _said(count: int) -> str:
    return _("%(count)s running deadlines are being counted anew.") % {"count": count} if count else ""


def _values(request: Request, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again."""
    posted = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    return [(name, value) for name, value in posted if name not in LEFT_OUT | set(kept)] + list(kept.items())
