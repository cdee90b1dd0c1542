"""The case library, and one archive in it."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries as collaborations
from bihuan.kernel.errors import NotFound
from bihuan.knowledge import queries
from bihuan.knowledge.forms import LIBRARIES
from bihuan.records import registry
from bihuan.web.http import Request
from bihuan.web.render import render

WEEKLY = "F09"


@require_safe
def library(request: Request) -> HttpResponse:
    """Search over titles, numbers, tags and lessons; newest first, pages by key."""
    text, kind = _asked(request, "q"), _asked(request, "library")
    before = request.GET.get("before", "")
    page = queries.library(
        request.actor, text=text, kind=kind, before=int(before) if _is_key(before) else None, at=request.at
    )
    context = {
        "page": page, "q": text, "kind": kind, "kinds": [(one.value, one.label) for one in LIBRARIES],
        "is_first": not _is_key(before),
    }  # fmt: skip
    return render(request, "knowledge/library.html", context)


@require_safe
def archive(request: Request, archive_id: int) -> HttpResponse:
    """What was kept, the lessons, and whether the contents are still what was archived."""
    found = queries.archive_for(request.actor, archive_id, at=request.at)
    checklist = queries.checklist_of(found)
    context = {
        "archive": found, "is_unchanged": queries.is_unchanged(found), "checklist": checklist,
        "titles": _titles({part.form for part in checklist}), "matter": _matter(request, found),
    }  # fmt: skip
    return render(request, "knowledge/archive.html", context)


def _titles(codes: set[str]) -> dict[str, Any]:
    """What the forms are called; the weekly report is a table of its own, not a form of records."""
    forms = registry.registered()
    named = {code: forms[code].form.title for code in codes if code in forms}
    return {code: named.get(code, _("Weekly report") if code == WEEKLY else "") for code in codes}


def _asked(request: Request, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "")[:200]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _matter(request: Request, found: Any) -> Any:
    """The matter, for those who read it; the archive may be open to more people."""
    try:
        return collaborations.collaboration_for(request.actor, found.collaboration_id, at=request.at)
    except NotFound:
        return None
