"""Everything that reads a matter."""

from bihuan.collaborations.queries.desk import loop_for, loops_of, waited_for_by, waiting_for
from bihuan.collaborations.queries.matters import (
    MatterRow,
    collaboration_for,
    for_list,
    ring_of,
    rows_of,
    visible_to,
)
from bihuan.collaborations.queries.playbooks import newest, startable
from bihuan.collaborations.queries.portfolio import Filters, Page, portfolio
from bihuan.collaborations.queries.steps import current_run, filler_principal, findings_to_leave, plan_of

__all__ = [
    "Filters",
    "MatterRow",
    "Page",
    "collaboration_for",
    "current_run",
    "filler_principal",
    "findings_to_leave",
    "for_list",
    "loop_for",
    "loops_of",
    "newest",
    "plan_of",
    "portfolio",
    "ring_of",
    "rows_of",
    "startable",
    "visible_to",
    "waited_for_by",
    "waiting_for",
]
