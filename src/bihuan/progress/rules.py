"""Who may report."""

from bihuan.collaborations.rules import carries
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.progress.models import Report


def may_report(actor: Actor, report: Report) -> bool:
    """The contact person and the head of the department, and who carries the matter (§3.9)."""
    is_reporter = report.reporter_id is not None and actor.person_id == report.reporter_id
    is_head = actor.is_one_of(principals.head(report.department_id))
    return is_reporter or is_head or carries(actor, report.period.collaboration)
