"""Merging and splitting departments: what would be touched, then the act."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import queries as collaborations
from bihuan.kernel.errors import Refused
from bihuan.organisation import operations, queries
from bihuan.organisation.rules import require_administrator
from bihuan.plans import queries as plans
from bihuan.resources import queries as resources
from bihuan.web.http import Request, day_of, number_of, text_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import NO_FINDINGS, carry_out, looked, picked_department, unresolved
from bihuan.web.render import render

MERGE_FORM = "organisation/merge_form.html"
SPLIT_FORM = "organisation/split_form.html"


def touching(request: Request, pk: int) -> dict[str, Any]:
    """The department and how much of what is under way names it, for every form that reorganises."""
    return {
        "page": queries.department_page(pk, request.at),
        "touched": collaborations.touched_by(pk),
        "tasks": plans.unfinished_of(pk),
        "needs": resources.open_of(pk),
        "typed": request.POST,
        "findings": NO_FINDINGS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    into = number_of(request, "into")
    directory = queries.directory((), [into] if into else (), request.at)
    context = {**touching(request, pk), "into": into, "directory": directory}

    def merged() -> int:
        chosen = picked_department(request, "into")
        unresolved(request, "into", chosen, "organisation.department_unknown")
        row = operations.merge_department(
            pk, into_id=chosen or 0, seen_revision=number_of(request, "revision") or 0, actor=request.actor,
            at=request.at,
        )  # fmt: skip
        return row.into_id

    def act() -> str:
        return reverse("organisation:department", args=[merged()])

    if request.method != "POST":
        return render(request, MERGE_FORM, context)
    if "look" in request.POST:
        around = [pk, picked_department(request, "into") or pk]
        return looked(request, lambda: [merged()], departments=around, template=MERGE_FORM, context=context)
    told = _("The departments were merged; the matters follow now.")
    return carry_out(request, lambda: once(request, act), template=MERGE_FORM, context=context, told=told)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    posts, matters = _numbers(request, "posts"), _numbers(request, "matters")
    context = {
        **touching(request, pk),
        "matters": collaborations.matters_with(pk, request.actor, at=request.at),
        "chosen_posts": posts,
        "chosen_matters": matters,
    }

    try:
        begins_on = day_of(request, "begins_on")
    except Refused as refusal:
        again = {**context, "typed": request.POST, "findings": refusal.findings}
        return render(request, SPLIT_FORM, again, status=refusal.status)
    wanted: dict[str, Any] = {
        "name": text_of(request, "name"), "post_ids": posts, "matter_ids": matters, "actor": request.actor,
        "at": request.at,
    }  # fmt: skip

    def parted() -> int:
        seen = number_of(request, "revision") or 0
        return operations.split_department(pk, seen_revision=seen, **wanted).into_id

    def act() -> str:
        if begins_on:
            operations.plan_split(pk, begins_on=begins_on, **wanted)
        return reverse("organisation:department", args=[pk if begins_on else parted()])

    if request.method != "POST":
        return render(request, SPLIT_FORM, context)
    if "look" in request.POST:
        return looked(request, lambda: [parted()], departments=[pk], template=SPLIT_FORM, context=context)
    told = _("The change is planned.") if begins_on else _("The new department is there; its matters follow now.")
    return carry_out(request, lambda: once(request, act), template=SPLIT_FORM, context=context, told=told)


def _numbers(request: Request, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name) if text.isascii() and text.isdigit() and len(text) < 19]
