"""What somebody does with an open signature besides giving it; each form comes again with what was typed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.approvals import operations
from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import RemarkKind
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound, Refused
from bihuan.kernel.findings import error
from bihuan.web.approvals.views import show_again
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import picked_person, unresolved
from bihuan.web.render import notify

WHERE = {"BEFORE": "BEFORE", "AFTER": "AFTER"}


@require_POST
def ask(request: Request, slot_id: int) -> HttpResponse:
    """Pass it on, have somebody advise, or ask for one more signature: one form, one person, one reason."""
    slot = approvals.slot_for(request.actor, slot_id, request.at)

    def act() -> None:
        said: dict[str, Any] = {"person_id": _person(request), "reason": text_of(request, "reason")}
        by: dict[str, Any] = {"actor": request.actor, "at": request.at}
        wanted = request.POST.get("act", "")
        if wanted == "TRANSFER":
            operations.transfer(slot, **said, **by)
        elif wanted == "CONSULT":
            operations.consult(slot, **said, **by)
        else:
            operations.add_signer(slot, where=WHERE.get(wanted, ""), **said, **by)

    return _answer(request, slot_id, "ask", act, _("It is passed on."))


@require_POST
def advise(request: Request, slot_id: int) -> HttpResponse:
    slot = approvals.slot_for(request.actor, slot_id, request.at)

    def act() -> None:
        operations.advise(slot, text=text_of(request, "text"), actor=request.actor, at=request.at)

    return _answer(request, slot_id, "advise", act, _("Your advice is given."))


@require_POST
def undo(request: Request, slot_id: int) -> HttpResponse:
    """Take back one's decision, wait no longer for advice, or take out a signature one added (`slot`)."""
    slot = approvals.slot_for(request.actor, slot_id, request.at)

    def act() -> None:
        by: dict[str, Any] = {"actor": request.actor, "at": request.at}
        wanted, reason = request.POST.get("act", ""), text_of(request, "reason")
        if wanted == "GET_BACK":
            operations.get_back(slot, **by)
        elif wanted == "REMOVE":
            operations.remove_signer(slot, reason=reason, **by)
        else:
            operations.take_back(slot, reason=reason, **by)

    return _answer(request, slot_id, "undo", act, _("It is undone."))


@require_POST
def send_back(request: Request, slot_id: int) -> HttpResponse:
    slot = approvals.slot_for(request.actor, slot_id, request.at)

    def act() -> None:
        step = number_of(request, "to_step")
        operations.return_to(
            slot, to_step=-1 if step is None else step, reason=text_of(request, "reason"),
            actor=request.actor, at=request.at,
        )  # fmt: skip

    return _answer(request, slot_id, "return", act, _("It was sent back."))


@require_POST
def copy(request: Request, slot_id: int) -> HttpResponse:
    signoff = approvals.slot_for(request.actor, slot_id, request.at).signoff

    def act() -> None:
        operations.send_copies(signoff, person_ids=[_person(request)], actor=request.actor, at=request.at)

    return _answer(request, slot_id, "copy", act, _("The copy was sent."))


@require_POST
def remark(request: Request, slot_id: int) -> HttpResponse:
    signoff = approvals.slot_for(request.actor, slot_id, request.at).signoff

    def act() -> None:
        chosen = picked_person(request, "person")
        unresolved(request, "person", chosen, "organisation.person_unknown")
        kind = request.POST.get("kind", "")
        if kind not in {RemarkKind.COMMENT, RemarkKind.QUESTION, RemarkKind.ANSWER}:
            raise Refused([error("approvals.act_unknown", "kind")])
        operations.remark(
            signoff, kind=RemarkKind(kind), text=text_of(request, "text"), addressed=[chosen] if chosen else [],
            answers=number_of(request, "answers"), actor=request.actor, at=request.at,
        )  # fmt: skip

    return _answer(request, slot_id, "remark", act, _("It is written down."))


def _person(request: Request) -> int:
    chosen = picked_person(request, "person")
    unresolved(request, "person", chosen, "organisation.person_unknown")
    if chosen is None:
        raise Refused([error("approvals.nobody_named", "person")])
    return chosen


def _answer(request: Request, slot_id: int, form: str, act: Callable[[], None], told: str) -> HttpResponse:
    """The page anew, or the form that was refused with what was typed and why."""

    def done() -> str:
        act()
        return reverse("approvals:sign", args=[slot_id])

    try:
        address = once(request, done)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return show_again(request, slot_id, form, refusal)
    return notify(request, redirect_to(request, address), told)
