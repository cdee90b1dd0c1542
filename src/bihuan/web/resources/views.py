"""One need: what a department is asked for, its answer, and the acts that follow."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.organisation import queries as organisation
from bihuan.resources import operations, queries, rules
from bihuan.resources.enums import DROPPABLE, Answer, NeedState
from bihuan.web.acting import Sent, carry_out, person_of, seen_revision
from bihuan.web.http import Request, number_of, text_of
from bihuan.web.render import render

PAGE, PART = "resources/need.html", "resources/_need.html"


@require_safe
def need(request: Request, need_id: int) -> HttpResponse:
    return _show(request, need_id, Sent())


@require_POST
def answer(request: Request, need_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        chosen = text_of(request, "answer")
        if chosen not in Answer.values:
            raise Refused([error("resources.answer_missing", "answer")])
        operations.answer_need(
            found,
            answer=Answer(chosen),
            text=text_of(request, "text"),
            offer=text_of(request, "offer"),
            named_person_id=person_of(request, "named_person") if chosen == Answer.PROMISE else None,
            **seen,
        )

    return _act(request, need_id, "answer", act, _("Your answer is recorded."))


@require_POST
def accept(request: Request, need_id: int) -> HttpResponse:
    return _act(request, need_id, "accept", operations.accept_offer, _("The offer is accepted."))


@require_POST
def drop(request: Request, need_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        operations.drop_need(found, reason=text_of(request, "reason"), **seen)

    return _act(request, need_id, "drop", act, _("The need is dropped."))


@require_POST
def put_in_place(request: Request, need_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        operations.put_in_place(found, evidence=text_of(request, "evidence"), **seen)

    return _act(request, need_id, "put_in_place", act, _("It is in place."))


@require_POST
def release(request: Request, need_id: int) -> HttpResponse:
    return _act(request, need_id, "release", operations.release_need, _("It is given back."))


def _act(request: Request, need_id: int, name: str, act: Callable[..., object], done: str) -> HttpResponse:
    actor, at = request.actor, request.at
    found = queries.need_for(actor, need_id, at=at)
    return carry_out(
        request,
        name,
        lambda: act(found, seen_revision=seen_revision(request), actor=actor, at=at),
        show=lambda sent: _show(request, need_id, sent),
        address=reverse("resources:need", args=[need_id]),
        done=done,
    )


def _show(request: Request, need_id: int, sent: Sent) -> HttpResponse:
    found = queries.need_for(request.actor, need_id, at=request.at)
    typed = number_of(request, "named_person")
    provider = organisation.signatory_for(found.provider_id, request.at, besides=None)
    context = {
        "need": found, "sent": sent, "acts": _acts(request.actor, found), "answers": Answer,
        "provider": organisation.name_of(provider, request.at),
        "directory": organisation.directory([typed] if typed else [], [], request.at),
    }  # fmt: skip
    return render(request, PART if request.htmx else PAGE, context, status=sent.status)


def _acts(actor: Actor, found: Any) -> list[str]:
    """The forms the actor gets: those whose act would not be refused for who he is or how it stands."""
    state = NeedState(found.state)
    provides, requests = rules.provides(actor, found), rules.requests(actor, found)
    offered = {
        "answer": state is NeedState.ASKED and rules.may_answer(actor, found),
        "put_in_place": state is NeedState.PROMISED and provides and queries.is_needed_by_now(found),
        "release": state is NeedState.IN_PLACE and (provides or requests),
        "accept": state is NeedState.COUNTERED and requests,
        "drop": state in DROPPABLE and requests,
    }
    return [name for name, may in offered.items() if may]
