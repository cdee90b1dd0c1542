"""What is found of weekly reports."""

from collections.abc import Iterable, Iterator, Sequence

from bihuan.progress.models import Report
from bihuan.search.registry import Document


def reports(ids: Sequence[int]) -> Iterable[Document]:
    """The submitted reports of these matters, but for those that are forms, which are found as such. Two queries."""
    rows = Report.objects.filter(period__collaboration__in=ids, submitted_at__isnull=False, version=None)
    found = rows.select_related("period__collaboration", "department").prefetch_related("rows").order_by("pk")
    for report in found:
        matter = report.period.collaboration
        yield Document(
            kind="report", id=report.pk, unit_id=matter.pk, scope_id=matter.scope_id, number=report.number,
            title=f"{report.department.name} {report.period.starts_on.isoformat()}",
            text="\n".join(filter(None, _words(report))),
        )  # fmt: skip


def _words(report: Report) -> Iterator[str]:
    for row in report.rows.all():
        yield from (row.actual, row.variance_reason, row.measure)
    yield from (report.next_plan, report.to_coordinate)
