"""What this room watches at the gates of a step."""

from datetime import datetime

from bihuan.collaborations.contexts import involved_in
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.parties import Matter
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of
from bihuan.plans import queries
from bihuan.plans.policy import MatrixContext, uncovered_by_matrix
from bihuan.records import queries as records


def plan_names_this_duty_table(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """The plan is approved together with the duty table it names; a newer one must be named anew (G06)."""
    root = SubjectRef("collaboration", collaboration.pk)
    plan, duties = records.latest(root, "F04"), records.latest(root, "F05")
    if plan is None or duties is None:
        return []
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
    involved = dict(involved_in(collaboration).values_list("department_id", "department__name"))
    matter = Matter(today=day_of(at), initiating=collaboration.lead_department_id, involved=involved)
    return uncovered_by_matrix(matrix.data, MatrixContext(matter, queries.expected_results(root)))
