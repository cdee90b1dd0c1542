"""The desk: one query over open loops each way."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product

from django.db.models import F, Q, QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.models import Loop, StepRun
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef

MANY = 1000
"""What waits for one person beyond which it is not sorted whole."""
SOONEST = (F("due_at").asc(nulls_last=True), "opened_at", "pk")


def open_to(actor: Actor, at: datetime) -> QuerySet[Loop]:
    """Open loops of the matters the actor reads."""
    loops = Loop.objects.filter(access.visible(actor, at=at, path="collaboration__scope"), closed_at__isnull=True)
    whole = loops.select_related("collaboration__lead_department", "collaboration__playbook_version__playbook")
    return whole.defer("collaboration__playbook_version__body")


def listed(loops: QuerySet[Loop]) -> QuerySet[Loop]:
    """Only the columns a list shows: the loop's own, the matter's name, and which playbook it follows."""
    own = [column.name for column in Loop._meta.concrete_fields]
    matter = ["scope_id", "number", "title", "short_name", "secrecy", "lead_department", "playbook_version__digest"]
    return (
        loops.select_related(None)
        .select_related("collaboration__playbook_version")
        .only(*own, *(f"collaboration__{column}" for column in matter))
    )


def waiting_for(actor: Actor, *, at: datetime, limit: int = 200) -> list[Loop]:
    """What waits for the actor: soonest due first, undated after, oldest first among equals. Two queries."""
    mine = Q(owner__in=actor.principals)
    if len(Loop.objects.filter(mine, closed_at__isnull=True).values_list("pk")[: MANY + 1]) > MANY:
        mine = _first_of_each(actor, at, limit)
    return list(listed(open_to(actor, at).filter(mine)).order_by(*SOONEST)[:limit])


def _first_of_each(actor: Actor, at: datetime, most: int) -> Q:
    """What stands first for each of his principals, as the index has them: of very many the database would sort all,
    and look for each whether he reads the matter."""
    first = Q()
    for owner, is_undated in product(sorted(actor.principals), (False, True)):
        own = open_to(actor, at).filter(owner=owner, due_at__isnull=is_undated)
        first |= Q(pk__in=own.order_by("due_at", "opened_at", "pk").values("pk")[:most])
    return first


def waited_for_by(actor: Actor, *, at: datetime, limit: int = 100) -> list[Loop]:
    """What the actor waits for: loops he asked for, and those of matters he leads that others hold."""
    others = listed(_held_by_others(actor, at))
    return list(others.order_by(*SOONEST)[:limit])


def number_waited_for(actor: Actor, *, at: datetime, most: int = 100) -> int:
    """How many things the actor waits for, counted no further than `most`. One query."""
    return len(_held_by_others(actor, at).order_by().values_list("pk")[:most])


def _held_by_others(actor: Actor, at: datetime) -> QuerySet[Loop]:
    open_now = Loop.objects.filter(closed_at__isnull=True)
    asked = open_now.filter(asked_by__in=actor.principals)
    led = open_now.filter(collaboration__lead_id=actor.person_id) if actor.person_id else Loop.objects.none()
    his = Q(pk__in=asked.values("pk").union(led.values("pk")))  # an OR is tried on everything that is open
    return open_to(actor, at).filter(his).exclude(owner__in=actor.principals)


def concerning(
    principals: Iterable[str], actor: Actor, *, side: str, at: datetime, start: int, size: int
) -> list[Loop]:
    """What these principals owe (`side` owner) or wait for (`side` asked_by), as far as the actor may read it.

    At most `size` + 1 rows from `start` on, soonest due first; the last one only says that there are more.
    """
    loops = open_to(actor, at).filter(**{f"{side}__in": sorted(principals)})
    if side == "asked_by":
        loops = loops.exclude(owner__in=sorted(principals))
    return list(listed(loops).order_by(*SOONEST)[start : start + size + 1])


def open_runs(collaboration_ids: Iterable[int]) -> dict[int, int]:
    """Matter id → id of the stay it is in now; ended matters are absent. One query."""
    rows = StepRun.objects.filter(collaboration__in=set(collaboration_ids), left_at__isnull=True)
    return dict(rows.values_list("collaboration_id", "pk"))


def loops_of(collaboration_id: int) -> list[Loop]:
    """Everything open in one matter, soonest due first."""
    loops = Loop.objects.filter(collaboration_id=collaboration_id, closed_at__isnull=True)
    return list(listed(loops).order_by(*SOONEST))


def loop_for(actor: Actor, pk: int, *, at: datetime) -> Loop:
    """One open loop of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = open_to(actor, at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def instant_so_far(subject: SubjectRef) -> datetime | None:
    """What the last loop about it said; none while its clock stood still. One query."""
    loops = Loop.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return loops.order_by("-pk").values_list("due_at", flat=True).first()
