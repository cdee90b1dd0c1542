"""Who hears of a rung that is reached (domain §4.3): the higher, the more people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bihuan.deadlines.enums import Level
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.recording import spell
from bihuan.deadlines.queries.sites import departments_of_principals
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.notifications import operations as notifications
from bihuan.notifications.enums import Urgency
from bihuan.notifications.operations import News

REMINDER, SOON, OVERDUE = "deadlines.reminder", "deadlines.soon", "deadlines.overdue"
MOVED, PAUSED = "deadlines.moved", "deadlines.paused"
KIND_OF = {
    Level.GREEN: REMINDER, Level.YELLOW: REMINDER, Level.ORANGE: SOON, Level.RED: OVERDUE, Level.RED_PLUS: OVERDUE,
}  # fmt: skip
DIGESTED = {Level.GREEN, Level.YELLOW}


def audience(level: Level, owner: str, asked_by: str, department_id: int | None) -> Sequence[str]:
    """The owner; from orange on who waits and the head; overdue also the PMO; long overdue the executive."""
    told = [owner]
    if level >= Level.ORANGE:
        told += [asked_by] if asked_by else []
        told += [principals.head(department_id)] if department_id is not None else []
    if level >= Level.RED:
        told.append(principals.PMO)
    if level >= Level.RED_PLUS:
        told.append(principals.executive(department_id) if department_id is not None else principals.EXECUTIVES)
    return list(dict.fromkeys(told))


def tell_people(reached: Iterable[tuple[Deadline, Level]], at: datetime) -> None:
    """Notices for one batch; green and yellow wait for the digest of the day. A fixed number of queries."""
    rows = list(reached)
    if not rows:
        return
    departments = departments_of_principals({row.owner for row, _ in rows}, at)
    notifications.notify_all(
        [_news(row, level, departments.get(row.owner)) for row, level in rows],
        at=at,
    )


def tell_moved(moved: Iterable[tuple[Deadline, datetime]], at: datetime) -> None:
    """Whoever owes and whoever waits read in their digest that the calendar moved it; `moved` holds the old instant."""
    notifications.notify_all(
        [
            News(
                kind=MOVED,
                principals=[row.owner, *([row.asked_by] if row.asked_by else [])],
                subject=row.ref,
                root=row.root,
                scope_id=row.scope_id,
                key=f"deadline:{row.pk}:{row.due_at.timestamp():.0f}:moved",
                urgency=Urgency.DIGEST,
                tell_by=row.due_at,
                params={"rule": row.rule, "what": row.what, "before": spell(before), "due_at": spell(row.due_at)},
            )
            for row, before in moved
        ],
        at=at,
    )


def tell_paused(row: Deadline, actor: Actor, at: datetime) -> None:
    """Who waits, who owes and the head hear that nothing is due for now, and why."""
    _tell_standing(row, {"reason": row.pause_reason}, actor, at)


def tell_resumed(row: Deadline, actor: Actor, at: datetime) -> None:
    """The same people hear of the new instant."""
    _tell_standing(row, {"due_at": spell(row.due_at)}, actor, at)


def _tell_standing(row: Deadline, said: dict[str, str], actor: Actor, at: datetime) -> None:
    department_id = departments_of_principals([row.owner], at).get(row.owner)
    news = News(
        kind=PAUSED,
        principals=audience(Level.ORANGE, row.owner, row.asked_by, department_id),
        subject=row.ref,
        root=row.root,
        scope_id=row.scope_id,
        key=f"deadline:{row.pk}:{row.revision}:paused",
        params={"rule": row.rule, "what": row.what, **said},
        besides=frozenset() if actor.person_id is None else frozenset({actor.person_id}),
    )
    notifications.notify_all([news], at=at)


def _news(row: Deadline, level: Level, department_id: int | None) -> News:
    urgency = Urgency.URGENT if row.is_urgent else Urgency.DIGEST if level in DIGESTED else Urgency.NORMAL
    return News(
        kind=KIND_OF[level],
        principals=audience(level, row.owner, row.asked_by, department_id),
        subject=row.ref,
        root=row.root,
        scope_id=row.scope_id,
        key=f"deadline:{row.pk}:{row.due_at.timestamp():.0f}:{int(level)}",
        urgency=urgency,
        tell_by=row.due_at if level < Level.RED else None,
        params={"rule": row.rule, "what": row.what, "due_at": spell(row.due_at), "level": int(level)},
    )
