"""Matters are tied and untied, and taken up again once they have ended."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.collaborations import operations, queries
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound, Refused
from bihuan.kernel.findings import error
from bihuan.web.collaborations import acts
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.render import notify

FOLLOW_UP, PARENT, LEAVE = "follow-up", "parent", "leave-parent"


@require_POST
def follow_up(request: Request, pk: int) -> HttpResponse:
    """Begin a matter that takes up this ended one, and go to its first form."""
    ended = queries.collaboration_for(request.actor, pk, at=request.at)
    try:
        address = once(request, lambda: reverse("records:edit", args=[_begin(request, ended).pk]))
    except NotAllowed:
        refused = Refused([error("web.department_missing", "department")])
        return acts.refuse(request, pk, "overview", FOLLOW_UP, refused)
    except NotFound:
        raise
    except DomainError as refused:
        return acts.refuse(request, pk, "overview", FOLLOW_UP, refused)
    told = _("The follow-up is begun. Its first form starts with what the ended matter said.")
    return notify(request, redirect_to(request, address), told)


def _begin(request: Request, ended: Any) -> Any:
    begun = operations.begin_follow_up(
        ended, title=text_of(request, "title")[:500], department_id=number_of(request, "department") or 0,
        playbook=text_of(request, "playbook"), actor=request.actor, at=request.at,
    )  # fmt: skip
    return operations.start_form(begun, form_code=queries.first_form(begun), actor=request.actor, at=request.at)


@require_POST
def set_parent(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        parent = _parent(request)
        operations.set_parent(matter, parent=parent, actor=request.actor, at=request.at)
        return _("It is now a part of: %(title)s.") % {"title": parent.title}

    return acts.carry_out(request, pk, PARENT, "overview", act)


def _parent(request: Request) -> Any:
    try:
        return queries.collaboration_for(request.actor, number_of(request, "parent") or 0, at=request.at)
    except NotFound:
        raise Refused([error("collaborations.parent_unknown", "parent")]) from None


@require_POST
def unset_parent(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        operations.unset_parent(matter, actor=request.actor, at=request.at)
        return _("It is part of no other matter any more.")

    return acts.carry_out(request, pk, LEAVE, "overview", act)
