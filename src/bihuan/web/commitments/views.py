"""One commitment: who owes what by when, and the acts that move it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.collaborations import queries as collaborations
from bihuan.commitments import operations, queries, rules
from bihuan.commitments.enums import CommitmentKind, CommitmentState
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound, Refused
from bihuan.kernel.findings import error
from bihuan.organisation import queries as organisation
from bihuan.web.http import Request
from bihuan.web.render import notify, render

PAGE = "commitments/commitment.html"
KINDS: dict[CommitmentKind, "str | Promise"] = {
    CommitmentKind.CONDITION: gettext_lazy("Condition"),
    CommitmentKind.ACTION: gettext_lazy("Action item"),
    CommitmentKind.RECTIFICATION: gettext_lazy("Rectification"),
    CommitmentKind.IMPROVEMENT: gettext_lazy("Improvement"),
    CommitmentKind.HANDED_OVER: gettext_lazy("Handed over at the end"),
    CommitmentKind.CONTRIBUTION: gettext_lazy("Contribution to a period"),
}
STATES: dict[CommitmentState, tuple["str | Promise", str]] = {
    CommitmentState.OPEN: (gettext_lazy("to be done"), "current"),
    CommitmentState.CLAIMED: (gettext_lazy("reported as done, to be confirmed"), "waiting"),
    CommitmentState.VERIFIED: (gettext_lazy("confirmed as done"), "good"),
    CommitmentState.CANCELLED: (gettext_lazy("cancelled"), "neutral"),
}
UNKNOWN = -1
"""What an id that cannot be read stands for: nobody."""


@require_safe
def commitment(request: Request, commitment_id: int) -> HttpResponse:
    """What is owed to a period has a page of its own."""
    found = _found(request, commitment_id)
    if found.kind == CommitmentKind.CONTRIBUTION:
        return redirect("collaborations:contribution", pk=found.source_id)
    return _show(request, found)


@require_POST
def assign(request: Request, commitment_id: int) -> HttpResponse:
    def act(found: Any, actor: Actor, at: datetime) -> None:
        operations.set_owner_and_due(
            found, owner_id=_person(request.POST, "owner", at), due_on=_day(request.POST),
            seen_revision=_number(request.POST, "seen_revision"), actor=actor, at=at,
        )  # fmt: skip

    return _carry_out(request, commitment_id, act, _("Owner and date are set."))


@require_POST
def claim(request: Request, commitment_id: int) -> HttpResponse:
    def act(found: Any, actor: Actor, at: datetime) -> None:
        operations.claim(found, evidence=request.POST.get("evidence", ""), actor=actor, at=at)

    return _carry_out(request, commitment_id, act, _("Reported as done. Somebody else confirms it."))


@require_POST
def verify(request: Request, commitment_id: int) -> HttpResponse:
    def act(found: Any, actor: Actor, at: datetime) -> None:
        accepted = {"yes": True, "no": False}.get(request.POST.get("accepted", ""))
        if accepted is None:
            raise Refused([error("commitments.answer_missing", "accepted")])
        operations.verify(found, accepted=accepted, note=request.POST.get("note", ""), actor=actor, at=at)

    return _carry_out(request, commitment_id, act, _("Your answer is recorded."))


@require_POST
def hand_over(request: Request, commitment_id: int) -> HttpResponse:
    def act(found: Any, actor: Actor, at: datetime) -> None:
        operations.hand_over(
            found, owner_id=_person(request.POST, "owner", at) or UNKNOWN, reason=request.POST.get("reason", ""),
            seen_revision=_number(request.POST, "seen_revision"), actor=actor, at=at,
        )  # fmt: skip

    return _carry_out(request, commitment_id, act, _("Handed over."))


@require_POST
def cancel(request: Request, commitment_id: int) -> HttpResponse:
    def act(found: Any, actor: Actor, at: datetime) -> None:
        operations.cancel(found, reason=request.POST.get("reason", ""), actor=actor, at=at)

    return _carry_out(request, commitment_id, act, _("Cancelled."))


def _edge(request: Request) -> tuple[Actor, datetime]:
    return request.actor, request.at


def _found(request: Request, commitment_id: int) -> Any:
    actor, at = _edge(request)
    return queries.commitment_for(actor, commitment_id, at)


def _carry_out(
    request: Request, commitment_id: int, act: Callable[[Any, Actor, datetime], None], done: str
) -> HttpResponse:
    """Do it, or show the page again with what was typed and why it did not work."""
    found = _found(request, commitment_id)
    try:
        act(found, *_edge(request))
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return _show(request, _found(request, commitment_id), refusal)
    return notify(request, redirect("commitments:commitment", commitment_id=commitment_id), done)


def _show(request: Request, found: Any, refusal: DomainError | None = None) -> HttpResponse:
    actor, at = _edge(request)
    people = [found.owner_id] if found.owner_id else []
    context = {
        "commitment": found, "kind": KINDS[CommitmentKind(found.kind)], "state": STATES[CommitmentState(found.state)],
        "matter": _matter(found, actor, at), "acts": _acts(found, actor, at), "typed": request.POST,
        "findings": refusal.findings if refusal else [], "is_stale": refusal is not None and refusal.status == 409,
        "names": organisation.names_of([key for key in (found.verifier, found.asked_by) if key], at),
        "directory": organisation.directory([*people, *_typed_person(request.POST)], [], at),
    }  # fmt: skip
    return render(request, PAGE, context, status=refusal.status if refusal else 200)


def _matter(found: Any, actor: Actor, at: datetime) -> Any:
    if found.root_kind != "collaboration":
        return None
    try:
        return collaborations.collaboration_for(actor, found.root_id, at=at)
    except NotFound:
        return None


def _acts(found: Any, actor: Actor, at: datetime) -> set[str]:
    """The forms the actor gets: those whose act would not be refused for who he is or how it stands."""
    if found.state == CommitmentState.CLAIMED:
        verifies = rules.is_verifier(actor, found) and not rules.is_owner(actor, found)
        return {name for name, may in (("verify", verifies), ("cancel", rules.is_asker(actor, found))) if may}
    if found.state != CommitmentState.OPEN:
        return set()
    allowed = {
        "claim": rules.is_owner(actor, found),
        "assign": rules.may_assign(actor, found, at),
        "hand_over": found.owner_id is not None and rules.may_hand_over(actor, found),
        "cancel": rules.is_asker(actor, found),
    }
    if allowed["assign"]:
        allowed["hand_over"] = False  # naming an owner says it already
    return {name for name, may in allowed.items() if may}


def _number(post: QueryDict, name: str) -> int:
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else UNKNOWN


def _person(post: QueryDict, name: str, at: datetime) -> int | None:
    """The picked person; without JavaScript the one person of exactly the typed name."""
    picked = _number(post, name)
    if picked != UNKNOWN:
        return picked
    typed = post.get(f"{name}__text", "").strip()
    same = [card for card in organisation.search_people(typed, at, limit=10) if card.name == typed] if typed else []
    if typed and len(same) != 1:
        raise Refused([error("commitments.owner_unknown", "owner")])
    return same[0].id if same else None


def _typed_person(post: QueryDict) -> list[int]:
    picked = _number(post, "owner")
    return [picked] if picked != UNKNOWN else []


def _day(post: QueryDict) -> date | None:
    text = post.get("due_on", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused([error("commitments.due_unreadable", "due_on")]) from None
