"""The weeks a person is asked to report, made known to the registry of duties."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.operations.loops import root_of
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import DeputyKind
from bihuan.organisation.queries import day_of
from bihuan.progress.models import Report
from bihuan.progress.operations import pass_on

KIND = "progress.report"


def register_duties() -> None:
    duties.register(
        Holding(
            kind=KIND,
            label=_("weekly report"),
            relations=("progress.Report.reporter",),
            held_by=reported_by,
            hand_over=pass_on,
            order=12,
            stands_in=DeputyKind.WORK,
        )
    )


def reported_by(person_id: int, at: datetime) -> list[Duty]:
    """Weeks neither filed nor locked, of matters under way. One query."""
    mine = Report.objects.filter(
        reporter=person_id, submitted_at__isnull=True, period__locked_at__isnull=True,
        period__collaboration__ended_at__isnull=True,
    )  # fmt: skip
    return [_duty(report) for report in mine.select_related("period__collaboration", "department")]


def _duty(report: Report) -> Duty:
    matter = report.period.collaboration
    return Duty(
        kind=KIND, id=report.pk, root=root_of(matter), number=matter.number or "",
        what=f"{report.department.name} {report.period.starts_on.isoformat()}", scope_id=matter.scope_id,
        due_on=day_of(report.period.due_at),
    )  # fmt: skip
