"""All matters: the portfolio, and beginning a new one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.collaborations import operations, queries
from bihuan.collaborations.enums import Step
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation
from bihuan.web.collaborations.loops import step_name
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.render import notify, render

PAGE = "collaborations/portfolio.html"
NEW = "collaborations/new.html"
STATES = ("running", "ended", "all")
FIRST_FORM = "F01"


@require_safe
def portfolio(request: Request) -> HttpResponse:
    """One page of matters; narrowed by what stands in the address, and nothing is counted."""
    filters, startable = _filters(request), queries.startable()
    before = _number(request.GET.get("before", ""))
    shown = queries.portfolio(request.actor, filters, before=before, at=request.at)
    context = {
        "page": shown, "filters": filters, "step_name": step_name, "is_first": before is None,
        "next_address": _address(request, before=shown.next_before) if shown.next_before else "",
        "first_address": _address(request, before=None),
        "steps": _step_options(startable), "playbooks": _playbook_options(startable),
        "directory": organisation.directory((), [filters.department_id] if filters.department_id else (), request.at),
        "states": [("running", _("running")), ("ended", _("ended")), ("all", _("all"))],
    }  # fmt: skip
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, PAGE, context, block="table" if is_part else None)


def _filters(request: Request) -> queries.Filters:
    asked = request.GET
    state = asked.get("state", "")
    filters = queries.Filters(
        text=asked.get("q", "").replace("\x00", "")[:200],
        step=asked.get("step", "") if asked.get("step") in Step.values else "",
        department_id=_number(asked.get("department", "")),
        playbook=asked.get("playbook", "")[:40].replace("\x00", ""),
        mine=asked.get("mine") == "1",
        state=state if state in STATES else "running",
    )
    return replace(filters, department_id=_department(filters.department_id, asked.get("department__text")))


def _department(picked: int | None, typed: str | None) -> int | None:
    """The picked department. An emptied field means none; without JavaScript the exact name counts."""
    if typed is None or (typed.strip() and picked):
        return picked
    same = [card for card in organisation.search_departments(typed.strip(), 10) if card.name == typed.strip()]
    return same[0].id if typed.strip() and len(same) == 1 else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _address(request: Request, *, before: int | None) -> str:
    """The same filters on another page."""
    kept = {key: value for key, value in request.GET.items() if value and key != "before"}
    return f"{reverse('collaborations:portfolio')}?{urlencode(kept | ({'before': before} if before else {}))}"


def _step_options(startable: Iterable[Any]) -> list[tuple[str, Any]]:
    """The steps that some playbook in use has, in the order of the library."""
    used = {step["key"] for version in startable for step in version.body["steps"]} | {"IMPORTED"}
    return [(key, label) for key, label in Step.choices if key in used and key != "CLOSED"]


def _playbook_options(startable: Iterable[Any]) -> list[tuple[str, str]]:
    return [(each.playbook.key, playbook_name(each.playbook)) for each in startable]


def playbook_name(playbook: Any) -> str:
    return str(playbook.name if (get_language() or "zh").startswith("zh") else playbook.name_en)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a matter and go to its first form."""
    if request.method == "GET":
        return _form(request)
    try:
        address = once(request, lambda: reverse("records:edit", args=[_begin(request).pk]))
    except NotAllowed:
        return _form(request, findings=[error("web.department_missing", "department")], status=422)
    except Refused as refused:
        return _form(request, findings=refused.findings, status=refused.status)
    told = _("The matter is begun. Say first what is wanted.")
    return notify(request, redirect_to(request, address), told)


def _begin(request: Request) -> Any:
    matter = operations.start_collaboration(
        title=text_of(request, "title")[:500], department_id=number_of(request, "department") or 0,
        playbook=text_of(request, "playbook"), actor=request.actor, at=request.at,
    )  # fmt: skip
    return operations.start_form(matter, form_code=FIRST_FORM, actor=request.actor, at=request.at)


def _form(request: Request, *, findings: list[Finding] | None = None, status: int = 200) -> HttpResponse:
    mine = organisation.directory((), request.actor.department_ids, request.at).departments
    context = {
        "departments": sorted(((card.id, card.name) for card in mine.values()), key=lambda each: each[1]),
        "playbooks": _playbook_options(queries.startable()), "typed": request.POST, "findings": findings or [],
    }  # fmt: skip
    return render(request, NEW, context, status=status)
