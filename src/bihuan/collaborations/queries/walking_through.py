"""A dry run of a whole playbook: step by step who fills in what, who would sign, and by when. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.approvals import routing
from bihuan.approvals.policy.routes import read_route
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.playbook import Obligation, PlaybookPlan, StepPlan
from bihuan.collaborations.queries.rehearsing import Rehearsal, Supposed, rehearse
from bihuan.collaborations.queries.steps import filler_principal
from bihuan.organisation import queries as organisation

Fillers = tuple[tuple[str, str], ...]
Routes = tuple[tuple[str, Rehearsal], ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is made up for beside the way: who fills in what and who signs, between these two instants."""

    obligation: Obligation
    begins: datetime
    fillers: Fillers
    routes: Routes
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Walked:
    """One step: when it would begin at the latest, who fills in each form, and each route tried out from that instant.

    `due_at` is the instant by which the last signature is due, the beginning where nobody signs. The time that writing
    and the work itself take is not counted: nobody knows it before it is planned. `owed` is what begins with one of its
    forms and runs beside the way, from the beginning of the step.
    """

    step: StepPlan
    begins: datetime
    fillers: Fillers
    routes: Routes
    due_at: datetime
    owed: tuple[Owed, ...] = ()


def walk_through(plan: PlaybookPlan, supposed: Supposed, at: datetime) -> list[Walked]:
    """The way of a matter that is imagined, by the organisation and the calendars as they are known.

    Its queries grow with the routes of the playbook, not with departments or people.
    """
    imagined = Collaboration(
        initiator_id=supposed.author_id, lead_id=supposed.author_id, lead_department_id=supposed.department_id
    )
    asking = [*plan.steps, *(each.step for each in plan.obligations)]
    fillers = {form.filler: filler_principal(imagined, form.filler) for step in asking for form in step.forms}
    names = organisation.names_of(fillers.values(), at)
    who = {filler: names[principal] for filler, principal in fillers.items()}
    way: list[Walked] = []
    begins = at
    for step in plan.steps:
        routes = _all_tried(step, supposed, begins)
        due = max((tried.due_at for _code, tried in routes if tried.due_at), default=begins)
        begun = [each for each in plan.obligations if step.asks_for(each.opens)]
        owed = tuple(_owed(each, who, supposed, begins) for each in begun)
        way.append(Walked(step, begins, _filled(step, who), routes, due, owed))
        begins = due
    return way


def _owed(obligation: Obligation, who: Mapping[str, str], supposed: Supposed, begins: datetime) -> Owed:
    routes = _all_tried(obligation.step, supposed, begins)
    return Owed(obligation, begins, _filled(obligation, who), routes, begins + timedelta(hours=obligation.hours))


def _filled(asking: StepPlan | Obligation, who: Mapping[str, str]) -> Fillers:
    return tuple((form.code, who[form.filler]) for form in asking.forms)


def _all_tried(step: StepPlan, supposed: Supposed, at: datetime) -> Routes:
    return tuple((route.code, _tried(route.code, supposed, at)) for route in step.routes)


def _tried(code: str, supposed: Supposed, at: datetime) -> Rehearsal:
    return rehearse(read_route(routing.newest_version(code).body), supposed, at)
