"""What can happen to the weekly table."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PeriodOpened(Fact):
    name: ClassVar[str] = "progress.period.opened"
    period_id: int
    starts_on: str
    due_at: str
    departments: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PeriodLocked(Fact):
    """`missing` are the departments that did not report in the week."""

    name: ClassVar[str] = "progress.period.locked"
    period_id: int
    starts_on: str
    missing: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TableOpened(PeriodOpened):
    """The table of a problem is to be brought up to date in this turn."""

    name: ClassVar[str] = "progress.table.opened"


@dataclass(frozen=True, kw_only=True)
class TableLocked(PeriodLocked):
    """The next turn of the table has come."""

    name: ClassVar[str] = "progress.table.locked"


@dataclass(frozen=True, kw_only=True)
class TableFiled(Fact):
    """The table of a problem was filed for its turn."""

    name: ClassVar[str] = "progress.table.filed"
    report_id: int
    number: str
    version: int
    starts_on: str
    late_seconds: int


@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(Fact):
    name: ClassVar[str] = "progress.report.submitted"
    report_id: int
    number: str
    department_id: int
    late_seconds: int
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class ReporterChanged(Fact):
    """Another person is asked for a department's week."""

    name: ClassVar[str] = "progress.reporter.changed"
    report_id: int
    department_id: int
    before: int
    after: int
    reason: str
