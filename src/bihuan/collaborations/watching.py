"""What this room itself watches at the gates of a step."""

from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.acceptance import window_findings
from bihuan.collaborations.queries.yardstick import open_windows
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
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
