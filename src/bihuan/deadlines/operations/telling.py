"""Who hears of a rung that is reached (domain §4.3): the higher, the more people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bihuan.access import queries as access
from bihuan.access.enums import Role
from bihuan.access.models import Member
from bihuan.deadlines.enums import Level, State
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
WEEK = timedelta(days=7)
DIGESTED = {Level.GREEN, Level.YELLOW}


@dataclass(frozen=True, slots=True)
class Around:
    """Who else a deadline concerns: where its owner is, who speaks for that department in the matter, who leads it."""

    department_id: int | None
    contacts: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


def audience(
    level: Level, owner: str, asked_by: str, around: Around, *, executive_from: Level = Level.RED_PLUS
) -> Sequence[str]:
    """The owner; from yellow on the contact person; from orange on who waits, the head and the lead; overdue also the
    PMO; long overdue, or sooner where the rule says so (T03, T22), the executive."""
    department_id = around.department_id
    told = [owner]
    if level >= Level.YELLOW:
        told += around.contacts
    if level >= Level.ORANGE:
        told += [asked_by] if asked_by else []
        told += [principals.head(department_id)] if department_id is not None else []
        told += around.leads
    if level >= Level.RED:
        told.append(principals.PMO)
    if level >= executive_from:
        told.append(principals.executive(department_id) if department_id is not None else principals.EXECUTIVES)
    return list(dict.fromkeys(told))


def around_of(rows: Iterable[Deadline], at: datetime) -> dict[int, Around]:
    """By deadline. A fixed number of queries."""
    asked = list(rows)
    departments = departments_of_principals({row.owner for row in asked}, at)
    scopes = {row.scope_id for row in asked if row.scope_id is not None}
    members = access.members_in_roles(scopes, (Role.CONTACT, Role.LEAD))
    return {row.pk: _around(departments.get(row.owner), members.get(row.scope_id or 0, ())) for row in asked}


def _around(department_id: int | None, members: Iterable[Member]) -> Around:
    known = [(member.role, member.via, member.principal) for member in members]
    contacts = (key for role, via, key in known if role == Role.CONTACT and via == f"contact:{department_id}")
    return Around(department_id, tuple(contacts), tuple(key for role, _, key in known if role == Role.LEAD))


def tell_people(reached: Iterable[tuple[Deadline, Level]], at: datetime) -> None:
    """Notices for one batch; green and yellow wait for the digest of the day. A fixed number of queries."""
    rows = list(reached)
    if not rows:
        return
    around = around_of((row for row, _ in rows), at)
    notifications.notify_all([_news(row, level, around[row.pk]) for row, level in rows], at=at)


def tell_moved(moved: Iterable[tuple[Deadline, datetime]], at: datetime) -> None:
    """Whoever owes and whoever waits read in their digest that the calendar moved it; `moved` holds the old instant."""
    notifications.notify_all([_news_of_move(row, before) for row, before in moved], at=at)


def tell_reclassed(moved: Iterable[tuple[Deadline, datetime]], at: datetime) -> None:
    """The same people hear that another class of the matter moved it; at once, and at night, where that is urgent."""
    news = [
        replace(
            _news_of_move(row, before),
            key=f"deadline:{row.pk}:{row.due_at.timestamp():.0f}:{at.timestamp():.0f}:classed",
            urgency=Urgency.URGENT if row.is_urgent else Urgency.NORMAL,
            params={**_moved(row, before), "urgent": row.is_urgent},
        )
        for row, before in moved
    ]
    notifications.notify_all(news, at=at)


def _news_of_move(row: Deadline, before: datetime) -> News:
    return News(
        kind=MOVED,
        principals=[row.owner, *([row.asked_by] if row.asked_by else [])],
        subject=row.ref,
        root=row.root,
        scope_id=row.scope_id,
        key=f"deadline:{row.pk}:{row.due_at.timestamp():.0f}:moved",
        urgency=Urgency.DIGEST,
        tell_by=row.due_at,
        params=_moved(row, before),
    )


def _moved(row: Deadline, before: datetime) -> dict[str, Any]:
    return {"rule": row.rule, "what": row.what, "before": spell(before), "due_at": spell(row.due_at)}


def tell_paused(row: Deadline, actor: Actor, at: datetime) -> None:
    """Who waits, who owes, the contact person, the head and the lead hear that nothing is due for now, and why."""
    _tell_standing(row, {"reason": row.pause_reason}, actor, at)


def remind_of_pauses(*, at: datetime) -> int:
    """Whoever hears of a stopped clock hears of it again each whole week that it stands still, in the digest. Returns
    how many stand that long. A fixed number of queries, and run again it tells nobody twice."""
    rows = list(Deadline.objects.filter(state=State.PAUSED, rests=False, paused_at__lte=at - WEEK).order_by("pk"))
    around = around_of(rows, at)
    news = [_news_of_pause(row, around[row.pk], at) for row in rows if row.paused_at is not None]
    notifications.notify_all(news, at=at)
    return len(news)


def _news_of_pause(row: Deadline, around: Around, at: datetime) -> News:
    weeks = (at - row.paused_at) // WEEK if row.paused_at else 0
    return News(
        kind=PAUSED,
        principals=audience(Level.ORANGE, row.owner, row.asked_by, around),
        subject=row.ref,
        root=row.root,
        scope_id=row.scope_id,
        key=f"deadline:{row.pk}:{row.revision}:paused:{weeks}",
        urgency=Urgency.DIGEST,
        params={"rule": row.rule, "what": row.what, "reason": row.pause_reason, "weeks": weeks},
    )


def tell_resumed(row: Deadline, actor: Actor, at: datetime) -> None:
    """The same people hear of the new instant."""
    _tell_standing(row, {"due_at": spell(row.due_at)}, actor, at)


def _tell_standing(row: Deadline, said: dict[str, str], actor: Actor, at: datetime) -> None:
    news = News(
        kind=PAUSED,
        principals=audience(Level.ORANGE, row.owner, row.asked_by, around_of([row], at)[row.pk]),
        subject=row.ref,
        root=row.root,
        scope_id=row.scope_id,
        key=f"deadline:{row.pk}:{row.revision}:paused",
        params={"rule": row.rule, "what": row.what, **said},
        besides=frozenset() if actor.person_id is None else frozenset({actor.person_id}),
    )
    notifications.notify_all([news], at=at)


def _news(row: Deadline, level: Level, around: Around) -> News:
    urgency = Urgency.URGENT if row.is_urgent else Urgency.DIGEST if level in DIGESTED else Urgency.NORMAL
    return News(
        kind=KIND_OF[level],
        principals=audience(level, row.owner, row.asked_by, around, executive_from=row.its_rule.executive_from),
        subject=row.ref,
        root=row.root,
        scope_id=row.scope_id,
        key=f"deadline:{row.pk}:{row.due_at.timestamp():.0f}:{int(level)}",
        urgency=urgency,
        tell_by=row.due_at if level < Level.RED else None,
        params={"rule": row.rule, "what": row.what, "due_at": spell(row.due_at), "level": int(level)},
    )
