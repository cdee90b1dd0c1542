"""What this room watches at the gates of a step."""

from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.kernel.findings import Finding, error
from bihuan.progress.models import Report


def last_due_report_is_filed(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Execution is not over while a report of an open week is overdue (G23)."""
    overdue = Report.objects.filter(
        period__collaboration=collaboration,
        period__locked_at__isnull=True,
        period__due_at__lt=at,
        submitted_at__isnull=True,
    ).select_related("department", "period")
    return [
        error(
            "progress.report_overdue",
            f"report.{report.pk}",
            department=report.department.name,
            week=report.period.starts_on.isoformat(),
        )
        for report in overdue.order_by("pk")
    ]
