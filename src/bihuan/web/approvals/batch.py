"""Agreeing to several papers at once: the list, and the answer to each of those that were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_POST, require_safe

from bihuan.approvals import operations
from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.operations import Answer, Choice
from bihuan.kernel.errors import DomainError
from bihuan.web.approvals import typed
from bihuan.web.approvals.several import Item, items_of, waiting_for
from bihuan.web.http import Request
from bihuan.web.render import render


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended for one of the chosen; without `item` where it does not exist for the reader."""

    answer: Answer
    item: Item | None


@require_safe
def several(request: Request) -> HttpResponse:
    return _show(request)


@require_POST
def agree(request: Request) -> HttpResponse:
    """Agree to each that was chosen, on the digest that stood beside it; the same form again answers the same."""
    choices = _choices(request.POST)
    try:
        answers = operations.decide_each(
            choices, request_key=typed.read_key(request.POST), actor=request.actor, at=request.at
        )
    except DomainError as refusal:
        return _show(request, refusal=refusal)
    return _show(request, told=_told(request, answers))


def _choices(post: QueryDict) -> list[Choice]:
    return [
        Choice(pk, post.get(f"digest-{pk}", ""), Decision.APPROVE, lines=typed.numbers(post.get(f"lines-{pk}", "")))
        for pk in typed.numbers(",".join(post.getlist("chosen")))
    ]


def _told(request: Request, answers: Sequence[Answer]) -> list[Told]:
    slots = approvals.slots_for(request.actor, [answer.slot_id for answer in answers], request.at)
    items = {item.slot.pk: item for item in items_of(slots.values(), request.actor, request.at)}
    return [Told(answer, items.get(answer.slot_id)) for answer in answers]


def _show(request: Request, *, told: Sequence[Told] = (), refusal: DomainError | None = None) -> HttpResponse:
    (after, *_more) = (*typed.numbers(request.GET.get("after", "")), 0)
    context: dict[str, Any] = {
        "waiting": waiting_for(request.actor, request.at, after=after), "told": told, "is_first": not after,
        "findings": refusal.findings if refusal else [], "request_key": typed.new_key(),
    }  # fmt: skip
    return render(request, "approvals/several.html", context, status=refusal.status if refusal else 200)
