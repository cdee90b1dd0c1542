"""A dry run of a whole playbook: step by step who fills in what, who would sign, and by when. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from bihuan.approvals import routing
from bihuan.approvals.policy.routes import read_route
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.playbook import PlaybookPlan, StepPlan
from bihuan.collaborations.queries.rehearsing import Rehearsal, Supposed, rehearse
from bihuan.collaborations.queries.steps import filler_principal
from bihuan.organisation import queries as organisation


@dataclass(frozen=True, slots=True)
class Walked:
    """One step: when it would begin at the latest, who fills in each form, and each route tried out from that instant.

    `due_at` is the instant by which the last signature is due, the beginning where nobody signs. The time that writing
    and the work itself take is not counted: nobody knows it before it is planned.
    """

    step: StepPlan
    begins: datetime
    fillers: tuple[tuple[str, str], ...]
    routes: tuple[tuple[str, Rehearsal], ...]
    due_at: datetime


def walk_through(plan: PlaybookPlan, supposed: Supposed, at: datetime) -> list[Walked]:
    """The way of a matter that is imagined, by the organisation and the calendars as they are known.

    Its queries grow with the routes of the playbook, not with departments or people.
    """
    imagined = Collaboration(
        initiator_id=supposed.author_id, lead_id=supposed.author_id, lead_department_id=supposed.department_id
    )
    fillers = {form.filler: filler_principal(imagined, form.filler) for step in plan.steps for form in step.forms}
    names = organisation.names_of(fillers.values(), at)
    way: list[Walked] = []
    begins = at
    for step in plan.steps:
        routes = tuple((route.code, _tried(route.code, supposed, begins)) for route in step.routes)
        due = max((tried.due_at for _code, tried in routes if tried.due_at), default=begins)
        forms = tuple((form.code, names[fillers[form.filler]]) for form in step.forms)
        way.append(Walked(step, begins, forms, routes, due))
        begins = due
    return way


def _tried(code: str, supposed: Supposed, at: datetime) -> Rehearsal:
    return rehearse(read_route(routing.newest_version(code).body), supposed, at)
