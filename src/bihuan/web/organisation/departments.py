"""Departments, sites and posts, edited by administrators."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.kernel.errors import NotFound
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.operations import DepartmentValues
from bihuan.organisation.rules import require_administrator
from bihuan.web.http import Request, day_of, number_of, text_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import (
    NO_FINDINGS,
    carry_out,
    looked,
    picked_department,
    picked_person,
    unresolved,
)
from bihuan.web.render import render

FORM = "organisation/department_form.html"
APPOINT_FORM = "organisation/appoint_form.html"
EXECUTIVE_FORM = "organisation/executive_form.html"
SITE_FORM = "organisation/site_form.html"


def _values(request: Request) -> DepartmentValues:
    parent_id = picked_department(request, "parent")
    unresolved(request, "parent", parent_id, "organisation.parent_unknown")
    return DepartmentValues(
        name=text_of(request, "name"),
        name_en=text_of(request, "name_en"),
        parent_id=parent_id,
        site_id=number_of(request, "site"),
        function=text_of(request, "function") or Function.NONE,
        kind=text_of(request, "kind"),
        description=text_of(request, "description"),
    )


def _context(request: Request, page: queries.DepartmentPage | None = None) -> dict[str, Any]:
    parent = page.card.parent_id if page and request.method != "POST" else number_of(request, "parent")
    typed: dict[str, Any] = {}
    if page:
        typed = {
            "name": page.card.name,
            "name_en": page.card.name_en,
            "site": page.site.id if page.site else "",
            "function": page.card.function,
            "kind": page.card.kind,
            "description": page.description,
        }
    return {
        "page": page,
        "typed": typed,
        "findings": NO_FINDINGS,
        "parent": parent,
        "directory": queries.directory((), [parent] if parent else (), request.at),
        "site_options": [(site.id, site.name) for site in queries.sites()],
        "functions": Function.choices,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    require_administrator(request.actor)
    context = _context(request)
    if request.method == "GET":
        return render(request, FORM, context)

    def act() -> str:
        made = operations.add_department(actor=request.actor, at=request.at, **_values(request))
        return reverse("organisation:department", args=[made.pk])

    told = _("The department was added.")
    return carry_out(request, lambda: once(request, act), template=FORM, context=context, told=told)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    context = _context(request, queries.department_page(pk, request.at, staff=0))
    if request.method == "GET":
        return render(request, FORM, context)

    def changed() -> list[int]:
        seen = number_of(request, "revision") or 0
        operations.change_department(pk, seen_revision=seen, actor=request.actor, at=request.at, **_values(request))
        return [pk]

    def act() -> str:
        return reverse("organisation:department", args=changed())

    if "look" in request.POST:
        return looked(request, changed, departments=[pk], template=FORM, context=context)
    return carry_out(request, act, template=FORM, context=context, told=_("The department was changed."))


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    person = number_of(request, "person")
    context: dict[str, Any] = {
        "page": queries.department_page(pk, request.at, staff=0),
        "kinds": PostKind.choices,
        "typed": {},
        "findings": NO_FINDINGS,
        "person": person,
        "directory": queries.directory([person] if person else (), (), request.at),
    }
    if request.method == "GET":
        return render(request, APPOINT_FORM, context)

    def appointed() -> list[int]:
        operations.appoint(
            person_id=picked_person(request, "person") or 0,
            department_id=pk,
            title=text_of(request, "title"),
            kind=text_of(request, "kind") or PostKind.STAFF,
            starts_on=day_of(request, "starts_on"),
            is_main=text_of(request, "beside") != "true",
            actor=request.actor,
            at=request.at,
        )
        return [pk]

    def act() -> str:
        return reverse("organisation:department", args=appointed())

    if "look" in request.POST:
        return looked(request, appointed, departments=[pk], template=APPOINT_FORM, context=context)
    return carry_out(request, act, template=APPOINT_FORM, context=context, told=_("The post was given."))


@require_http_methods(["GET", "HEAD", "POST"])
def put_in_charge(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    page = queries.department_page(pk, request.at, staff=0)
    now = page.executive.id if page.executive and request.method != "POST" else None
    person = number_of(request, "person") or now
    context: dict[str, Any] = {
        "page": page,
        "typed": {},
        "findings": NO_FINDINGS,
        "person": person,
        "directory": queries.directory([person] if person else (), (), request.at),
    }
    if request.method == "GET":
        return render(request, EXECUTIVE_FORM, context)

    def charged() -> list[int]:
        chosen = picked_person(request, "person")
        unresolved(request, "person", chosen, "organisation.person_unknown")
        operations.put_in_charge(person_id=chosen, department_id=pk, actor=request.actor, at=request.at)
        return [pk]

    def act() -> str:
        return reverse("organisation:department", args=charged())

    if "look" in request.POST:
        return looked(request, charged, departments=[pk], template=EXECUTIVE_FORM, context=context)
    return carry_out(request, act, template=EXECUTIVE_FORM, context=context, told=_("The executive was changed."))


@require_http_methods(["GET", "HEAD", "POST"])
def change_site(request: Request, pk: int) -> HttpResponse:
    require_administrator(request.actor)
    site = next((site for site in queries.sites() if site.id == pk), None)
    if site is None:
        raise NotFound
    seen = {"seen_name": site.name, "seen_time_zone": site.time_zone}
    context = {"site": site, "typed": {"name": site.name, "time_zone": site.time_zone, **seen}, "findings": NO_FINDINGS}
    if request.method == "GET":
        return render(request, SITE_FORM, context)

    def act() -> str:
        operations.change_site(
            pk,
            name=text_of(request, "name"),
            time_zone=text_of(request, "time_zone"),
            seen_name=text_of(request, "seen_name"),
            seen_time_zone=text_of(request, "seen_time_zone"),
            actor=request.actor,
            at=request.at,
        )
        return reverse("organisation:departments")

    return carry_out(request, act, template=SITE_FORM, context=context, told=_("The site was changed."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_site(request: Request) -> HttpResponse:
    require_administrator(request.actor)
    context = {"site": None, "typed": {"time_zone": "Asia/Shanghai"}, "findings": NO_FINDINGS}
    if request.method == "GET":
        return render(request, SITE_FORM, context)

    def act() -> str:
        name, zone = text_of(request, "name"), text_of(request, "time_zone")
        operations.add_site(name=name, time_zone=zone, actor=request.actor, at=request.at)
        return reverse("organisation:departments")

    return carry_out(request, act, template=SITE_FORM, context=context, told=_("The site was added."))
