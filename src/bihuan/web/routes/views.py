"""Routes to look at: all of them, one with its picture and versions, and a dry run on today's organisation."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bihuan.approvals import routing
from bihuan.approvals.policy.routes import RoutePlan, read_route
from bihuan.approvals.registry import spoken
from bihuan.approvals.rules import may_edit_routes
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.collaborations.queries.rehearsing import rehearse as rehearsal_of
from bihuan.kernel.errors import DomainError
from bihuan.web.http import Request
from bihuan.web.render import render
from bihuan.web.routes.drawing import (
    empty_in_words,
    name_of,
    picture_of,
    rows_of,
    steps_of,
)
from bihuan.web.routes.supposing import asked_of


@require_safe
def routes(request: Request) -> HttpResponse:
    """Every route in its newest version, as its steps in a line; retired ones behind."""
    rows = [
        {"version": version, "name": name_of(version.body), "steps": steps_of(version.body)}
        for version in routing.newest()
    ]
    return render(request, "routes/list.html", {"rows": rows, "may_edit": may_edit_routes(request.actor)})


@require_safe
def route(request: Request, key: str) -> HttpResponse:
    return show(request, routing.newest_version(key))


@require_safe
def version(request: Request, key: str, number: int) -> HttpResponse:
    return show(request, routing.version_of(key, number))


@require_safe
def text(_request: Request, key: str, number: int) -> HttpResponse:
    """The version as a file to keep, to compare and to bring into another installation."""
    found = routing.version_of(key, number)
    name = f'attachment; filename="{key}-v{number}.yaml"'
    content = write_text(found.body).encode()
    return HttpResponse(content, content_type="application/yaml; charset=utf-8", headers={"Content-Disposition": name})


def show(request: Request, shown: Any, refusal: DomainError | None = None) -> HttpResponse:
    """One version, and why an act on the route was refused."""
    steps = steps_of(shown.body)
    context = {
        "shown": shown, "name": name_of(shown.body), "steps": steps, "picture": picture_of(steps),
        "empty": empty_in_words(shown.body), "versions": routing.versions_of(shown.route.key),
        "running": routing.running_on(shown), "may_edit": may_edit_routes(request.actor),
        "findings": routing.lint_findings(shown.body, request.at),
        "refused": refusal.findings if refusal else [],
    }  # fmt: skip
    return render(request, "routes/show.html", context, status=refusal.status if refusal else 200)


@require_safe
def rehearse(request: Request, key: str) -> HttpResponse:
    """Who would sign, and by when; asked by address, so that it can be sent to somebody."""
    shown = routing.newest_version(key)
    plan = read_route(shown.body)
    asked = asked_of(request)
    context = {
        "shown": shown, "name": name_of(shown.body), **asked.shown, "conclusions": spoken().words["conclusion"].choices,
        "asks_conclusion": "conclusion" in plan.fields, **_rehearsed(plan, asked.matter, request),
    }  # fmt: skip
    return render(request, "routes/try.html", context)


def _rehearsed(plan: RoutePlan, supposed: Supposed | None, request: Request) -> dict[str, Any]:
    if supposed is None:
        return {"rehearsal": None}
    found = rehearsal_of(plan, supposed, request.at)
    return {"rehearsal": found, "rows": rows_of(found)}
