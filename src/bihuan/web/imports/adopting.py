"""Imported matters put onto a playbook, many at once."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import operations, queries
from bihuan.collaborations.queries.sources import adoptable
from bihuan.kernel.errors import DomainError, NotAllowed, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation
from bihuan.web.collaborations.adoption import offered
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.organisation.posted import picked_person
from bihuan.web.render import notify, render

PAGE = 50
TEMPLATE = "imports/adopt.html"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A matter that was not adopted, and why."""

    matter: Any
    findings: list[Finding]


@require_http_methods(["GET", "HEAD", "POST"])
def adopt_many(request: Request) -> HttpResponse:
    """Each matter is adopted by itself; one that is refused is named and stops no other."""
    if request.method != "POST":
        return shown(request)
    chosen = [int(text) for text in request.POST.getlist("matter") if text.isascii() and text.isdigit()][:PAGE]
    if not chosen:
        return shown(request, findings=[error("web.nothing_chosen")], status=422)
    refusals: list[Refusal] = []
    adopted = 0
    for pk in chosen:
        matter = queries.collaboration_for(request.actor, pk, at=request.at)
        try:
            adopt(request, matter)
        except NotAllowed:
            raise
        except DomainError as refusal:
            refusals.append(Refusal(matter, list(refusal.findings)))
        else:
            adopted += 1
    told = ngettext("%(num)s matter is adopted.", "%(num)s matters are adopted.", adopted) % {"num": adopted}
    if refusals:
        return shown(request, refusals=refusals, told=told if adopted else "", status=422)
    return notify(request, redirect_to(request, reverse("imports:adopt_many")), told)


def adopt(request: Request, matter: Any) -> None:
    """The lead the source names stays; without one it is the person chosen on the page."""
    lead_id = matter.lead_id or picked_person(request, "lead")
    if not lead_id:
        raise Refused([error("web.lead_missing", "lead")])
    operations.adopt_collaboration(
        matter, playbook=text_of(request, "playbook"), lead_id=lead_id, step=text_of(request, "step"),
        ground=text_of(request, "ground"), actor=request.actor, at=request.at,
    )  # fmt: skip


def shown(
    request: Request,
    *,
    findings: list[Finding] | None = None,
    refusals: list[Refusal] | None = None,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    lead = number_of(request, "lead")
    found = adoptable(request.actor, at=request.at, after=start, limit=PAGE + 1)
    context = {
        "matters": found[:PAGE],
        "next_key": found[PAGE - 1].pk if len(found) > PAGE else None,
        **offered(),
        "findings": findings or [],
        "refusals": refusals or [],
        "told": told,
        "typed": {name: text_of(request, name) for name in ("playbook", "step", "ground")},
        "lead": lead or text_of(request, "lead__text"),
        "directory": organisation.directory([lead] if lead else (), (), request.at),
        "chosen": set(request.POST.getlist("matter")),
    }
    return render(request, TEMPLATE, context, status=status)
