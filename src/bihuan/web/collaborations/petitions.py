"""A department asks something of a matter: to lead it or not, to take part; it is answered on the same page."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.collaborations.operations import joining, leading
from bihuan.collaborations.queries import petitions
from bihuan.organisation import queries as organisation
from bihuan.web.collaborations import acts
from bihuan.web.http import Request, day_of, number_of, text_of


@require_POST
def say_who_leads(request: Request, pk: int) -> HttpResponse:
    """The head of a department says that it should lead the problem, or that it should not."""

    def act(matter: Any) -> str:
        leading.say_who_leads(
            matter, department_id=number_of(request, "department") or 0, wants=text_of(request, "wants") == "yes",
            reason=text_of(request, "reason"), actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("It is kept, and whoever has to decide is told.")

    return acts.carry_out(request, pk, "say-lead", "request", act)


@require_POST
def decide_lead(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        leading.decide_lead(
            matter, department_id=_department(request), reason=text_of(request, "reason"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("It is decided who leads.")

    return acts.carry_out(request, pk, "decide-lead", "request", act)


def _department(request: Request) -> int:
    """The department that was picked besides, without JavaScript the one of exactly the typed name; else the one of the
    list."""
    picked, typed = number_of(request, "department"), text_of(request, "department__text")
    if picked is not None or not typed:
        return picked or number_of(request, "among") or 0
    return next((card.id for card in organisation.search_departments(typed, 10) if card.name == typed), 0)


@require_POST
def ask_to_join(request: Request, pk: int) -> HttpResponse:
    """Somebody asks that his department may take part."""

    def act(matter: Any) -> str:
        joining.ask_to_join(
            matter, department_id=number_of(request, "department") or 0, reason=text_of(request, "reason"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("The project lead is asked.")

    return acts.carry_out(request, pk, "join", "overview", act)


@require_POST
def answer_join(request: Request, pk: int, petition: int) -> HttpResponse:
    """Whoever carries the matter lets a department in, with what is expected of it, or says why not."""
    act_name = f"answer-{petition}"

    def act(matter: Any) -> str:
        asked = petitions.petition_in(matter, petition)
        if text_of(request, "answer") == "refuse":
            joining.refuse_join(asked, reason=text_of(request, "reason"), actor=request.actor, at=request.at)
            return _("The answer is kept; who asked is told.")
        joining.grant_join(
            asked, expected=text_of(request, "expected"), due_on=day_of(request, "due"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("The department takes part from now on.")

    return acts.carry_out(request, pk, act_name, "overview", act)
