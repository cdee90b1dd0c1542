"""A calendar is changed after a look at the deadlines that move by it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.agenda import operations as agenda
from bihuan.agenda.errors import PreviewStale
from bihuan.agenda.operations import Change
from bihuan.agenda.queries import Preview
from bihuan.collaborations import queries as collaborations
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.kernel.findings import Finding
from bihuan.web.deadlines.views import titles_of
from bihuan.web.http import Request, text_of
from bihuan.web.render import render

PAGE = "organisation/calendar_preview.html"
SEEN = "previewed"
AFTER = "after"
LEFT_OUT = {"csrfmiddlewaretoken", SEEN, AFTER, "file"}


def look_or_change(
    request: Request, change: Change, *, title: str, back: str, done: Callable[[str], HttpResponse], **kept: str
) -> HttpResponse:
    """Save at once when nothing moves; else show what moves, and save what was looked at. Raises as the change does.

    `kept` are values the page sends again besides what was posted: a file's text.
    """
    seen, after = text_of(request, SEEN), _after(request)
    is_further, is_stale = bool(seen and after), False
    if is_further:
        found = agenda.preview_change(change, actor=request.actor, at=request.at, after=after, previewed=seen)
    else:
        found = agenda.preview_change(change, actor=request.actor, at=request.at)
    if not is_further and (seen or found.is_nothing):
        try:
            agenda.change_calendar(change, seen=seen or found.digest, actor=request.actor, at=request.at)
        except PreviewStale:
            found = agenda.preview_change(change, actor=request.actor, at=request.at)
            is_stale = True
        else:
            return done(_said(found))
    context: dict[str, Any] = {
        "found": found, "named": titles_of(each.deadline for each in found.shown), "title": title,
        "back": back, "action": request.path, "rules": RULE_NAMES,
        "values": [*_values(request, kept), (SEEN, found.digest)], "is_further": is_further,
        "further": AFTER, "matters": collaborations.titles_of({each.deadline.root_id for each in found.shown}),
        "stale": Finding(PreviewStale.code) if is_stale else None,
    }  # fmt: skip
    return render(request, PAGE, context, status=PreviewStale.status if is_stale else 200)


def _after(request: Request) -> int:
    typed = text_of(request, AFTER)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def _said(found: Preview) -> str:
    if found.rest:
        return _("All running deadlines are being counted anew.")
    return _("%(count)s running deadlines are being counted anew.") % {"count": found.count} if found.count else ""


def _values(request: Request, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again."""
    posted = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    return [(name, value) for name, value in posted if name not in LEFT_OUT | set(kept)] + list(kept.items())
