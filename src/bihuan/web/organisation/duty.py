"""Who of the PMO is on duty: looked at by everybody, kept by the PMO."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.kernel import principals
from bihuan.kernel.errors import NotAllowed
from bihuan.organisation import operations, queries
from bihuan.organisation.rules import may_edit_duty_list
from bihuan.web.http import Request, day_of, number_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import NO_FINDINGS, carry_out, picked_person, unresolved
from bihuan.web.render import render

TEMPLATE = "organisation/duty_list.html"


@require_safe
def duty_list(request: Request) -> HttpResponse:
    return render(request, TEMPLATE, _context(request))


def _context(request: Request) -> dict[str, Any]:
    person = number_of(request, "person")
    return {
        "turns": queries.duty_turns(request.at),
        "pmo": queries.people_holding(principals.PMO, request.at),
        "may_edit": may_edit_duty_list(request.actor),
        "typed": {},
        "findings": NO_FINDINGS,
        "person": person,
        "directory": queries.directory([person] if person else (), (), request.at),
    }


@require_POST
def put_on_duty(request: Request) -> HttpResponse:
    if not may_edit_duty_list(request.actor):
        raise NotAllowed

    def act() -> str:
        chosen = picked_person(request, "person")
        unresolved(request, "person", chosen, "organisation.person_unknown")
        operations.put_on_duty(
            chosen or 0, starts_on=day_of(request, "starts_on"), ends_on=day_of(request, "ends_on"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return reverse("organisation:duty_list")

    told = _("The duty list was changed.")
    return carry_out(request, lambda: once(request, act), template=TEMPLATE, context=_context(request), told=told)


@require_POST
def end_turn(request: Request, pk: int) -> HttpResponse:
    def act() -> str:
        operations.end_turn(pk, actor=request.actor, at=request.at)
        return reverse("organisation:duty_list")

    return carry_out(request, act, template=TEMPLATE, context=_context(request), told=_("The duty list was changed."))
