"""What every period of a recurring matter needed and got, as a table to take along."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.access.operations import note_reading
from bihuan.collaborations import queries
from bihuan.collaborations.operations.recurrence import is_late
from bihuan.collaborations.policy.recurrence import Waiver
from bihuan.collaborations.queries import recurrence
from bihuan.commitments.enums import CommitmentState
from bihuan.web.http import Request
from bihuan.web.tables import table_file


@require_safe
def export(request: Request, pk: int, form: str) -> HttpResponse:
    """The newest periods, or the one that `?period=` names, as a workbook or CSV: a line for each contribution."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    key = request.GET.get("period", "")
    found = [recurrence.period_for(request.actor, matter, key)] if key else recurrence.periods_of(matter, limit=MOST)
    note_reading(matter.scope_id, actor=request.actor, at=request.at)
    title = " ".join(filter(None, (_("Periods"), matter.number or matter.title, key)))
    return table_file(title, table_of(found, request.at), form, request.at)


MOST = 600
"""Periods of one file: weeks of more than eleven years."""


def table_of(periods: list[Any], at: Any) -> Iterator[list[str]]:
    """Period by period, the heading first; a period nothing is owed to yet has a line as well."""
    yield [
        _("Period"), _("What"), _("Department"), _("Owner"), _("Due"), _("Handed in at"), _("In a few words"),
        _("File"), _("State"), _("Late"), _("Waiver"), _("Accepted"),
    ]  # fmt: skip
    given = recurrence.contributions_of(periods)
    for period in periods:
        accepted = told(period.accepted_at)
        rows = [[period.key, *_line(row, at), accepted] for row in given[period.pk]]
        yield from rows or [[period.key, *[""] * 10, accepted]]


def _line(row: Any, at: Any) -> list[str]:
    promise = row.commitment
    return [
        row.data,
        promise.department.name if promise.department else "",
        promise.owner.name if promise.owner else "",
        told(row.due_at),
        told(promise.claimed_at),
        promise.evidence,
        "、".join(each.file.name for each in recurrence.files_of(row)),
        state_of(row, at),
        _("came late") if is_late(row) else "",
        " / ".join(filter(None, (row.waiver_reason, row.waiver_answer))),
    ]


def state_of(row: Any, at: Any) -> str:
    """How a contribution stands, in the words of its page."""
    if row.waiver == Waiver.GRANTED:
        return _("waived")
    if row.commitment.state == CommitmentState.OPEN:
        return _("has not come") if row.due_at < at else _("to be handed in")
    return {
        CommitmentState.VERIFIED: _("found right"),
        CommitmentState.CLAIMED: _("handed in, to be checked"),
        CommitmentState.CANCELLED: _("cancelled"),
    }[CommitmentState(row.commitment.state)]


def told(at: Any) -> str:
    """An instant by the reader's clock, empty when it has not come."""
    return localtime(at).strftime("%Y-%m-%d %H:%M") if at is not None else ""
