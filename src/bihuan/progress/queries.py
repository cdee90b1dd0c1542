"""Reading the weekly table."""

from datetime import datetime, timedelta

from django.db.models import F, Prefetch, QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation.queries import day_of
from bihuan.progress.models import Period, Report, Row

LATELY = timedelta(days=7)


def periods_of(collaboration: Collaboration, *, form: str = "", limit: int = 12) -> list[Period]:
    """The newest weeks and turns of a matter the caller holds, of every form or of one, each with its reports and
    rows. Three queries."""
    rows = Row.objects.select_related("task__owner", "measure_owner")
    reports = Report.objects.select_related("department", "reporter", "submitted_by", "version").prefetch_related(
        Prefetch("rows", rows)
    )
    found = collaboration.periods.filter(form=form) if form else collaboration.periods.all()
    return list(found.prefetch_related(Prefetch("reports", reports))[:limit])


def report_for(actor: Actor, pk: int, *, at: datetime) -> Report:
    """One report of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = (
        Report.objects.filter(access.visible(actor, at=at, path="period__collaboration__scope"), pk=pk)
        .select_related(
            "period__collaboration__lead_department__site", "department", "reporter", "submitted_by", "version"
        )
        .prefetch_related(Prefetch("rows", Row.objects.select_related("task__owner", "measure_owner")))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def current_report(report: Report) -> Report | None:
    """The department's report of the week that is open now."""
    reports = Report.objects.filter(
        period__collaboration=report.period.collaboration_id, period__form=report.period.form, period__locked_at=None
    )
    return reports.filter(department=report.department_id).first()


def missing_in(period: Period) -> list[Report]:
    """The departments that have not reported in the week."""
    return list(period.reports.filter(submitted_at__isnull=True).select_related("department"))


def late_updates(collaboration: Collaboration, at: datetime) -> int:
    """How often a department reported late or, in a week that was locked after its instant, not at all."""
    reports = Report.objects.filter(period__collaboration=collaboration)
    late = reports.filter(submitted_at__gt=F("period__due_at")).count()
    return late + reports.filter(submitted_at__isnull=True, period__locked_at__gt=F("period__due_at")).count()


def rows_behind(at: datetime) -> QuerySet[Row]:
    """Tasks that fell short in a report of the running week or the one before: their matters are behind plan."""
    lately = Row.objects.filter(report__submitted_at__isnull=False, report__period__ends_on__gte=day_of(at) - LATELY)
    return lately.filter(percent__lt=F("planned_percent"))
