"""Problems: their urgency, and which departments have acknowledged them."""

from datetime import datetime
from typing import Any, Literal

from bihuan.access.operations import note_reading
from bihuan.api.collaborations import receipt_of
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Id, In, Named, Out, Receipt, Words
from bihuan.collaborations import queries
from bihuan.collaborations.operations import leading, merging
from bihuan.collaborations.operations import problems as operations
from bihuan.collaborations.queries import merging as looked
from bihuan.collaborations.queries import petitions, problems
from bihuan.kernel.errors import NotFound

routes = Routes("assessments")


class AcknowledgementOut(Out):
    """`passed_at` says that the department had its time and the problem went on without it."""

    department: Named
    asked_at: datetime
    given_at: datetime | None
    given_by: Named | None
    passed_at: datetime | None


class OtherOut(Out):
    number: str
    id: int | None


class LeadSaidOut(Out):
    """What a department said about leading, until it is decided: LEAD or NOT_LEAD."""

    department: Named
    asking: str
    reason: str
    asked_at: datetime


class AssessedOut(Out):
    """The clock of the urgency runs from `classed_at`; the related departments were told at `synced_at`.

    `merged_into` is the problem this one is the same as, `taken_in` are those that were merged into it, `asked_about`
    those of which the PMO has still to say whether they are. An `id` is null for who may not read that matter.
    """

    number: str
    urgency: str
    reported_at: datetime
    classed_at: datetime
    synced_at: datetime | None
    acknowledgements: list[AcknowledgementOut]
    merged_into: OtherOut | None
    taken_in: list[OtherOut]
    asked_about: list[OtherOut]
    lead_said: list[LeadSaidOut]


class AcknowledgeIn(In):
    department_id: Id


class ReclassifyIn(In):
    urgency: Literal["URGENT", "IMPORTANT", "ROUTINE"]
    reason: Words


class UrgencyIn(In):
    urgency: Literal["URGENT", "IMPORTANT", "ROUTINE"]


class ReclassedOut(Out):
    """`before` and `after` are when it is due now and then; null where it does not run, or is no longer owed."""

    deadline_id: int | None
    rule: str
    what: str
    before: datetime | None
    after: datetime | None


class ReclassedList(Out):
    items: list[ReclassedOut]


class MergeProblemIn(In):
    into_id: Id
    reason: Words


class KeepApartIn(In):
    other_id: Id
    reason: Words


class SayLeadIn(In):
    department_id: Id
    wants: bool
    reason: Words


class DecideLeadIn(In):
    department_id: Id
    reason: Words


@routes.read("/collaborations/{int:collaboration_id}/problem", AssessedOut)
def problem(request: Request, collaboration_id: int) -> dict[str, Any]:
    """How urgent the problem is, and who has acknowledged it; 404 for a matter that is none."""
    matter = _matter(request, collaboration_id)
    found = problems.problem_of(matter)
    if found is None:
        raise NotFound
    taken = {name: getattr(found, name) for name in AssessedOut.model_fields if hasattr(found, name)}
    told: dict[str, Any] = {"actor": request.actor, "at": request.at}
    return {
        **taken, "acknowledgements": problems.acknowledgements_of(matter),
        "merged_into": looked.merged_into(matter, **told), "taken_in": looked.taken_in(matter, **told),
        "asked_about": looked.asked_about(matter, **told),
        "lead_said": [each for each in petitions.open_petitions(matter) if each.asking in petitions.ABOUT_LEAD],
    }  # fmt: skip


@routes.act("/collaborations/{int:collaboration_id}/acknowledgements")
def acknowledge(request: Request, collaboration_id: int, body: AcknowledgeIn) -> Receipt:
    """Say for a department that it knows of the problem."""
    matter = _matter(request, collaboration_id)
    operations.acknowledge_problem(matter, department_id=body.department_id, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/who-leads")
def say_who_leads(request: Request, collaboration_id: int, body: SayLeadIn) -> Receipt:
    """Say as the head of a department that it should lead the problem, or that it should not."""
    matter = _matter(request, collaboration_id)
    leading.say_who_leads(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/who-leads/decision")
def decide_lead(request: Request, collaboration_id: int, body: DecideLeadIn) -> Receipt:
    """Say as the PMO which department leads a problem that two want to lead, or none."""
    matter = _matter(request, collaboration_id)
    leading.decide_lead(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/urgency")
def reclassify(request: Request, collaboration_id: int, body: ReclassifyIn) -> Receipt:
    """Class the problem anew; its clock runs from now."""
    matter = _matter(request, collaboration_id)
    operations.reclassify_problem(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.check("/collaborations/{int:collaboration_id}/urgency/preview", ReclassedList)
def preview_urgency(request: Request, collaboration_id: int, body: UrgencyIn) -> dict[str, Any]:
    """Which deadlines begin, move and end if the problem is classed anew; keeps nothing, refuses what the act would.
    One that would begin has no id."""
    matter = _matter(request, collaboration_id)
    moved = operations.preview_reclassing(matter, urgency=body.urgency, actor=request.actor, at=request.at)
    return {
        "items": [
            {
                "deadline_id": each.deadline.pk if each.before else None, "rule": each.deadline.rule,
                "what": each.deadline.what, "before": each.before, "after": each.after,
            }
            for each in moved
        ]
    }  # fmt: skip


@routes.act("/collaborations/{int:collaboration_id}/merge")
def merge(request: Request, collaboration_id: int, body: MergeProblemIn) -> Receipt:
    """End a problem because another one, still being assessed, is the same; the clock runs from the earlier report."""
    matter, into = _matter(request, collaboration_id), _matter(request, body.into_id)
    merging.merge_problem(matter, into=into, reason=body.reason, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/apart")
def keep_apart(request: Request, collaboration_id: int, body: KeepApartIn) -> Receipt:
    """Say that a problem is another one than it sounds like."""
    matter, other = _matter(request, collaboration_id), _matter(request, body.other_id)
    merging.keep_apart(matter, other=other, reason=body.reason, actor=request.actor, at=request.at)
    return receipt_of(matter)


def _matter(request: Request, collaboration_id: int) -> Any:
    matter = queries.collaboration_for(request.actor, collaboration_id, at=request.at)
    note_reading(matter.scope_id, actor=request.actor, at=request.at)
    return matter
