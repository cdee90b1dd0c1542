"""People, edited by administrators."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kernel.errors import Refused, Stale
from bihuan.organisation import operations, queries
from bihuan.organisation.operations import PersonValues
from bihuan.organisation.rules import require_administrator
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.organisation.leaving import page_of
from bihuan.web.organisation.posted import NO_FINDINGS, carry_out
from bihuan.web.render import notify, render

FORM = "organisation/person_form.html"
PASSWORD_FORM = "organisation/password_form.html"  # noqa: S105  a template


def _values(request: Request) -> PersonValues:
    return PersonValues(
        name=text_of(request, "name"),
        name_en=text_of(request, "name_en"),
        email=text_of(request, "email"),
        phone=text_of(request, "phone"),
        is_administrator=text_of(request, "is_administrator") == "true",
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    require_administrator(request.actor)
    context: dict[str, Any] = {"page": None, "typed": {}, "findings": NO_FINDINGS}
    if request.method == "GET":
        return render(request, FORM, context)

    def act() -> str:
        made = operations.add_person(
            username=text_of(request, "username"),
            password=request.POST.get("password") or None,
            actor=request.actor,
            at=request.at,
            **_values(request),
        )
        return reverse("organisation:person", args=[made.pk])

    return carry_out(request, act, template=FORM, context=context, told=_("The person was added."))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    page = queries.person_page(request.actor, pk, request.at)
    typed = {
        "name": page.card.name,
        "name_en": page.card.name_en,
        "email": page.email,
        "phone": page.phone,
        "is_administrator": "true" if page.is_administrator else "",
    }
    context: dict[str, Any] = {"page": page, "typed": typed, "findings": NO_FINDINGS}
    if request.method == "GET":
        return render(request, FORM, context)

    def act() -> str:
        seen = number_of(request, "revision") or 0
        operations.change_person(pk, seen_revision=seen, actor=request.actor, at=request.at, **_values(request))
        return reverse("organisation:person", args=[pk])

    return carry_out(request, act, template=FORM, context=context, told=_("The person was changed."))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    page = queries.person_page(request.actor, pk, request.at)
    context: dict[str, Any] = {"page": page, "findings": NO_FINDINGS, "is_own": pk == request.actor.person_id}
    if request.method == "GET":
        return render(request, PASSWORD_FORM, context)

    def act() -> str:
        operations.set_password(
            pk,
            password=request.POST.get("password", ""),
            present=request.POST.get("present"),
            actor=request.actor,
            at=request.at,
        )
        return reverse("organisation:person", args=[pk])

    return carry_out(request, act, template=PASSWORD_FORM, context=context, told=_("The password was set."))


@require_POST
def deactivate(request: Request, pk: int) -> HttpResponse:
    """Refused, it shows what is still to be handed over."""
    require_administrator(request.actor)
    try:
        operations.deactivate_person(pk, actor=request.actor, at=request.at)
    except (Refused, Stale) as refusal:
        return page_of(request, pk, status=refusal.status, findings=refusal.findings)
    told = _("The person can no longer sign in; the posts end today.")
    return notify(request, redirect_to(request, reverse("organisation:person", args=[pk])), told)
