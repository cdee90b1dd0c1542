"""A dry run of a whole playbook: step by step who fills in what, who would sign, and by when. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.approvals import routing
from bihuan.approvals.policy.routes import read_route
from bihuan.clock import Schedule
from bihuan.collaborations.models import Collaboration, PlaybookVersion
from bihuan.collaborations.policy.playbook import (
    MINUTES,
    SENT_AT_ONCE,
    WORK,
    Obligation,
    PlaybookPlan,
    RoutePlan,
    StepPlan,
    read_playbook,
)
from bihuan.collaborations.policy.playbook_cadences import REPORTED, Turn, falls_due, rhythm_of, turns_after
from bihuan.collaborations.policy.playbook_clocks import begun_by, terms_of
from bihuan.collaborations.policy.playbook_thresholds import numbers_of
from bihuan.collaborations.queries.rehearsing import Rehearsal, Supposed, rehearse
from bihuan.collaborations.queries.steps import filler_principal, plan_in, terms_for
from bihuan.deadlines.policy.counting import Counting, due_of
from bihuan.deadlines.policy.table import RULES
from bihuan.deadlines.policy.terms import Terms
from bihuan.deadlines.queries.choices import chosen_profile
from bihuan.organisation import queries as organisation

ACKNOWLEDGED, TURNS_SHOWN = "T37", 3
"""Begins when the assessment is signed, not when it is handed in."""
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
class Ticking:
    """A clock that begins in a step: its rule, its limit and by when it is due; `said_by` the playbook, or the rule."""

    rule: str
    limit: str
    due_at: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class Walked:
    """One step: when it would begin at the latest, who fills in each form, and each route tried out from that instant.

    `due_at` is the instant by which the last signature is due, the beginning where nobody signs. The time that writing
    and the work itself take is not counted: nobody knows it before it is planned. `owed` is what begins with one of its
    forms and runs beside the way, from the beginning of the step. `clocks` begin with the step, or once it is signed
    what they wait for, in the working time of the lead department. `turns` are the first reports that fall due, by
    their form, if the work began then. `sent_at` is when its minutes go out: when they are filed, or signed.
    """

    step: StepPlan
    begins: datetime
    fillers: Fillers
    routes: Routes
    due_at: datetime
    owed: tuple[Owed, ...] = ()
    clocks: tuple[Ticking, ...] = ()
    turns: tuple[tuple[str, tuple[Turn, ...]], ...] = ()
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Imagined:
    """A matter that is not there: its playbook with what it says of the time rules, who takes part, who fills in what,
    the working time of the lead department."""

    plan: PlaybookPlan
    terms: Terms
    supposed: Supposed
    who: Mapping[str, str]
    schedule: Schedule


def walk_through(version: PlaybookVersion, supposed: Supposed, at: datetime) -> list[Walked]:
    """The way of a matter that is imagined, by the organisation and the calendars as they are known, its clocks and the
    thresholds of its routes as the playbook says.

    Its queries grow with the routes of the playbook, not with departments or people.
    """
    return _walk(plan_in(version), terms_for(version), supposed, at)


def walk_draft(body: Mapping[str, Any], supposed: Supposed, at: datetime) -> list[Walked]:
    """The same of a playbook that nobody has published; `body` is one in which nothing is wrong."""
    plan = read_playbook(body)
    return _walk(plan, terms_of(plan, plan.key), supposed, at)


def _walk(plan: PlaybookPlan, terms: Terms, supposed: Supposed, at: datetime) -> list[Walked]:
    schedule = organisation.schedule_of_department(supposed.department_id)
    matter = Imagined(plan, terms, supposed, _fillers(plan, supposed, at), schedule)
    way: list[Walked] = []
    begins = at
    for step in plan.steps:
        routes = _all_tried(step, matter, begins)
        due = max((tried.due_at for _code, tried in routes if tried.due_at), default=begins)
        owed = tuple(_owed(each, matter, begins) for each in plan.obligations if step.asks_for(each.opens))
        clocks = tuple(
            _ticking(rule_id, matter, due if rule_id == ACKNOWLEDGED else begins) for rule_id in begun_by(plan, step)
        )
        sent_at = begins if plan.minutes_flow == SENT_AT_ONCE else due
        way.append(
            Walked(
                step, begins, _filled(step, matter), routes, due, owed, clocks, _turns(step, matter, begins),
                sent_at if step.asks_for(MINUTES) else None,
            )
        )  # fmt: skip
        begins = due
    return way


def _fillers(plan: PlaybookPlan, supposed: Supposed, at: datetime) -> dict[str, str]:
    """Who fills in, by the word of the playbook."""
    matter = Collaboration(
        initiator_id=supposed.author_id, lead_id=supposed.author_id, lead_department_id=supposed.department_id
    )
    asking = [*plan.steps, *(each.step for each in plan.obligations)]
    fillers = {form.filler: filler_principal(matter, form.filler) for step in asking for form in step.forms}
    names = organisation.names_of(fillers.values(), at)
    return {filler: names[principal] for filler, principal in fillers.items()}


def _ticking(rule_id: str, matter: Imagined, begins: datetime) -> Ticking:
    rule, terms = RULES[rule_id], matter.terms
    limit, profile = terms.limit_of(rule), rule.profile_of(terms.profile_of(rule, "", chosen_profile(rule)))
    due = due_of(Counting(begins, limit, profile), matter.schedule)
    return Ticking(rule_id, str(limit), due.at, terms.name_for(rule))


def _turns(step: StepPlan, matter: Imagined, begins: datetime) -> tuple[tuple[str, tuple[Turn, ...]], ...]:
    """The first reports that fall due in the work."""
    if step.key != WORK:
        return ()
    day = organisation.day_of(begins)
    return tuple(
        (form, tuple(turns_after(rhythm_of(matter.plan, form), begins, day, matter.schedule, count=TURNS_SHOWN)))
        for form in REPORTED
        if falls_due(matter.plan, form)
    )


def _owed(obligation: Obligation, matter: Imagined, begins: datetime) -> Owed:
    routes = _all_tried(obligation.step, matter, begins)
    due = begins + timedelta(hours=obligation.hours)
    return Owed(obligation, begins, _filled(obligation, matter), routes, due)


def _filled(asking: StepPlan | Obligation, matter: Imagined) -> Fillers:
    return tuple((form.code, matter.who[form.filler]) for form in asking.forms)


def _all_tried(step: StepPlan, matter: Imagined, at: datetime) -> Routes:
    return tuple((route.code, _tried(route, matter, at)) for route in step.routes)


def _tried(asked: RoutePlan, matter: Imagined, at: datetime) -> Rehearsal:
    route = read_route(routing.newest_version(asked.code).body).with_numbers(numbers_of(matter.plan, asked.code))
    return rehearse(route, matter.supposed, at, matter.terms, minutes=asked.form == MINUTES)
