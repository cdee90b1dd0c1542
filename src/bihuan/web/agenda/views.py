"""The calendar: what is due on which day, for me, for a department, in one matter."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.clock import Schedule
from bihuan.collaborations import queries
from bihuan.collaborations.queries import Agenda
from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation
from bihuan.web.agenda.pages import SHAPES, Asked, asked_of, cells_of, items_of, owed_items
from bihuan.web.formats import WEEKDAYS, date_text, month_text
from bihuan.web.http import Request
from bihuan.web.jinja import url
from bihuan.web.render import render

PAGE = "agenda/calendar.html"
Tab = tuple[str, str]


@require_safe
def mine(request: Request) -> HttpResponse:
    """What I owe, by the days of my own site."""
    asked = asked_of(request)
    found = queries.agenda_of_actor(request.actor, asked.span, at=request.at)
    schedule = organisation.schedule_of_person(request.actor.person_id or 0)
    return _show(request, asked, found, schedule, here=url("agenda:mine"))


@require_safe
def department(request: Request, pk: int) -> HttpResponse:
    """What a department owes, as far as the reader may see it, by the days of its site."""
    card = organisation.directory((), [pk], request.at).departments.get(pk)
    if card is None:
        raise NotFound
    asked = asked_of(request)
    found = queries.agenda_of_department(request.actor, pk, asked.span, at=request.at)
    here = url("agenda:department", pk)
    return _show(request, asked, found, organisation.schedule_of_department(pk), here=here, tab=(here, card.name))


@require_safe
def matter(request: Request, pk: int) -> HttpResponse:
    """Everything due in one matter, by the days of the department that leads it."""
    found = queries.collaboration_for(request.actor, pk, at=request.at)
    asked = asked_of(request)
    agenda = queries.agenda_of_matter(request.actor, found, asked.span, at=request.at)
    here = url("agenda:matter", pk)
    schedule = organisation.schedule_of_department(found.lead_department_id)
    tab = (here, found.short_name or found.number or found.title)
    return _show(request, asked, agenda, schedule, here=here, tab=tab, matter=found)


def _show(
    request: Request, asked: Asked, found: Agenda, schedule: Schedule, *, here: str, tab: Tab | None = None, **more: Any
) -> HttpResponse:
    drawn = organisation.days_between(schedule, asked.span.first, asked.span.after)
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    context = {
        "asked": asked, "here": here, "tabs": _tabs(request, tab), "shapes": SHAPES.items(), "heading": _heading(asked),
        "cells": cells_of(drawn, items_of(found, request.at)), "overdue": owed_items(found.overdue, request.at),
        "is_cut": found.is_cut, "today": timezone.localdate(request.at), "weekdays": WEEKDAYS[language],
        "before": asked.moved(-1), "after": asked.moved(1), "matter": None, **more,
    }  # fmt: skip
    return render(request, PAGE, context)


def _tabs(request: Request, other: Tab | None) -> list[tuple[str, str, int]]:
    """Mine, each department of mine, and whatever else is looked at."""
    ids = sorted(request.actor.department_ids)
    cards = organisation.directory((), ids, request.at).departments if ids else {}
    tabs = [(url("agenda:mine"), _("Mine"))]
    tabs += [(url("agenda:department", pk), cards[pk].name) for pk in ids if pk in cards]
    if other is not None and other[0] not in {href for href, _name in tabs}:
        tabs.append(other)
    return [(href, name, 0) for href, name in tabs]


def _heading(asked: Asked) -> str:
    if asked.shape == "month":
        return month_text(asked.day)
    first, last = asked.weeks[0][0], asked.weeks[-1][-1]
    return date_text(first) if first == last else f"{date_text(first)} – {date_text(last)}"
