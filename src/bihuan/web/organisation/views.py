"""The organisation, to look at."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries as collaborations
from bihuan.organisation import queries as organisation
from bihuan.organisation.enums import DeputyKind, Function, PostKind
from bihuan.organisation.rules import may_administer
from bihuan.records.registry import registered
from bihuan.web.collaborations.department import matters_of
from bihuan.web.http import Request
from bihuan.web.organisation.guide import steps_left
from bihuan.web.render import render

OPTIONS = 20


@require_safe
def departments(request: Request) -> HttpResponse:
    context = {
        "rows": organisation.department_tree(request.at, closed=request.GET.get("closed") == "1"),
        "closed": request.GET.get("closed") == "1",
        "sites": organisation.sites(),
        "may_edit": may_administer(request.actor),
        "steps_left": steps_left(request) if may_administer(request.actor) else 0,
        "functions": Function.choices,
    }
    return render(request, "organisation/departments.html", context)


@require_safe
def department(request: Request, pk: int) -> HttpResponse:
    staff_from = request.GET.get("staff", "")
    page = organisation.department_page(pk, request.at, staff=organisation.PAGE, after=staff_from)
    context = {
        "page": page,
        "matters": matters_of(request, page),
        "away": organisation.away_among((holder.person_id for holder in page.holders), request.at),
        "reorganisations": organisation.reorganisations_of(pk),
        "planned": organisation.planned_of(pk),
        "on_duty": organisation.on_duty(request.at) if page.card.function == Function.PMO else None,
        "may_edit": may_administer(request.actor),
        "kinds": PostKind.choices,
    }
    return render(request, "organisation/department.html", context)


@require_safe
def people(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    if text:
        found = organisation.search_people(text, request.at, limit=organisation.PAGE)
        page = organisation.PeoplePage(tuple(found), "")
    else:
        page = organisation.people_page(request.at, after=request.GET.get("after", ""))
    context = {"page": page, "q": text, "may_edit": may_administer(request.actor)}
    return render(request, "organisation/people.html", context)


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    return person_page(request, pk)


def person_page(request: Request, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    page = organisation.person_page(request.actor, pk, request.at)
    is_settled = page.card.is_active and organisation.may_settle(request.actor, pk, request.at)
    listed = organisation.deputy_cards(pk, request.at)
    limited_to = {pk for row in listed for pk in row.collaborations}
    context = {
        "page": page,
        "may_edit": may_administer(request.actor),
        "may_hand_over": is_settled,
        "superior": organisation.superior_of(pk, request.at),
        "deputies": listed,
        "absences": organisation.absences_of(pk, request.at, with_reasons=is_settled),
        "deputy_kinds": DeputyKind.choices,
        "forms": {code: kind.form.title for code, kind in sorted(registered().items())},
        "numbers": collaborations.numbers_of(limited_to) if is_settled else {},
        "directory": organisation.directory((), (), request.at),
        "typed": {},
        "findings": (),
        **more,
    }
    return render(request, "organisation/person.html", context, status=status)


@require_safe
def search_people(request: Request) -> HttpResponse:
    """The picker's suggestions; `department` narrows, and may be repeated."""
    chosen = [int(text) for text in request.GET.getlist("department") if text.isascii() and text.isdigit()]
    cards = organisation.search_people(
        request.GET.get("q", ""), request.at, limit=OPTIONS, department_ids=chosen or None
    )
    return render(request, "organisation/options.html", {"cards": cards})


@require_safe
def search_departments(request: Request) -> HttpResponse:
    cards = organisation.search_departments(request.GET.get("q", ""), OPTIONS)
    return render(request, "organisation/options.html", {"cards": cards})
