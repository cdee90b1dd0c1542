"""Renaming, moving and merging departments from a day to come: what it touches, then the plan."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.organisation import operations, queries
from bihuan.organisation.enums import PlannedKind
from bihuan.organisation.rules import require_administrator
from bihuan.web.http import Request, day_of, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import carry_out, picked_department, unresolved
from bihuan.web.organisation.reorganising import touching
from bihuan.web.render import notify, render

FORM = "organisation/plan_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    context = _context(request, pk)

    def act() -> str:
        _plan(request, pk)
        return reverse("organisation:department", args=[pk])

    if request.method != "POST":
        return render(request, FORM, context)
    return carry_out(
        request, lambda: once(request, act), template=FORM, context=context, told=_("The change is planned.")
    )


def _context(request: Request, pk: int) -> dict[str, Any]:
    shared = touching(request, pk)
    page = shared["page"]
    is_posted = request.method == "POST"
    parent = number_of(request, "parent") if is_posted else page.card.parent_id
    into = number_of(request, "into") if is_posted else None
    named = [key for key in (parent, into) if key]
    return {
        **shared,
        "kinds": [(kind.value, kind.label) for kind in (PlannedKind.CHANGED, PlannedKind.MERGED)],
        "parent": parent,
        "into": into,
        "directory": queries.directory((), named, request.at),
        "typed": {"name": page.card.name, "kind": PlannedKind.CHANGED},
    }


def _plan(request: Request, pk: int) -> None:
    begins_on = day_of(request, "begins_on")
    if text_of(request, "kind") == PlannedKind.MERGED:
        into = picked_department(request, "into")
        unresolved(request, "into", into, "organisation.department_unknown")
        operations.plan_merger(pk, begins_on=begins_on, into_id=into, actor=request.actor, at=request.at)
        return
    parent = picked_department(request, "parent")
    unresolved(request, "parent", parent, "organisation.parent_unknown")
    name = text_of(request, "name")
    operations.plan_change(pk, begins_on=begins_on, name=name, parent_id=parent, actor=request.actor, at=request.at)


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    row = operations.cancel_planned(pk, actor=request.actor, at=request.at)
    address = reverse("organisation:department", args=[row.department_id])
    return notify(request, redirect_to(request, address), _("What was planned is cancelled."))
