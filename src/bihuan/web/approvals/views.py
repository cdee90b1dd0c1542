"""Signing: the page, the row on the desk, and the two acts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.access.operations import note_reading
from bihuan.approvals import operations
from bihuan.approvals import queries as approvals
from bihuan.approvals.registry import spoken
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound
from bihuan.web.approvals import typed
from bihuan.web.approvals.beside import beside_of
from bihuan.web.approvals.sheets import DECIDED, DECISION_OF, Sheet, sheet_for
from bihuan.web.approvals.typed import Typed, TypedLines
from bihuan.web.http import Request
from bihuan.web.render import notify, render

PAGE = "approvals/sign.html"
ROW = "approvals/_decision.html"


@require_safe
def sign(request: Request, slot_id: int) -> HttpResponse:
    return _show(request, _sheet(request, slot_id), template=PAGE)


@require_safe
def decision(request: Request, slot_id: int) -> HttpResponse:
    """The same decision as the page's, opened in place on the desk; without htmx the page itself."""
    return _show(request, _sheet(request, slot_id), template=_template(request))


@require_POST
def decide(request: Request, slot_id: int) -> HttpResponse:
    slot = approvals.slot_for(request.actor, slot_id, request.at)
    said = typed.read(request.POST, slot.tests)

    def act(actor: Actor, at: datetime) -> None:
        operations.decide(
            slot, **typed.decision_of(said), seen_digest=request.POST.get("seen_digest", ""),
            request_key=typed.read_key(request.POST), actor=actor, at=at,
        )  # fmt: skip

    return _carry_out(request, slot_id, act, said=said)


@require_POST
def decide_lines(request: Request, slot_id: int) -> HttpResponse:
    """All lines of one party in one act."""
    asked = approvals.slot_for(request.actor, slot_id, request.at)
    on_page = typed.posted_ids(request.POST)
    slots = [slot for slot in asked.signoff.slots.all() if slot.key == asked.key and slot.pk in on_page]
    said = typed.read_lines(request.POST, slots)

    def act(actor: Actor, at: datetime) -> None:
        if len(slots) != len(on_page):
            raise NotFound
        operations.decide_many(
            asked.signoff, decisions=typed.decisions_of(said), seen_digest=request.POST.get("seen_digest", ""),
            request_key=typed.read_key(request.POST), actor=actor, at=at,
        )  # fmt: skip

    return _carry_out(request, slot_id, act, lines=said)


def _sheet(request: Request, slot_id: int) -> Sheet:
    actor, at = _edge(request)
    sheet = sheet_for(actor, slot_id, at)
    note_reading(sheet.signoff.scope_id, actor=actor, at=at)
    return sheet


def _edge(request: Request) -> tuple[Actor, datetime]:
    return request.actor, request.at


def _template(request: Request) -> str:
    return ROW if request.htmx else PAGE


def _carry_out(
    request: Request,
    slot_id: int,
    act: Callable[[Actor, datetime], None],
    *,
    said: Typed | None = None,
    lines: TypedLines | None = None,
) -> HttpResponse:
    """Do it, or show the same form again with what was typed and why it did not work."""
    try:
        act(*_edge(request))
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        fresh = _sheet(request, slot_id)
        key = typed.read_key(request.POST)
        return _show(request, fresh, template=_template(request), said=said, lines=lines, error=error, key=key)
    return _done(request, slot_id)


def _done(request: Request, slot_id: int) -> HttpResponse:
    """The row's new state on the desk; on the page a redirect, so that going back sends nothing twice."""
    text = _("Your decision is recorded.")
    if request.htmx:
        return notify(request, _show(request, _sheet(request, slot_id), template=ROW), text)
    return notify(request, redirect("approvals:sign", slot_id=slot_id), text)


def show_again(request: Request, slot_id: int, form: str, refusal: DomainError) -> HttpResponse:
    """The page with one of its other forms as it was typed, and why it was refused."""
    return _show(request, _sheet(request, slot_id), template=PAGE, error=refusal, asked_by=form, posted=request.POST)


def _show(
    request: Request,
    sheet: Sheet,
    *,
    template: str,
    said: Typed | None = None,
    lines: TypedLines | None = None,
    error: DomainError | None = None,
    key: str = "",
    **more: Any,
) -> HttpResponse:
    context = {
        "beside": beside_of(sheet, request.actor, request.at) if template == PAGE else None, "asked_by": "",
        "posted": {},
        "sheet": sheet, "slot": sheet.slot, "said": said or Typed(), "lines": lines.lines if lines else {},
        "findings": error.findings if error else [], "is_stale": error is not None and error.status == 409,
        "request_key": key or typed.new_key(), "questions": spoken().tests, "decided": DECIDED,
        "decision_of": DECISION_OF, "filling": sheet.filling(), **more,
    }  # fmt: skip
    return render(request, template, context, status=error.status if error else 200)
