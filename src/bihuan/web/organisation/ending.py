"""Ending a post and closing a department: first what waits there, who has it then and who reads less; then the act."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.enums import LoopKind
from bihuan.kernel.errors import Refused, Stale
from bihuan.organisation import duties, operations, queries
from bihuan.organisation.enums import PostKind
from bihuan.organisation.queries import EndingPost
from bihuan.organisation.rules import require_administrator
from bihuan.web.http import Request, day_of, number_of
from bihuan.web.organisation.posted import NO_FINDINGS, carry_out
from bihuan.web.organisation.reorganising import touching
from bihuan.web.render import render

END_FORM = "organisation/end_form.html"
CLOSE_FORM = "organisation/close_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: Request, pk: int) -> HttpResponse:
    """What goes with a post, then its end: today, or on the day that was chosen."""
    require_administrator(request.actor)
    try:
        ends_on = day_of(request, "ends_on")
    except Refused as refusal:
        context = _of_post(request, queries.ending_post(pk, request.at, ends_on=None))
        again = {**context, "typed": request.POST, "findings": refusal.findings}
        return render(request, END_FORM, again, status=refusal.status)
    post = queries.ending_post(pk, request.at, ends_on=ends_on)

    def ended() -> str:
        operations.end_post(pk, ends_on=ends_on, actor=request.actor, at=request.at)
        return reverse("organisation:department", args=[post.department_id])

    context = _of_post(request, post)
    if request.method == "POST" and "look" not in request.POST:
        return carry_out(request, ended, template=END_FORM, context=context, told=_("The post was ended."))
    try:
        before, after = operations.before_and_after(ended, lambda: collaborations.reach_of(post))
    except (Refused, Stale) as refusal:
        return render(request, END_FORM, {**context, "findings": refusal.findings})
    return render(request, END_FORM, {**context, "before": before, "after": after})


def _of_post(request: Request, post: EndingPost) -> dict[str, Any]:
    waiting = collaborations.waiting_with(post)
    return {
        "post": post,
        "is_head": post.kind == PostKind.HEAD,
        "waiting": [(LoopKind(kind).label, count) for kind, count in sorted(waiting.items())],
        "kept": len(duties.held_by(post.person_id, request.at)),
        "typed": request.POST,
        "findings": NO_FINDINGS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    """What names the department, and why it cannot be closed yet; then its end."""
    require_administrator(request.actor)
    context = touching(request, pk)
    page: queries.DepartmentPage = context["page"]

    def closed(seen: int) -> str:
        operations.close_department(pk, seen_revision=seen, actor=request.actor, at=request.at)
        return reverse("organisation:department", args=[pk])

    if request.method == "POST":
        seen = number_of(request, "revision") or 0
        told = _("The department was closed.")
        return carry_out(request, lambda: closed(seen), template=CLOSE_FORM, context=context, told=told)
    try:
        operations.before_and_after(lambda: closed(page.revision), lambda: None)
    except (Refused, Stale) as refusal:
        context["findings"] = refusal.findings
    return render(request, CLOSE_FORM, context)
