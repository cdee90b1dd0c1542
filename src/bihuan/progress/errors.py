"""How the room says no."""

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class NotTheReporter(NotAllowed):
    """The department's contact person, its head, or who carries the matter reports."""

    code = "progress.not_the_reporter"


class WeekLocked(DomainError):
    """The next week has opened; corrections belong there (AS12)."""

    code = "progress.week_locked"
    status = 409


class FiledAsForm(DomainError):
    """The table of a problem has no rows of tasks; the form itself is filed."""

    code = "progress.filed_as_form"
    status = 409


class StaleReport(Stale):
    """Somebody else reported for the department meanwhile."""

    code = "progress.report_stale"
