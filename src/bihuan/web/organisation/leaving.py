"""What a person holds, and handing it over in one place."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import queries as collaborations
from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.findings import error
from bihuan.organisation import duties, operations, queries
from bihuan.organisation.operations import Succession
from bihuan.organisation.rules import may_administer
from bihuan.web.http import Request, redirect_to, text_of
from bihuan.web.organisation.posted import NO_FINDINGS, is_unresolved, picked_person
from bihuan.web.render import notify, render

TEMPLATE = "organisation/hand_over.html"


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    deputies: tuple[queries.PersonCard, ...]
    lines: list[collaborations.DutyLine]


def groups_of(request: Request, burden: queries.Burden) -> list[Group]:
    """By kind, with who stands in for it; the titles only of matters the reader reads."""
    labels = {kind: str(holding.label) for kind, holding in duties.registered().items()}
    lines = collaborations.duties_shown(request.actor, burden.duties, at=request.at)
    grouped = groupby(lines, key=lambda line: line.duty.kind)
    return [Group(labels[kind], burden.deputies[kind], list(some)) for kind, some in grouped]


def page_of(request: Request, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """The list with a successor's field for each line."""
    burden = queries.burden_of(request.actor, pk, request.at)
    chosen = {duty.key: _typed_person(request, f"to.{duty.key}") for duty in burden.duties}
    everybody = {person_id for person_id in (*chosen.values(), _typed_person(request, "to_all")) if person_id}
    context = {
        "burden": burden,
        "groups": groups_of(request, burden),
        "chosen": chosen,
        "to_all": _typed_person(request, "to_all"),
        "directory": queries.directory(everybody, (), request.at),
        "typed": request.POST,
        "findings": NO_FINDINGS,
        "is_administrator": may_administer(request.actor),
        **more,
    }
    return render(request, TEMPLATE, context, status=status)


def _typed_person(request: Request, name: str) -> int | None:
    return picked_person(request, name) if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Each line goes to its own successor, or to the one named for all that are left."""
    burden = queries.burden_of(request.actor, pk, request.at)
    if request.method != "POST":
        return page_of(request, pk)
    try:
        moved = operations.hand_over_duties(
            pk, successions=_successions(request, burden), reason=text_of(request, "reason"), actor=request.actor,
            at=request.at,
        )  # fmt: skip
    except (Refused, Stale) as refusal:
        return page_of(request, pk, status=refusal.status, findings=refusal.findings)
    told = ngettext("%(num)s duty was handed over.", "%(num)s duties were handed over.", moved) % {"num": moved}
    return notify(request, redirect_to(request, reverse("organisation:hand_over", args=[pk])), told)


def _successions(request: Request, burden: queries.Burden) -> list[Succession]:
    """Raises Refused for a name that means nobody, or several people."""
    everything = picked_person(request, "to_all")
    unknown = [error("organisation.person_unknown", "to_all")] if is_unresolved(request, "to_all", everything) else []
    found = []
    for duty in burden.duties:
        name = f"to.{duty.key}"
        chosen = picked_person(request, name)
        if is_unresolved(request, name, chosen):
            unknown.append(error("organisation.person_unknown", name))
        elif (successor := chosen or everything) is not None:
            found.append(Succession(duty.key, successor))
    if unknown:
        raise Refused(unknown)
    return found
