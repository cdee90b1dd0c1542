"""One task: how it stands, and the acts that move it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding
from bihuan.organisation import queries as organisation
from bihuan.plans import operations, queries, rules
from bihuan.plans.enums import FINISHED, TaskState
from bihuan.web.acting import NOBODY, Sent, carry_out, person_of, seen_revision
from bihuan.web.http import Request, day_of, number_of, text_of
from bihuan.web.render import render

PAGE, PART = "plans/task.html", "plans/_task.html"
NO_FIGURE = -1
"""What a percentage that cannot be read stands for: out of range."""
MOVES: dict[TaskState, tuple[str, ...]] = {
    TaskState.NOT_STARTED: ("start", "block", "finish"),
    TaskState.IN_PROGRESS: ("report", "block", "finish"),
    TaskState.BLOCKED: ("resume", "finish"),
}


@require_safe
def task(request: Request, task_id: int) -> HttpResponse:
    return _show(request, task_id, Sent())


@require_POST
def start(request: Request, task_id: int) -> HttpResponse:
    return _act(request, task_id, "start", operations.start_task, _("The task has begun."))


@require_POST
def report(request: Request, task_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        percent = number_of(request, "percent")
        operations.report_task(
            found,
            percent=NO_FIGURE if percent is None else percent,
            new_due_on=day_of(request, "new_due_on"),
            reason=text_of(request, "reason"),
            **seen,
        )

    return _act(request, task_id, "report", act, _("Reported."))


@require_POST
def block(request: Request, task_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        operations.block_task(found, blocker=text_of(request, "blocker"), **seen)

    return _act(request, task_id, "block", act, _("It is told what is in the way."))


@require_POST
def resume(request: Request, task_id: int) -> HttpResponse:
    return _act(request, task_id, "resume", operations.resume_task, _("The task goes on."))


@require_POST
def finish(request: Request, task_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        operations.finish_task(found, output=text_of(request, "output"), **seen)

    return _act(request, task_id, "finish", act, _("The task is done."))


@require_POST
def cancel(request: Request, task_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        operations.cancel_task(found, reason=text_of(request, "reason"), **seen)

    return _act(request, task_id, "cancel", act, _("The task is cancelled."))


@require_POST
def hand_over(request: Request, task_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        owner = person_of(request, "owner") or NOBODY
        operations.hand_over_task(found, owner_id=owner, reason=text_of(request, "reason"), **seen)

    return _act(request, task_id, "hand_over", act, _("Handed over."))


def _act(request: Request, task_id: int, name: str, act: Callable[..., object], done: str) -> HttpResponse:
    actor, at = request.actor, request.at
    found = queries.task_for(actor, task_id, at=at)
    return carry_out(
        request,
        name,
        lambda: act(found, seen_revision=seen_revision(request), actor=actor, at=at),
        show=lambda sent: _show(request, task_id, sent),
        address=reverse("plans:task", args=[task_id]),
        done=done,
    )


def _show(request: Request, task_id: int, sent: Sent) -> HttpResponse:
    found = queries.task_for(request.actor, task_id, at=request.at)
    obstacle = None if found.state in FINISHED else queries.why_not_yet(found)
    typed_owner = number_of(request, "owner")
    context = {
        "row": queries.shown(found, request.at), "task": found, "sent": sent,
        "acts": _acts(request.actor, found, is_under_way=obstacle is None),
        "waits": _told_once(obstacle.findings if obstacle else [], sent.findings),
        "directory": organisation.directory([typed_owner] if typed_owner else [], [], request.at),
    }  # fmt: skip
    return render(request, PART if request.htmx else PAGE, context, status=sent.status)


def _told_once(waits: list[Finding], refused: list[Finding]) -> list[Finding]:
    said = {finding.code for finding in refused}
    return [finding for finding in waits if finding.code not in said]


def _acts(actor: Actor, found: Any, *, is_under_way: bool) -> list[str]:
    """The forms the actor gets: those whose act would not be refused for who he is or how it stands."""
    state = TaskState(found.state)
    if state in FINISHED:
        return []
    moves = MOVES[state] if is_under_way and rules.may_report(actor, found) else ()
    others = {"hand_over": rules.may_hand_over(actor, found), "cancel": rules.may_cancel(actor, found)}
    return [*moves, *(name for name, may in others.items() if may)]
