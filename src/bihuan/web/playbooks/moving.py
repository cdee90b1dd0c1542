"""Matters under way on older versions: what stands against the newest one, and letting those go on by it that can."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.playbook_diff import changes
from bihuan.collaborations.queries.migration import Behind
from bihuan.collaborations.rules import may_edit_playbooks
from bihuan.kernel.errors import DomainError, NotAllowed, Refused, Stale
from bihuan.web.collaborations.loops import step_name
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.playbooks.drawing import in_words, name_of
from bihuan.web.playbooks.fields import place_in_words
from bihuan.web.render import notify, render


@require_http_methods(["GET", "HEAD", "POST"])
def matters(request: Request, key: str) -> HttpResponse:
    """For the PMO: GET shows each matter with what contradicts, POST moves the chosen ones, all or none."""
    if not may_edit_playbooks(request.actor):
        raise NotAllowed
    return _move(request, key) if request.method == "POST" else _page(request, key)


def _move(request: Request, key: str) -> HttpResponse:
    chosen = [int(one) for one in request.POST.getlist("matter") if one.isascii() and one.isdigit() and len(one) < 19]
    reason = text_of(request, "reason")
    try:
        moved = operations.migrate_collaborations(
            key, chosen, seen_version=number_of(request, "seen_version") or 0, reason=reason,
            actor=request.actor, at=request.at,
        )  # fmt: skip
    except (Refused, Stale) as refusal:
        return _page(request, key, {"chosen": set(chosen), "reason": reason}, refusal)
    told = ngettext("%(count)d matter goes on by it", "%(count)d matters go on by it", moved) % {"count": moved}
    return notify(request, redirect_to(request, reverse("playbooks:matters", args=[key])), told)


def _page(
    request: Request, key: str, typed: dict[str, Any] | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    newest = queries.newest(key)
    rows = queries.behind(key, actor=request.actor, at=request.at)
    context: dict[str, Any] = {
        "newest": newest, "name": name_of(newest), "rows": rows, "changed": _changed(rows, newest),
        "findings": refusal.findings if refusal else [], "step_name": step_name, "in_words": in_words,
        "where": partial(place_in_words, body=newest.body),
        **(typed or {"chosen": set(), "reason": ""}),
    }  # fmt: skip
    return render(request, "playbooks/matters.html", context, status=refusal.status if refusal else 200)


def _changed(rows: list[Behind], newest: Any) -> list[tuple[int, list[tuple[str, str]]]]:
    """By older version, oldest first, everything that is otherwise in the newest one."""
    versions = {row.matter.playbook_version.version: row.matter.playbook_version.body for row in rows}
    return [
        (number, [in_words(change) for change in changes(body, newest.body)])
        for number, body in sorted(versions.items())
    ]
