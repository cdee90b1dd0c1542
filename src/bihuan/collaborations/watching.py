"""What this room itself watches at the gates of a step."""

from datetime import datetime

from bihuan.collaborations import guards
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.acceptance import window_findings
from bihuan.collaborations.policy.secondment import not_free, not_over
from bihuan.collaborations.queries.loans import loan_in, other_loans
from bihuan.collaborations.queries.yardstick import open_windows
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records


def windows_have_ended(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Acceptance waits for the end of every metric's window, unless all metrics of it have their target (T26)."""
    return window_findings(open_windows(collaboration, at))


def acceptance_has_passed(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Only a passed acceptance goes on to the review (G24)."""
    version = records.latest(SubjectRef("collaboration", collaboration.pk), "F16")
    if version is not None and version.data["conclusion"] == "FAIL":
        return [error("collaborations.acceptance_not_passed")]
    return []


def person_is_free(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Who is lent is on no other loan, at work on the first day, and that day has come (G21)."""
    loan = loan_in(collaboration)
    if loan is None:
        return []
    away = organisation.absences_of(loan.person.id, at, with_reasons=False)
    others = other_loans(loan.person.id, besides=collaboration)
    return not_free(loan, others, ((card.starts_on, card.ends_on) for card in away), organisation.day_of(at))


def loan_is_over(collaboration: Collaboration, at: datetime) -> list[Finding]:
    """The work of a loan lasts until its last day (G23)."""
    loan = loan_in(collaboration)
    return not_over(loan, organisation.day_of(at)) if loan is not None else []


def register_guards() -> None:
    """Called in `apps.ready()`."""
    guards.register("G21", person_is_free)
    guards.register("G23", windows_have_ended)
    guards.register("G23", loan_is_over)
    guards.register("G24", acceptance_has_passed)
