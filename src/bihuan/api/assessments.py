"""Problems: their urgency, and which departments have acknowledged them."""

from datetime import datetime
from typing import Any, Literal

from bihuan.access.operations import note_reading
from bihuan.api.collaborations import receipt_of
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Id, In, Named, Out, Receipt, Words
from bihuan.collaborations import queries
from bihuan.collaborations.operations import problems as operations
from bihuan.collaborations.queries import problems
from bihuan.kernel.errors import NotFound

routes = Routes("assessments")


class AcknowledgementOut(Out):
    """`passed_at` says that the department had its time and the problem went on without it."""

    department: Named
    asked_at: datetime
    given_at: datetime | None
    given_by: Named | None
    passed_at: datetime | None


class AssessedOut(Out):
    """The clock of the urgency runs from `classed_at`; the related departments were told at `synced_at`."""

    number: str
    urgency: str
    reported_at: datetime
    classed_at: datetime
    synced_at: datetime | None
    acknowledgements: list[AcknowledgementOut]


class AcknowledgeIn(In):
    department_id: Id


class ReclassifyIn(In):
    urgency: Literal["URGENT", "IMPORTANT", "ROUTINE"]
    reason: Words


@routes.read("/collaborations/{int:collaboration_id}/problem", AssessedOut)
def problem(request: Request, collaboration_id: int) -> dict[str, Any]:
    """How urgent the problem is, and who has acknowledged it; 404 for a matter that is none."""
    matter = _matter(request, collaboration_id)
    found = problems.problem_of(matter)
    if found is None:
        raise NotFound
    taken = {name: getattr(found, name) for name in AssessedOut.model_fields if hasattr(found, name)}
    return {**taken, "acknowledgements": problems.acknowledgements_of(matter)}


@routes.act("/collaborations/{int:collaboration_id}/acknowledgements")
def acknowledge(request: Request, collaboration_id: int, body: AcknowledgeIn) -> Receipt:
    """Say for a department that it knows of the problem."""
    matter = _matter(request, collaboration_id)
    operations.acknowledge_problem(matter, department_id=body.department_id, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/urgency")
def reclassify(request: Request, collaboration_id: int, body: ReclassifyIn) -> Receipt:
    """Class the problem anew; its clock runs from now."""
    matter = _matter(request, collaboration_id)
    operations.reclassify_problem(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


def _matter(request: Request, collaboration_id: int) -> Any:
    matter = queries.collaboration_for(request.actor, collaboration_id, at=request.at)
    note_reading(matter.scope_id, actor=request.actor, at=request.at)
    return matter
