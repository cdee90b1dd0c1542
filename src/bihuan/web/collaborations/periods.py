"""What is owed to a period of a recurring matter: to hand in on a phone, to look at, to do without, to accept."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.access.operations import note_reading
from bihuan.collaborations import operations
from bihuan.collaborations.operations.recurrence import is_late, may_answer, may_consolidate
from bihuan.collaborations.policy.recurrence import CONSOLIDATION, Checked, Waiver
from bihuan.collaborations.queries import recurrence as queries
from bihuan.commitments import rules
from bihuan.commitments.enums import CommitmentState
from bihuan.deadlines import queries as deadlines
from bihuan.files.queries import path_of
from bihuan.kernel.actor import Actor
from bihuan.organisation import queries as organisation
from bihuan.web.acting import Sent, carry_out, seen_revision
from bihuan.web.deadlines.marks import mark_of
from bihuan.web.http import Request, as_download, text_of
from bihuan.web.render import render

PAGE = "collaborations/contribution.html"
ANSWERS = {"yes": True, "no": False}


@require_safe
def contribution(request: Request, pk: int) -> HttpResponse:
    return _show(request, pk, Sent())


@require_POST
def give(request: Request, pk: int) -> HttpResponse:
    """Hand in words, files, or both."""
    found = _found(request, pk)
    handed = [(each.name or "file", each.chunks()) for each in request.FILES.getlist("file")]
    return _carry_out(
        request, pk, "give", _("Handed in. Somebody else looks at it."),
        lambda: operations.hand_in(
            found, text=text_of(request, "text"), handed=handed, actor=request.actor, at=request.at
        ),
    )  # fmt: skip


@require_POST
def begin(request: Request, pk: int) -> HttpResponse:
    """Consolidate without what is missing."""
    period = _found(request, pk).period
    return _carry_out(
        request, pk, "begin", _("What is missing is named; the consolidation may begin."),
        lambda: operations.begin_incomplete(
            period, seen_revision=seen_revision(request), actor=request.actor, at=request.at
        ),
    )  # fmt: skip


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """The receiver answers every check and takes the period."""
    period = _found(request, pk).period
    said = {
        line: Checked(ANSWERS.get(request.POST.get(f"checks.{line}", "")), text_of(request, f"notes.{line}"))
        for line, _what in _checks(period)
    }
    return _carry_out(
        request, pk, "accept", _("The period is accepted."),
        lambda: operations.accept_period(
            period, checks=said, seen_revision=seen_revision(request), actor=request.actor, at=request.at
        ),
    )  # fmt: skip


@require_POST
def ask_waiver(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    return _carry_out(
        request, pk, "ask_waiver", _("Asked. Somebody else decides."),
        lambda: operations.ask_waiver(found, reason=text_of(request, "reason"), actor=request.actor, at=request.at),
    )  # fmt: skip


@require_POST
def answer_waiver(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    granted = request.POST.get("granted") == "yes"
    return _carry_out(
        request, pk, "answer_waiver", _("Your answer is recorded."),
        lambda: operations.answer_waiver(
            found, granted=granted, note=text_of(request, "note"), actor=request.actor, at=request.at
        ),
    )  # fmt: skip


@require_safe
def file(request: Request, pk: int, number: int) -> HttpResponse:
    """The bytes, always as a download."""
    found = _found(request, pk)
    stored = queries.file_of(found, number)
    note_reading(found.period.collaboration.scope_id, actor=request.actor, at=request.at)
    return as_download(path_of(stored.key).read_bytes(), stored.name)


def _found(request: Request, pk: int) -> Any:
    return queries.contribution_for(request.actor, pk, at=request.at)


def _carry_out(request: Request, pk: int, name: str, done: str, act: Callable[[], object]) -> HttpResponse:
    address = reverse("collaborations:contribution", args=[pk])
    return carry_out(request, name, act, show=lambda sent: _show(request, pk, sent), address=address, done=done)


def _checks(period: Any) -> tuple[tuple[str, str], ...]:
    plan = queries.recurrence_in(period.collaboration)
    return plan.checks if plan is not None else ()


def _show(request: Request, pk: int, sent: Sent) -> HttpResponse:
    found, at = _found(request, pk), request.at
    promise, period = queries.promise_of(found), found.period
    place = ("commitment", promise.pk, "")
    left = deadlines.time_left([deadlines.Owed(place)], at).get(place)
    is_whole = found.line_id == CONSOLIDATION
    others = [row for row in queries.contributions_of([period])[period.pk] if row.line_id != CONSOLIDATION]
    people = (promise.verifier, found.waiver_asked_by, found.waiver_answered_by)
    context = {
        "contribution": found, "given": queries.files_of(found), "promise": promise, "period": period,
        "matter": period.collaboration, "sent": sent,
        "is_whole": is_whole, "acts": acts_on(request.actor, found, at), "late": is_late(found),
        "left": mark_of(left, None, at) if left is not None else "",
        "others": others if is_whole else [], "checks": _checks(period) if is_whole else (),
        "names": organisation.names_of({key for key in people if key}, at),
    }  # fmt: skip
    return render(request, PAGE, context, status=sent.status)


def acts_on(actor: Actor, found: Any, at: Any) -> list[str]:
    """The acts whose forms stand on the page."""
    promise, period = queries.promise_of(found), found.period
    is_whole, is_open = found.line_id == CONSOLIDATION, promise.state == CommitmentState.OPEN
    looks = rules.is_verifier(actor, promise) and not rules.is_owner(actor, promise)
    is_gap = not is_whole and is_open and found.due_at < at and found.waiver in (Waiver.NONE, Waiver.REFUSED)
    ripe = period.gathered_at is not None or not is_whole
    is_claimed = promise.state == CommitmentState.CLAIMED
    runs = period.collaboration.ended_at is None
    allowed = {
        "give": is_open and ripe and rules.is_owner(actor, promise),
        "look": is_claimed and looks,
        "accept": is_claimed and looks and is_whole,
        "begin": is_whole and period.gathered_at is None and may_consolidate(actor, period),
        "ask_waiver": is_gap and may_consolidate(actor, period),
        "answer_waiver": may_answer(actor, found),
    }
    return [name for name, may in allowed.items() if may and runs]
