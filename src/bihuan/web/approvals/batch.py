"""Answering several papers at once: the list, and what became of each of those that were chosen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_POST, require_safe

from bihuan.approvals import operations
from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.operations import Answer, Choice, SendBack
from bihuan.kernel.errors import DomainError, Refused
from bihuan.web.approvals import typed
from bihuan.web.approvals.several import Item, Waiting, items_of, waiting_for
from bihuan.web.http import Request
from bihuan.web.render import render

BACK = "BACK"
ACTS = frozenset({Decision.APPROVE.value, Decision.REFUSE.value, BACK})
REASON = re.compile(r"reason-[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended for one of the chosen; without `item` where it does not exist for the reader."""

    answer: Answer
    item: Item | None


@require_safe
def several(request: Request) -> HttpResponse:
    return _show(request)


@require_POST
def answer(request: Request) -> HttpResponse:
    """One act for each that was chosen, on the digest that stood beside it; the same form again answers the same.

    A paper has its own reason, or the one that was typed for all. What was not done comes again as it was typed.
    """
    posted = _posted(request.POST)
    try:
        if posted.act not in ACTS:
            raise Refused([typed.nothing_decided()])
        answers = operations.decide_each(
            _choices(posted), request_key=typed.read_key(request.POST), actor=request.actor, at=request.at
        )
    except DomainError as refusal:
        return _show(request, posted, refusal=refusal)
    return _show(request, _left(posted, answers), told=_told(request, answers))


@dataclass(frozen=True, slots=True)
class Posted:
    """What was ticked and typed: one reason for all, and those of single papers."""

    act: str = ""
    chosen: tuple[int, ...] = ()
    digests: Mapping[int, str] = field(default_factory=dict)
    lines: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    reason: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)

    def reason_of(self, pk: int) -> str:
        return self.reasons.get(pk, "").strip() or self.reason


def _posted(post: QueryDict) -> Posted:
    chosen = typed.numbers(",".join(post.getlist("chosen")))
    typed_for = {int(name[7:]): text for name in post if REASON.fullmatch(name) and (text := post.get(name, ""))}
    return Posted(
        act=post.get("act", ""),
        chosen=chosen,
        digests={pk: post.get(f"digest-{pk}", "") for pk in chosen},
        lines={pk: typed.numbers(post.get(f"lines-{pk}", "")) for pk in chosen},
        reason=post.get("reason", ""),
        reasons=typed_for,
    )


def _choices(posted: Posted) -> list[Choice | SendBack]:
    return [_choice(posted, pk) for pk in posted.chosen]


def _choice(posted: Posted, pk: int) -> Choice | SendBack:
    if posted.act == BACK:
        return SendBack(pk, posted.digests[pk], posted.reason_of(pk))
    if posted.act == Decision.REFUSE:
        return Choice(pk, posted.digests[pk], Decision.REFUSE, posted.reason_of(pk), lines=posted.lines[pk])
    return Choice(pk, posted.digests[pk], Decision.APPROVE, posted.reasons.get(pk, ""), lines=posted.lines[pk])


def _left(posted: Posted, answers: Sequence[Answer]) -> Posted:
    """What stays on the page: the papers nothing was done about, and what was typed for those not chosen."""
    refused = {answer.slot_id for answer in answers if answer.refusal}
    done = set(posted.chosen) - refused
    kept = {pk: text for pk, text in posted.reasons.items() if pk not in done}
    chosen = tuple(pk for pk in posted.chosen if pk in refused)
    return replace(posted, chosen=chosen, reasons=kept, reason=posted.reason if refused else "")


def _told(request: Request, answers: Sequence[Answer]) -> list[Told]:
    slots = approvals.slots_for(request.actor, [answer.slot_id for answer in answers], request.at)
    items = {item.slot.pk: item for item in items_of(slots.values(), request.actor, request.at)}
    return [Told(answer, items.get(answer.slot_id)) for answer in answers]


def _show(
    request: Request, posted: Posted | None = None, *, told: Sequence[Told] = (), refusal: DomainError | None = None
) -> HttpResponse:
    (after, *_more) = (*typed.numbers(request.GET.get("after", "")), 0)
    posted, waiting = posted or Posted(), waiting_for(request.actor, request.at, after=after)
    context: dict[str, Any] = {
        "waiting": waiting, "kept": _without_a_place(posted, waiting), "told": told, "is_first": not after,
        "findings": refusal.findings if refusal else [], "request_key": typed.new_key(),
        "posted": posted,
    }  # fmt: skip
    return render(request, "approvals/several.html", context, status=refusal.status if refusal else 200)


def _without_a_place(posted: Posted, waiting: Waiting) -> list[str]:
    """What was typed about papers that wait no more: shown, to be copied."""
    there = {item.slot.pk for item in waiting.items if not item.alone}
    alone = [posted.reason] if posted.reason.strip() and not waiting.items else []
    return [*alone, *(text for pk, text in posted.reasons.items() if pk not in there)]
