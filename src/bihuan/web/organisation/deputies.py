"""Deputies and absences, on the page of a person."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.collaborations import queries as collaborations
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.organisation import operations
from bihuan.records.policy.values import decimal_of
from bihuan.web.http import Request, day_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import picked_person, unresolved
from bihuan.web.organisation.views import person_page
from bihuan.web.render import notify


def _answer(request: Request, pk: int, act: Callable[[], object], told: str) -> HttpResponse:
    """Refused, the person's page comes again with what was typed and why not."""

    def done() -> str:
        act()
        return reverse("organisation:person", args=[pk])

    try:
        address = once(request, done)
    except Refused as refusal:
        return person_page(request, pk, status=refusal.status, findings=refusal.findings, typed=request.POST)
    return notify(request, redirect_to(request, address), told)


@require_POST
def name_deputy(request: Request, pk: int) -> HttpResponse:
    def act() -> None:
        chosen = picked_person(request, "deputy")
        unresolved(request, "deputy", chosen, "organisation.person_unknown")
        operations.name_deputy(
            pk, deputy_id=chosen or 0, kinds=request.POST.getlist("kinds"), starts_on=day_of(request, "deputy_from"),
            ends_on=day_of(request, "deputy_until", "ends_on"), **_limits(request), actor=request.actor, at=request.at,
        )  # fmt: skip

    return _answer(request, pk, act, _("The deputy was named."))


def _limits(request: Request) -> dict[str, Any]:
    """Numbers of collaborations may stand in any order, with any signs between them."""
    numbers = text_of(request, "collaborations").replace("，", " ").replace("、", " ").replace(",", " ").split()
    found = collaborations.ids_by_number(request.actor, numbers, request.at)
    if len(found) < len(set(numbers)):
        raise Refused([error("organisation.collaboration_unknown", "collaborations")])
    return {
        "forms": request.POST.getlist("forms"),
        "amount_limit": _amount(text_of(request, "amount_limit")),
        "collaborations": sorted(found.values()),
    }


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    amount = decimal_of(text.removesuffix("元"))
    if amount is None:
        raise Refused([error("organisation.deputy_amount_out_of_range", "amount_limit")])
    return amount


@require_POST
def end_deputy(request: Request, pk: int, row: int) -> HttpResponse:
    def act() -> None:
        operations.end_deputy(row, actor=request.actor, at=request.at)

    return _answer(request, pk, act, _("The deputy stands in no longer."))


@require_POST
def note_absence(request: Request, pk: int) -> HttpResponse:
    def act() -> None:
        operations.note_absence(
            pk, starts_on=day_of(request, "away_from"), ends_on=day_of(request, "away_until", "ends_on"),
            reason=text_of(request, "reason"), actor=request.actor, at=request.at,
        )  # fmt: skip

    return _answer(request, pk, act, _("The absence was noted."))


@require_POST
def end_absence(request: Request, pk: int, row: int) -> HttpResponse:
    def act() -> None:
        operations.end_absence(row, actor=request.actor, at=request.at)

    return _answer(request, pk, act, _("The absence has ended."))
