"""Looking which rungs are reached. Never early, never twice, never lost, whoever is killed when.

Claim, effect and next instant are one transaction. What is due is read without a lock; then the chains of the matters
are taken, only those nobody else holds, so that workers pass each other by and nobody waits for anybody; then the rows
are read again under their lock, and changed only if nobody was there in the meantime (`fence`).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.db.models import F

from bihuan.deadlines.enums import Level, State
from bihuan.deadlines.errors import Fenced
from bihuan.deadlines.facts import DeadlineWarned
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.recording import spell
from bihuan.deadlines.operations.telling import tell_people
from bihuan.deadlines.policy.ladder import next_after, reached
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.rows import update_each
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger

log = logging.getLogger(__name__)
BATCH = 200
AGAIN_AFTER = timedelta(minutes=5)
CLIMB = (
    f'UPDATE "{Deadline._meta.db_table}" SET "level" = %s, "next_at" = %s, "fence" = "fence" + 1 '  # noqa: S608  our own name
    f'WHERE "id" = %s AND "fence" = %s AND "state" = \'{State.RUNNING.value}\''
)


def scan(*, at: datetime, limit: int = BATCH) -> int:
    """Warn of what is due by `at`, the database's now: urgent rules first, then oldest first. Returns how many.

    Whoever was away finds each deadline once, at the highest rung it has reached. One that cannot be told is put off
    for five minutes and noted in the log; the others go on.
    """
    due = _due(at, limit)
    try:
        return _climb(due, at)
    except Error:
        raise
    except Exception:
        log.exception("%s deadlines together could not be told; they are told one by one", len(due))
    return sum(_climb_alone(pk, root, at) for pk, root in due.items())


def _due(at: datetime, limit: int) -> dict[int, SubjectRef]:
    """Asked for the urgent ones and the others apart, so that the index leads to what is due; in one question SQLite
    walks over everything that runs. IN, because NOT would hide the column from the index."""
    found: dict[int, SubjectRef] = {}
    for urgent in (True, False):
        rows = Deadline.objects.filter(state=State.RUNNING, is_urgent__in=[urgent], next_at__lte=at)
        first = rows.order_by("next_at", "pk").values_list("pk", "root_kind", "root_id")[: limit - len(found)]
        found |= {pk: SubjectRef(kind, root_id) for pk, kind, root_id in first}
    return found


@transaction.atomic
def _climb(due: Mapping[int, SubjectRef], at: datetime) -> int:
    """One batch. Records a ``DeadlineWarned`` for each, and tells people."""
    if not due:
        return 0
    free = ledger.lock_free_chains(due.values())
    mine = [pk for pk, root in due.items() if root in free]
    rows = list(_claimed(mine, at))
    reached_now = {row.pk: reached(row.rungs, at) for row in rows}
    _write(rows, reached_now, at)
    told = [row for row in rows if reached_now[row.pk] > row.level]
    ledger.record_many([_fact(row, reached_now[row.pk]) for row in told], actor=SYSTEM, at=at)
    tell_people(((row, reached_now[row.pk]) for row in told), at)
    return len(rows)


def _climb_alone(pk: int, root: SubjectRef, at: datetime) -> int:
    try:
        return _climb({pk: root}, at)
    except Error:
        raise
    except Exception:
        log.exception("deadline %s could not be told", pk)
        Deadline.objects.filter(pk=pk, state=State.RUNNING, next_at__lte=at).update(
            next_at=at + AGAIN_AFTER, fence=F("fence") + 1
        )
        return 1


def _claimed(pks: Iterable[int], at: datetime) -> Iterable[Deadline]:
    rows = Deadline.objects.select_for_update(skip_locked=True).filter(
        pk__in=list(pks), state=State.RUNNING, next_at__lte=at
    )
    return rows.order_by("-is_urgent", "next_at", "pk")


def _write(rows: Sequence[Deadline], levels: Mapping[int, Level], at: datetime) -> None:
    """Level and next instant of each, and a fence further. Raises Fenced when somebody was there first."""
    next_at = Deadline._meta.get_field("next_at")
    values = [
        (int(levels[row.pk]), next_at.get_db_prep_save(next_after(row.rungs, at), connection), row.pk, row.fence)
        for row in rows
    ]
    if not update_each(CLIMB, values):
        raise Fenced


def _fact(row: Deadline, level: Level) -> ledger.Item:
    fact = DeadlineWarned(
        deadline_id=row.pk, rule=row.rule, owner=row.owner, what=row.what, level=int(level), due_at=spell(row.due_at)
    )  # fmt: skip
    return ledger.Item(fact, row.root, row.ref, row.scope_id)
