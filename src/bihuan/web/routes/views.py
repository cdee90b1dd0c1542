"""Routes to look at: all of them, one with its picture and versions, and a dry run on today's organisation."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bihuan.approvals import routing
from bihuan.approvals.policy.routes import RoutePlan, read_route
from bihuan.approvals.registry import spoken
from bihuan.approvals.rules import may_edit_routes
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.collaborations.queries.rehearsing import rehearse as rehearsal_of
from bihuan.kernel.errors import DomainError
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import PersonCard
from bihuan.web.http import Request
from bihuan.web.render import render
from bihuan.web.routes.drawing import (
    empty_in_words,
    is_chinese,
    name_of,
    picture_of,
    rule_in_words,
    steps_of,
    when_in_words,
)

LARGEST, FEW = Decimal(10) ** 13, 8


@require_safe
def routes(request: Request) -> HttpResponse:
    """Every route in its newest version, as its steps in a line; retired ones behind."""
    rows = [
        {"version": version, "name": name_of(version.body), "steps": steps_of(version.body)}
        for version in routing.newest()
    ]
    return render(request, "routes/list.html", {"rows": rows, "may_edit": may_edit_routes(request.actor)})


@require_safe
def route(request: Request, key: str) -> HttpResponse:
    return show(request, routing.newest_version(key))


@require_safe
def version(request: Request, key: str, number: int) -> HttpResponse:
    return show(request, routing.version_of(key, number))


@require_safe
def text(_request: Request, key: str, number: int) -> HttpResponse:
    """The version as a file to keep, to compare and to bring into another installation."""
    found = routing.version_of(key, number)
    name = f'attachment; filename="{key}-v{number}.yaml"'
    content = write_text(found.body).encode()
    return HttpResponse(content, content_type="application/yaml; charset=utf-8", headers={"Content-Disposition": name})


def show(request: Request, shown: Any, refusal: DomainError | None = None) -> HttpResponse:
    """One version, and why an act on the route was refused."""
    steps = steps_of(shown.body)
    context = {
        "shown": shown, "name": name_of(shown.body), "steps": steps, "picture": picture_of(steps),
        "empty": empty_in_words(shown.body), "versions": routing.versions_of(shown.route.key),
        "running": routing.running_on(shown), "may_edit": may_edit_routes(request.actor),
        "findings": routing.lint_findings(shown.body, request.at),
        "refused": refusal.findings if refusal else [],
    }  # fmt: skip
    return render(request, "routes/show.html", context, status=refusal.status if refusal else 200)


@require_safe
def rehearse(request: Request, key: str) -> HttpResponse:
    """Who would sign, and by when; asked by address, so that it can be sent to somebody."""
    shown = routing.newest_version(key)
    plan = read_route(shown.body)
    typed = {name: request.GET.get(name, "").strip()[:40] for name in ("person", "department", "amount", "conclusion")}
    involved = [pk for pk in map(_number, request.GET.getlist("involved")[:50]) if pk]
    people = organisation.search_people(typed["person"], request.at, limit=FEW) if typed["person"] else []
    supposed, wrong = _supposed(typed, involved, people)
    tree = organisation.department_tree(request.at)
    context = {
        "shown": shown, "name": name_of(shown.body), "typed": typed, "involved": involved, "tree": tree,
        "people": people, "wrong": wrong, "conclusions": spoken().words["conclusion"].choices,
        "asks_conclusion": "conclusion" in plan.fields, **_rehearsed(plan, supposed, request),
    }  # fmt: skip
    return render(request, "routes/try.html", context)


def _rehearsed(plan: RoutePlan, supposed: Supposed | None, request: Request) -> dict[str, Any]:
    if supposed is None:
        return {"rehearsal": None}
    found = rehearsal_of(plan, supposed, request.at)
    names = organisation.directory([supposed.author_id], [supposed.department_id], request.at)
    rows = [
        {
            "name": each.step.name if is_chinese() else each.step.name_en, "rule": rule_in_words(each.step.rule),
            "when": when_in_words(each.step.when), "is_asked": each.is_asked, "signers": each.signers,
        }
        for each in found.steps
    ]  # fmt: skip
    return {"rehearsal": found, "rows": rows, "author": names.people.get(supposed.author_id)}


def _supposed(
    typed: dict[str, str], involved: list[int], people: Sequence[PersonCard]
) -> tuple[Supposed | None, list[str]]:
    """The imagined matter, and the names of fields that say nothing usable."""
    person = _person(typed["person"], people)
    department, amount = _number(typed["department"]), _amount(typed["amount"])
    wrong = [name for name, value in (("department", department), ("amount", amount)) if typed[name] and value is None]
    wrong += ["person"] if typed["person"] and person is None else []
    if person is None or department is None or amount is None:
        return None, wrong
    return Supposed(person, department, tuple(involved), amount, "", typed["conclusion"]), wrong


def _person(said: str, people: Sequence[PersonCard]) -> int | None:
    """Who is meant by a name: the only one found, or the only one called exactly so."""
    meant = people if len(people) == 1 else [card for card in people if card.name == said]
    return meant[0].id if len(meant) == 1 else None


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def _amount(said: str) -> Decimal | None:
    """Yuan; 5万 is understood. Nothing typed is nothing asked for."""
    factor = Decimal(10_000) if said.endswith("万") else Decimal(1)
    try:
        amount = Decimal(said.removesuffix("万").replace(",", "") or "0") * factor
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= LARGEST else None
