"""The clocks of a whole matter stand still while it rests, and go on together (domain §3.2, §4.1)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from bihuan.deadlines.enums import State
from bihuan.deadlines.facts import ClocksStarted, ClocksStopped
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.changing import write_many
from bihuan.deadlines.operations.fencing import say_counting
from bihuan.deadlines.operations.pausing import gone_on
from bihuan.deadlines.operations.recording import spell, tell
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedules_of_sites

GONE_ON = (
    "paused_at", "paused_for", "pause_reason", "rests", "counts_from", "counts", "is_provisional", "due_at", "ladder",
    "level", "next_at",
)  # fmt: skip


@transaction.atomic(savepoint=False)
def stop_clocks(root: SubjectRef, *, reason: str, actor: Actor, at: datetime) -> int:
    """Let every running clock of a matter stand still, urgent ones excepted; instants that people typed too.

    Part of letting the matter rest, whose rule says who may. Records one ``ClocksStopped``. A fixed number of queries.
    """
    ledger.lock_chain(root)
    running = Deadline.objects.filter(
        root_kind=root.kind, root_id=root.id, state=State.RUNNING, is_urgent=False
    ).order_by("pk")
    rows = list(running)
    if not rows:
        return 0
    running.update(
        state=State.PAUSED.value, paused_at=at, pause_reason=reason, rests=True, next_at=None,
        revision=F("revision") + 1,
    )  # fmt: skip
    tell(rows, ClocksStopped(deadlines=tuple(map(_outline, rows)), reason=reason), actor=actor, at=at)
    return len(rows)


@transaction.atomic(savepoint=False)
def start_clocks(root: SubjectRef, *, actor: Actor, at: datetime) -> int:
    """Let the clocks that rested with their matter go on with what was left; typed instants stay as they were typed.

    What somebody stopped for himself stands on. Records one ``ClocksStarted``. A fixed number of queries.
    """
    ledger.lock_chain(root)
    resting = Deadline.objects.filter(root_kind=root.kind, root_id=root.id, state=State.PAUSED, rests=True)
    rows = list(resting.order_by("pk"))
    if not rows:
        return 0
    say_counting()
    schedules = schedules_of_sites({row.site_id for row in rows})
    resting.update(state=State.RUNNING.value, revision=F("revision") + 1)
    said: list[dict[str, Any]] = []
    for row in rows:
        before = spell(row.due_at)
        row.state, row.revision = State.RUNNING.value, row.revision + 1
        for name, value in gone_on(row, schedules[row.site_id], at).items():
            setattr(row, name, value)
        said.append({**_outline(row), "due_before": before, "due_at": spell(row.due_at)})
    write_many(rows, GONE_ON)
    tell(rows, ClocksStarted(deadlines=tuple(said)), actor=actor, at=at)
    return len(rows)


def _outline(row: Deadline) -> dict[str, Any]:
    return {"deadline_id": row.pk, "rule": row.rule, "what": row.what}
