"""All matters: as a table, a board, a calendar; narrowed by what stands in the address."""

from calendar import Calendar
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markupsafe import Markup

from bihuan.collaborations import operations, queries
from bihuan.collaborations.enums import Step
from bihuan.collaborations.rules import may_remove_view
from bihuan.deadlines import queries as deadlines
from bihuan.kernel import principals
from bihuan.organisation import queries as organisation
from bihuan.web.collaborations.asking import (
    COLUMNS,
    DUE,
    HEALTH,
    HEALTH_SHORT,
    PARTIES,
    SHAPES,
    STATES,
    WHOSE,
    Asked,
    asked_of,
    playbook_name,
    playbook_options,
    step_options,
)
from bihuan.web.collaborations.loops import step_name
from bihuan.web.deadlines.marks import mark_of
from bihuan.web.formats import WEEKDAYS
from bihuan.web.http import Request
from bihuan.web.render import render

PAGE = "collaborations/portfolio.html"
Context = dict[str, Any]


@require_safe
def portfolio(request: Request) -> HttpResponse:
    """Matters in the shape asked for; what is counted is counted apart."""
    asked = asked_of(request)
    startable = queries.startable()
    context = {"asked": asked, "filters": asked.filters, **SHOWN[asked.shape](request, asked, startable)}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, PAGE, context, block="table")
    return render(request, PAGE, context | _around(request, asked, startable))


@require_safe
def count(request: Request) -> HttpResponse:
    """How many matters pass the filters; the page asks for it once it stands."""
    asked = asked_of(request)
    found = queries.count_of(request.actor, asked.filters, at=request.at)
    return render(request, "collaborations/_count.html", {"count": found})


def _table(request: Request, asked: Asked, _startable: Iterable[Any]) -> Context:
    page = queries.portfolio(request.actor, asked.filters, before=asked.before, at=request.at)
    return {
        "page": page, "columns": asked.columns, "names": COLUMNS, "step_name": step_name,
        "playbook_name": playbook_name, "is_first": asked.before is None,
        "programmes_of": programme_titles(request, asked, page.rows),
        "left_of": time_left_of(page.rows if "due" in asked.columns else (), request.at),
        "health_of": health_shown(request, asked, page.rows), "health_names": HEALTH_SHORT,
        "next_address": asked.address(before=page.next_before) if page.next_before else "",
        "first_address": asked.address(),
    }  # fmt: skip


def programme_titles(request: Request, asked: Asked, rows: Iterable[queries.MatterRow]) -> dict[int, str]:
    """The programmes of these rows, as far as they may be read; asked for only where they are shown."""
    if "programme" not in asked.columns:
        return {}
    ids = {row.collaboration.parent_id for row in rows if row.collaboration.parent_id}
    return queries.readable_titles(request.actor, ids, at=request.at)


def time_left_of(rows: Iterable[queries.MatterRow], at: datetime) -> dict[int, Markup]:
    """Matter id → what is left until the next of its open loops is due, in working time."""
    owed = {
        row.collaboration.pk: deadlines.Owed(
            row.next_place, row.next_due, row.collaboration.lead_department_id, row.next_owner
        )
        for row in rows
        if row.next_place is not None and not row.is_masked
    }
    left = deadlines.time_left(owed.values(), at)
    return {pk: mark_of(left[each.place], each.due_at, at) for pk, each in owed.items()}


def health_shown(request: Request, asked: Asked, rows: Iterable[queries.MatterRow]) -> dict[int, str]:
    """How these matters fare, as far as they may be read; asked for only where it is shown."""
    if "health" not in asked.columns:
        return {}
    return queries.health_of([row.collaboration.pk for row in rows if not row.is_masked], request.at)


def _board(request: Request, asked: Asked, startable: Iterable[Any]) -> Context:
    steps = [key for key, _label in step_options(startable)]
    lanes = queries.board(request.actor, asked.filters, steps, at=request.at)
    rows = [row for lane in lanes for row in lane.rows]
    shown = [lane for lane in lanes if lane.count or lane.step != Step.IMPORTED]
    return {
        "lanes": [(lane, asked.address(shape="", step=lane.step)) for lane in shown], "step_name": step_name,
        "left_of": time_left_of(rows, request.at),
    }  # fmt: skip


def _calendar(request: Request, asked: Asked, _startable: Iterable[Any]) -> Context:
    weeks = Calendar().monthdatescalendar(asked.month.year, asked.month.month)
    first, after = weeks[0][0], weeks[-1][-1] + timedelta(days=1)
    found = queries.calendar(request.actor, asked.filters, first, after, at=request.at)
    days: dict[date, list[queries.Dated]] = {}
    for each in found:
        days.setdefault(each.day, []).append(each)
    before, behind = asked.month - timedelta(days=1), asked.month + timedelta(days=32)
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return {
        "weekdays": WEEKDAYS[language], "weeks": weeks, "days": days, "today": organisation.day_of(request.at),
        "month_before": asked.address(month=f"{before:%Y-%m}"), "month_after": asked.address(month=f"{behind:%Y-%m}"),
    }  # fmt: skip


SHOWN: dict[str, Callable[[Request, Asked, Iterable[Any]], Context]] = {
    "table": _table,
    "board": _board,
    "calendar": _calendar,
}


def _around(request: Request, asked: Asked, startable: Iterable[Any]) -> Context:
    """The form above the list, and the views that were kept."""
    chosen = [asked.filters.department_id] if asked.filters.department_id else []
    return {
        "steps": step_options(startable), "playbooks": playbook_options(startable), "states": STATES.items(),
        "whose": WHOSE.items(), "dues": DUE.items(),
        "healths": HEALTH.items(), "many": PARTIES.items(), "shapes": SHAPES.items(), "all_columns": COLUMNS.items(),
        "programmes": queries.programmes(request.actor, at=request.at),
        "directory": organisation.directory((), chosen, request.at),
        "views": queries.views_for(request.actor), "shares": _shares(request), "findings": [], "typed": {},
        "may_remove": partial(may_remove_view, request.actor),
    }  # fmt: skip


def _shares(request: Request) -> list[tuple[str, str]]:
    keys = operations.may_share_with(request.actor)
    names = organisation.names_of(keys, request.at)
    return [(key, names[key]) for key in keys if key == principals.EVERYONE or names[key]]
