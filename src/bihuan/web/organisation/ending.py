"""Ending a post and closing a department: first what waits there, who has it then and who reads less; then the act."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.enums import LoopKind
from bihuan.kernel import principals
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


@dataclass(frozen=True, slots=True)
class Reach:
    """How many matters a person reads, and who decides for the department."""

    matters: int
    decides: str


@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: Request, pk: int) -> HttpResponse:
    """What goes with a post, then its end: today, or on the day that was chosen."""
    require_administrator(request.actor)
    ends_on = day_of(request, "ends_on")
    post = queries.ending_post(pk, request.at, ends_on=ends_on)

    def ended() -> str:
        operations.end_post(pk, ends_on=ends_on, actor=request.actor, at=request.at)
        return reverse("organisation:department", args=[post.department_id])

    context = _of_post(request, post)
    if request.method == "POST" and "look" not in request.POST:
        return carry_out(request, ended, template=END_FORM, context=context, told=_("The post was ended."))
    try:
        before, after = operations.before_and_after(ended, lambda: _reach(post))
    except (Refused, Stale) as refusal:
        return render(request, END_FORM, {**context, "findings": refusal.findings})
    return render(request, END_FORM, {**context, "before": before, "after": after})


def _of_post(request: Request, post: EndingPost) -> dict[str, Any]:
    waiting = collaborations.open_with(_offices_alone(post))
    return {
        "post": post,
        "is_head": post.kind == PostKind.HEAD,
        "waiting": [(LoopKind(kind).label, count) for kind, count in sorted(waiting.items())],
        "kept": len(duties.held_by(post.person_id, request.at)),
        "typed": request.POST,
        "findings": NO_FINDINGS,
    }


def _offices_alone(post: EndingPost) -> list[str]:
    """The offices of the post itself, without the departments above, in which others stay."""
    own = principals.department(post.department_id)
    return [key for key in post.offices if key == own or principals.split(key)[0] != "d"]


def _reach(post: EndingPost) -> Reach:
    actor = queries.actor_now(post.person_id, post.instant)
    matters = collaborations.visible_to(actor, at=post.instant).count() if actor else 0
    office = queries.signatory_for(post.department_id, post.instant, besides=None)
    return Reach(matters, queries.name_of(office, post.instant))


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
