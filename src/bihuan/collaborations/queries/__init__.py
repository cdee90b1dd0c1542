"""Everything that reads a matter."""

from bihuan.collaborations.queries.agenda import (
    Agenda,
    Span,
    agenda_of_actor,
    agenda_of_department,
    agenda_of_matter,
)
from bihuan.collaborations.queries.boards import (
    Dated,
    Lane,
    board,
    calendar,
    count_of,
    every_row,
    programmes,
    readable_titles,
)
from bihuan.collaborations.queries.desk import concerning, loop_for, loops_of, open_runs, waited_for_by, waiting_for
from bihuan.collaborations.queries.duties import DutyLine, duties_shown
from bihuan.collaborations.queries.health import HEALTH, health_of
from bihuan.collaborations.queries.lines import (
    criteria_of,
    metric_for,
    metrics_of,
    milestone_for,
    milestones_ahead,
    milestones_of,
    parties_of,
    source_of,
    step_runs_of,
)
from bihuan.collaborations.queries.matters import (
    MatterRow,
    collaboration_for,
    for_list,
    numbers_of,
    ring_of,
    rows_of,
    titles_of,
    visible_to,
)
from bihuan.collaborations.queries.playbooks import newest, startable
from bihuan.collaborations.queries.portfolio import DUE, ROLES, Filters, Page, portfolio
from bihuan.collaborations.queries.reorganising import MatterLine, Touched, matters_with, taking_part, touched_by
from bihuan.collaborations.queries.steps import current_run, filler_principal, findings_to_leave, plan_of
from bihuan.collaborations.queries.views import view_for, views_for

__all__ = [
    "DUE",
    "HEALTH",
    "ROLES",
    "Agenda",
    "Dated",
    "DutyLine",
    "Filters",
    "Lane",
    "MatterLine",
    "MatterRow",
    "Page",
    "Span",
    "Touched",
    "agenda_of_actor",
    "agenda_of_department",
    "agenda_of_matter",
    "board",
    "calendar",
    "collaboration_for",
    "concerning",
    "count_of",
    "criteria_of",
    "current_run",
    "duties_shown",
    "every_row",
    "filler_principal",
    "findings_to_leave",
    "for_list",
    "health_of",
    "loop_for",
    "loops_of",
    "matters_with",
    "metric_for",
    "metrics_of",
    "milestone_for",
    "milestones_ahead",
    "milestones_of",
    "newest",
    "numbers_of",
    "open_runs",
    "parties_of",
    "plan_of",
    "portfolio",
    "programmes",
    "readable_titles",
    "ring_of",
    "rows_of",
    "source_of",
    "startable",
    "step_runs_of",
    "taking_part",
    "titles_of",
    "touched_by",
    "view_for",
    "views_for",
    "visible_to",
    "waited_for_by",
    "waiting_for",
]
