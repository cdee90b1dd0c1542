"""What this room watches at the gates of a step."""

from datetime import datetime

from bihuan.collaborations.contexts import involved_in
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.body import rows
from bihuan.collaborations.policy.parties import Matter, absent
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of
from bihuan.plans import queries
from bihuan.plans.policy import MatrixContext, uncovered_by_matrix
from bihuan.records import queries as records
from bihuan.records.models import Version


def duties_hold(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Departments that came in after the duty table was handed in stand in it too, and the plan names this very table
    (G06)."""
    root = SubjectRef("collaboration", collaboration.pk)
    plan, duties = records.latest(root, "F04"), records.latest(root, "F05")
    if duties is None:
        return []
    matter = _matter(collaboration, at)
    lacking = absent(rows(duties.data, "rows"), matter, "plans.department_without_duty", "form.F05")
    return [*lacking, *(_named_otherwise(plan, duties) if plan is not None else [])]


def _named_otherwise(plan: Version, duties: Version) -> list[Finding]:
    """The plan is approved together with the duty table it names; a newer one must be named anew."""
    named = plan.data.get("duty_table") or {}
    if named.get("digest") == duties.digest:
        return []
    return [error("plans.duty_table_changed", "form.F04", version=duties.version)]


def matrix_covers_all(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Departments that came in and results that were planned after the matrix was handed in stand in it too (G12)."""
    root = SubjectRef("collaboration", collaboration.pk)
    matrix = records.latest(root, "F06")
    if matrix is None:
        return []
    return uncovered_by_matrix(matrix.data, MatrixContext(_matter(collaboration, at), queries.expected_results(root)))


def _matter(collaboration: Collaboration, at: datetime) -> Matter:
    involved = dict(involved_in(collaboration).values_list("department_id", "department__name"))
    return Matter(today=day_of(at), initiating=collaboration.lead_department_id, involved=involved)
