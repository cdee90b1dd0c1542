"""Deadlines for pages and the API. What may be read is what the scope of the matter lets the actor read."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from bihuan.access import queries as access
from bihuan.deadlines.enums import OPEN, State
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef

Place = tuple[str, int, str]
PK_DIGITS = 19  # a number of this many may be more than a key can hold


def deadline_for(actor: Actor, pk: int, *, at: datetime) -> Deadline:
    """One deadline of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = readable(actor, at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def watched_by(
    actor: Actor, *, at: datetime, everybody: bool = True, overdue: bool = False, after: str = ""
) -> QuerySet[Deadline]:
    """Open deadlines of the matters the actor reads, soonest first; only those he owes unless `everybody`. `after` is
    the `key_of` the last one seen; what is no such key begins anew."""
    rows = readable(actor, at).filter(state__in=OPEN)
    if not everybody:
        rows = rows.filter(owner__in=sorted(actor.principals))
    if overdue:
        rows = rows.filter(state=State.RUNNING, due_at__lt=at)
    return rows.filter(_behind(after)).order_by("due_at", "pk")


def key_of(row: Deadline) -> str:
    """Where a list by the instant goes on behind this one."""
    return f"{row.due_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{row.pk}"


def _behind(key: str) -> Q:
    spelled, _, pk = key.partition("-")
    try:
        due_at = datetime.strptime(spelled, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return Q()
    if not (pk.isascii() and pk.isdigit() and len(pk) < PK_DIGITS):
        return Q()
    return Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=int(pk))


STANDING = (
    "subject_kind", "subject_id", "part", "owner", "site", "profile", "counts_from", "counts", "due_at", "ladder",
    "level", "state", "late_minutes", "is_urgent",
)  # fmt: skip
"""What a list shows of a deadline is told by these columns."""


def of_subjects(
    places: Iterable[Place], *, rule_id: str | None = None, only: Sequence[str] = ()
) -> dict[Place, Deadline]:
    """The open deadline of each (kind, id, part) that has one, the earliest where there are two (Q12). One query."""
    wanted = set(places)
    rows = Deadline.objects.filter(
        state__in=OPEN,
        subject_kind__in={kind for kind, _, _ in wanted},
        subject_id__in={pk for _, pk, _ in wanted},
    )
    if rule_id is not None:
        rows = rows.filter(rule=rule_id)
    if only:
        rows = rows.only(*only)
    found: dict[Place, Deadline] = {}
    for row in rows.order_by("due_at", "pk") if wanted else ():
        place = (row.subject_kind, row.subject_id, row.part)
        if place in wanted:
            found.setdefault(place, row)
    return found


def open_of(root: SubjectRef) -> list[Deadline]:
    """What runs in a matter the caller holds, soonest first. One query."""
    rows = Deadline.objects.filter(root_kind=root.kind, root_id=root.id, state__in=OPEN)
    return list(rows.order_by("due_at", "pk"))


def readable(actor: Actor, at: datetime) -> QuerySet[Deadline]:
    """Those of the matters the actor reads."""
    return Deadline.objects.filter(Q(scope__isnull=False), access.visible(actor, at=at))
