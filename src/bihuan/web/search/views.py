"""Finding things from anywhere: suggestions while typing, and a page of results."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries as collaborations
from bihuan.search.policy import LONGEST_QUERY
from bihuan.search.queries import Hit, search
from bihuan.web.http import Request
from bihuan.web.render import render

SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of thing is called and drawn, and where it is read."""

    name: "str | Promise"
    icon: str
    route: str


KINDS = {
    "matter": Kind(_("Matter"), "list-checks", "collaborations:overview"),
    "record": Kind(_("Form"), "file-text", "records:read"),
    "task": Kind(_("Task"), "target", "plans:task"),
    "commitment": Kind(_("Commitment"), "hand", "commitments:commitment"),
    "risk": Kind(_("Risk"), "triangle-alert", "issues:risk"),
    "need": Kind(_("Need"), "briefcase", "resources:need"),
    "report": Kind(_("Weekly report"), "calendar", "progress:report"),
    "archive": Kind(_("Case"), "library", "knowledge:archive"),
    "person": Kind(_("Person"), "user", "organisation:person"),
    "department": Kind(_("Department"), "building-2", "organisation:department"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as a page shows it. `above`: the matter it belongs to, unless it is one itself."""

    hit: Hit
    kind: Kind
    href: str
    above: str


@require_safe
def results(request: Request) -> HttpResponse:
    """A page of hits; another kind and the next page are addresses, so that they can be linked."""
    text, kind, after = _asked(request)
    found = search(request.actor, text, kinds=[kind] if kind else (), after=after, at=request.at)
    context = {
        "q": text, "kind": kind, "rows": shown(found.hits), "is_first": not after,
        "kinds": [("", _("Everything"), _address(text)), *_kind_links(text)],
        "next_address": _address(text, kind=kind, after=found.next_after) if found.next_after else "",
        "first_address": _address(text, kind=kind),
    }  # fmt: skip
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, "search/results.html", context, block="found" if is_part else None)


@require_safe
def suggest(request: Request) -> HttpResponse:
    """The first few hits, for the field in the bar."""
    text, _kind, _after = _asked(request)
    found = search(request.actor, text, at=request.at, size=SUGGESTED)
    context = {"rows": shown(found.hits), "all_address": _address(text)}
    return render(request, "search/suggest.html", context)


def _asked(request: Request) -> tuple[str, str, str]:
    text = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    return text, kind if kind in KINDS else "", request.GET.get("after", "")[:40]


def _kind_links(text: str) -> list[tuple[str, Any, str]]:
    return [(key, kind.name, _address(text, kind=key)) for key, kind in KINDS.items()]


def _address(text: str, **more: str) -> str:
    asked = {"q": text} | {key: value for key, value in more.items() if value}
    return f"{reverse('search:results')}?{urlencode(asked)}"


def shown(hits: Iterable[Hit]) -> list[Shown]:
    """The hits with the titles of the matters they belong to. One query."""
    found = list(hits)
    belongs = {
        hit.unit_id for hit in found if hit.unit_kind == "collaboration" and hit.kind not in {"matter", "archive"}
    }
    titles = collaborations.titles_of(belongs)
    return [
        Shown(hit, KINDS[hit.kind], reverse(KINDS[hit.kind].route, args=[hit.id]), _above(hit, titles)) for hit in found
    ]


def _above(hit: Hit, titles: dict[int, str]) -> str:
    return titles.get(hit.unit_id, "") if hit.unit_kind == "collaboration" else ""
