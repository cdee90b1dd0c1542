"""The desk: what waits for me, what I wait for, my week."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries
from bihuan.organisation import queries as organisation
from bihuan.organisation.rules import may_administer
from bihuan.records import queries as records
from bihuan.web.collaborations.loops import LoopRow, form_title, rows_of
from bihuan.web.formats import as_day
from bihuan.web.http import Request
from bihuan.web.jinja import url
from bihuan.web.organisation.guide import steps_left
from bihuan.web.render import render

DRAFTS = 8
FIRST_WAITED = 8
WEEK = 7
HEARD = 20
"""How many matters a desk listens to."""


@dataclass(frozen=True, slots=True)
class WeekItem:
    """Something of the coming days: a milestone, or what I owe by then."""

    day: date
    what: str
    href: str
    matter: Any
    is_milestone: bool


@require_safe
def desk(request: Request) -> HttpResponse:
    """Fixed number of queries, whatever waits; an administrator for whom nothing does is led to the first steps."""
    actor, at = request.actor, request.at
    mine = queries.waiting_for(actor, at=at)
    others = queries.waited_for_by(actor, at=at, limit=FIRST_WAITED + 1)
    rows = rows_of([*mine, *others[:FIRST_WAITED]], at)
    waiting, waited = rows[: len(mine)], rows[len(mine) :]
    drafts = list(islice(_other_drafts(request, waiting), DRAFTS))
    context = {
        "to_sign": sum(row.loop.kind == "SIGNOFF" for row in waiting),
        "waiting": waiting, "waited": waited, "waited_in_all": _number_waited(request, others),
        "week": _week(request, waiting),
        "drafts": [(record, form_title(record.form_code)) for record in drafts],
        "heard": _heard(rows),
        "steps_left": steps_left(request) if not rows and may_administer(actor) else 0,
    }  # fmt: skip
    return render(request, "desk/desk.html", context)


@require_safe
def waited(request: Request) -> HttpResponse:
    """All that the person waits for, up to a hundred; the desk shows the first of it. Fixed number of queries."""
    rows = rows_of(queries.waited_for_by(request.actor, at=request.at), request.at)
    return render(request, "desk/waited.html", {"waited": rows, "waited_in_all": len(rows), "heard": _heard(rows)})


def _number_waited(request: Request, first: list[Any]) -> int:
    if len(first) <= FIRST_WAITED:
        return len(first)
    return queries.number_waited_for(request.actor, at=request.at)


def _other_drafts(request: Request, waiting: Iterable[LoopRow]) -> Iterator[Any]:
    """My drafts that no row above asks for already."""
    asked = {(row.loop.collaboration_id, row.loop.part) for row in waiting if row.loop.kind == "FORM"}
    for record in records.drafts_of(request.actor, at=request.at)[: DRAFTS + len(asked)]:
        if record.root_kind != "collaboration" or (record.root_id, record.form_code) not in asked:
            yield record


def _week(request: Request, waiting: Iterable[LoopRow]) -> list[WeekItem]:
    """The next seven days, day by day; what is late already stands above."""
    today = organisation.day_of(request.at)
    until = today + timedelta(days=WEEK)
    due = [WeekItem(day, row.what, row.href, row.matter, is_milestone=False)
           for row in waiting if (day := as_day(row.loop.due_at)) and today <= day <= until]  # fmt: skip
    ahead = queries.milestones_ahead(request.actor, since=today, until=until, at=request.at)
    reached = [
        WeekItem(
            day=each.due_on,
            what=each.name,
            href=url("collaborations:overview", each.collaboration_id),
            matter=each.collaboration,
            is_milestone=True,
        )
        for each in ahead
        if each.due_on is not None
    ]
    return sorted([*due, *reached], key=lambda item: (item.day, not item.is_milestone))


def _heard(rows: Iterable[LoopRow]) -> str:
    """The matters whose changes this page is told of."""
    ids = dict.fromkeys(row.loop.collaboration_id for row in rows)
    return ",".join(f"collaboration:{pk}" for pk in islice(ids, HEARD))
