"""Problems: how urgent they are, who has acknowledged them, and which others are like them."""

from collections.abc import Sequence
from datetime import datetime

from bihuan import clock
from bihuan.access.queries import visible
from bihuan.collaborations.enums import Urgency
from bihuan.collaborations.models import Acknowledgement, Collaboration, Problem
from bihuan.collaborations.policy.alike import OpenProblem
from bihuan.collaborations.queries.steps import terms_for
from bihuan.deadlines.policy.table import RULES
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.organisation import queries as organisation
from bihuan.records.enums import STANDING
from bihuan.records.models import Record, Version

LOOKED_AT = 50
SOLVED_BY = {Urgency.IMPORTANT: "T07", Urgency.ROUTINE: "T08"}


def problem_of(collaboration: Collaboration) -> Problem | None:
    """What its assessment says of the matter the caller holds; None when it is no problem. One query."""
    return Problem.objects.filter(collaboration=collaboration).first()


def acknowledgements_of(collaboration: Collaboration) -> list[Acknowledgement]:
    """The departments that were told of the problem, in the order they were told. One query."""
    rows = Acknowledgement.objects.filter(collaboration=collaboration).select_related("department", "given_by")
    return list(rows.defer(*organisation.all_but_name("given_by")).order_by("pk"))


def departments_spoken_for(actor: Actor, collaboration: Collaboration) -> set[int]:
    """The departments for which the actor acknowledges: as contact person in this matter, or as head. One query."""
    parties = collaboration.parties.values_list("department_id", "contact_id")
    return {
        department
        for department, contact in parties
        if contact == (actor.person_id or 0) or actor.is_one_of(principals.head(department))
    }


def open_problems(reader_id: int, *, besides: int, at: datetime) -> tuple[OpenProblem, ...]:
    """The newest problems not solved yet that the person may read, without the matter `besides`."""
    actor = organisation.actor_now(reader_id, at)
    if actor is None:
        return ()
    records = Record.objects.filter(visible(actor, at=at), form_code="F13", status__in=STANDING)
    records = records.filter(root_kind="collaboration").exclude(root_id=besides).select_related("current_version")
    found = {record.root_id: record for record in records.order_by("-pk")[:LOOKED_AT]}
    matters = Collaboration.objects.filter(pk__in=found, ended_at__isnull=True).order_by("-pk")
    return tuple(
        OpenProblem(pk, found[pk].number, title, version.data["description"])
        for pk, title in matters.values_list("pk", "title")
        if (version := found[pk].current_version) is not None
    )


def reports_of(collaboration_ids: Sequence[int]) -> list[Version]:
    """The assessments of these problems as they were submitted last, in the order of the matters. One query if any."""
    if not collaboration_ids:
        return []
    told = Record.objects.filter(root_kind="collaboration", root_id__in=collaboration_ids, form_code="F13")
    rows = told.select_related("current_version__record").order_by("root_id")
    return [row.current_version for row in rows if row.current_version is not None]


def limit_of(collaboration: Collaboration, problem: Problem) -> datetime | None:
    """Until when a problem of its urgency must be solved (T07, T08); None for an urgent one, whose day is typed."""
    rule_id = SOLVED_BY.get(Urgency(problem.urgency))
    if rule_id is None:
        return None
    schedule = organisation.schedule_of_department(collaboration.lead_department_id)
    limit = terms_for(collaboration.playbook_version).limit_of(RULES[rule_id])
    return clock.add(schedule, problem.classed_at, limit).at
