"""What this room watches at the gates of a step."""

from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
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
