"""Which matters belong together: what follows what, and what is part of what. Never more than both ends let see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration, Loop, StepRun
from bihuan.collaborations.queries.health import GREEN, RED, YELLOW, fares, overdue_loops
from bihuan.collaborations.rules import carries, may_unset_parent
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import queries as ledger

LEVELS = 3
"""How deep matters may stand below each other: programme, matter, part of it."""
LISTED = 200
OFFERED = 100
LINKS = (
    "collaborations.follow_up.begun", "collaborations.follow_up.of", "collaborations.parent.set",
    "collaborations.parent.unset", "collaborations.child.added", "collaborations.child.removed",
)  # fmt: skip
"""Facts about the tie between two matters, each told in the scope of the other one."""
_HEALTH = {0: GREEN, 1: YELLOW, 2: RED}


@dataclass(frozen=True, slots=True)
class Related:
    """Another matter, as whoever may read both ends is told of it."""

    id: int
    number: str
    title: str
    ending: str


@dataclass(frozen=True, slots=True)
class Part:
    """A matter that is part of the one looked at: where it stands, how it fares, what of it is overdue."""

    id: int
    number: str
    title: str
    step: str
    ending: str
    health: str
    overdue: int
    open: int
    is_below: bool
    """Whether it is part of one of these parts."""


@dataclass(frozen=True, slots=True)
class RollUp:
    """The parts of a matter, each followed by its own, and what they come to."""

    parts: tuple[Part, ...] = ()

    @property
    def running(self) -> int:
        return sum(1 for part in self.parts if not part.ending)

    @property
    def overdue(self) -> int:
        return sum(part.overdue for part in self.parts)

    @property
    def health(self) -> str:
        """No better than the worst of them that still runs."""
        found = {part.health for part in self.parts if not part.ending}
        return next((health for health in (RED, YELLOW) if health in found), GREEN)


def followed(collaboration: Collaboration, actor: Actor, *, at: datetime) -> Related | None:
    """The ended matter that this one takes up, for who may read that too. One query, none where there is none."""
    return _one(collaboration.follows_id, actor, at)


def is_stood_on(collaboration: Collaboration) -> bool:
    """Whether any matter is part of this one or takes it up, readable or not. One query, for what need not be asked."""
    return Collaboration.objects.filter(Q(parent=collaboration) | Q(follows=collaboration)).exists()


def followers(collaboration: Collaboration, actor: Actor, *, at: datetime) -> list[Related]:
    """The matters that take up this one, those the actor may read. One query."""
    rows = Collaboration.objects.filter(access.visible(actor, at=at), follows=collaboration).order_by("pk")
    return _related(rows.values_list("pk", "number", "title", "ending")[:LISTED])


def parent(collaboration: Collaboration, actor: Actor, *, at: datetime) -> Related | None:
    """The matter this one is part of, for who may read that too. One query, none where there is none."""
    return _one(collaboration.parent_id, actor, at)


def _one(pk: int | None, actor: Actor, at: datetime) -> Related | None:
    if pk is None:
        return None
    rows = Collaboration.objects.filter(access.visible(actor, at=at), pk=pk)
    return next(iter(_related(rows.values_list("pk", "number", "title", "ending"))), None)


def _related(rows: Iterable[tuple[int, str | None, str, str]]) -> list[Related]:
    return [Related(pk, number or "", title, ending) for pk, number, title, ending in rows]


def roll_up(collaboration: Collaboration, actor: Actor, *, at: datetime) -> RollUp:
    """What is part of this matter and of its parts, as far as the actor reads it, with step, health and limits.

    What the actor may not read is not counted either, nor what is known only through it. One query.
    """
    seen = access.visible(actor, at=at)
    direct = Collaboration.objects.filter(seen, parent=collaboration)
    rows = Collaboration.objects.filter(seen).filter(Q(parent=collaboration) | Q(parent__in=direct.values("pk")))
    standing = StepRun.objects.filter(collaboration=OuterRef("pk"), left_at__isnull=True)
    rows = rows.annotate(
        branch=Case(When(parent=collaboration, then=F("pk")), default=F("parent_id")),
        stands_in=Coalesce(Subquery(standing.values("step")[:1]), Value("")),
        fares=_fares(at),
        overdue=_count(overdue_loops(at)),
        open=_count(Loop.objects.filter(closed_at__isnull=True)),
    ).order_by("branch", "parent_id", "pk")
    shown = rows.values_list(
        "pk", "number", "title", "stands_in", "ending", "fares", "overdue", "open", "parent_id", "branch"
    )[:LISTED]
    parts = [
        (
            branch,
            pk != branch,
            Part(pk, number or "", title, step, ending, _HEALTH[fares], overdue, opened, pk != branch),
        )
        for pk, number, title, step, ending, fares, overdue, opened, _parent, branch in shown
    ]
    return RollUp(tuple(part for _branch, _below, part in sorted(parts, key=lambda each: each[:2])))


def _fares(at: datetime) -> Case:
    return Case(
        When(fares(RED, at), then=Value(2)), When(fares(YELLOW, at), then=Value(1)), default=Value(0),
        output_field=IntegerField(),
    )  # fmt: skip


def _count(loops: QuerySet[Loop]) -> Coalesce:
    here = loops.filter(collaboration=OuterRef("pk")).order_by().values("collaboration")
    return Coalesce(Subquery(here.annotate(found=Count("pk")).values("found")), Value(0))


def scopes_told(collaboration: Collaboration, actor: Actor, *, at: datetime) -> list[int]:
    """The scopes in which the story of the matter is told to the actor: its own, and those of matters tied to it.

    One query.
    """
    root = SubjectRef("collaboration", collaboration.pk)
    tied = Collaboration.objects.filter(access.visible(actor, at=at), scope__in=ledger.scopes_named(root, LINKS))
    return [collaboration.scope_id, *tied.values_list("scope_id", flat=True)]


def possible_parents(collaboration: Collaboration, actor: Actor, *, at: datetime) -> list[Related]:
    """The matters of which this one may be made a part by the actor, newest first. One query.

    Depth and circles are looked at when it is done.
    """
    rows = Collaboration.objects.filter(access.visible(actor, at=at), ended_at__isnull=True)
    rows = rows.exclude(pk__in=[pk for pk in (collaboration.pk, collaboration.parent_id) if pk])
    if not actor.is_one_of(principals.PMO):
        if not carries(actor, collaboration):
            return []
        headed = [pk for kind, pk in map(principals.split, actor.principals) if kind == "h" and pk]
        mine = Q(initiator=actor.person_id) | Q(lead=actor.person_id) | Q(lead_department__in=headed)
        rows = rows.filter(mine)
    return _related(rows.order_by("-pk").values_list("pk", "number", "title", "ending")[:OFFERED])


def may_take_off(collaboration: Collaboration, actor: Actor, *, at: datetime) -> bool:
    """Whether the actor may end that the matter is part of another one. At most one query."""
    if collaboration.parent_id is None or collaboration.ended_at is not None:
        return False
    above = Collaboration.objects.filter(access.visible(actor, at=at), pk=collaboration.parent_id).first()
    return above is not None and may_unset_parent(actor, collaboration, above)


def above(pk: int) -> list[int]:
    """The matter and those it is part of, upwards; ends where a circle would begin. A query for each level."""
    found: list[int] = []
    at: int | None = pk
    while at is not None and at not in found:
        found.append(at)
        at = Collaboration.objects.filter(pk=at).values_list("parent_id", flat=True).first()
    return found


def depth_below(pk: int) -> int:
    """How many levels of matters stand below this one. A query for each level."""
    levels, seen, row = 0, {pk}, [pk]
    while row := [
        each for each in Collaboration.objects.filter(parent__in=row).values_list("pk", flat=True) if each not in seen
    ]:
        seen.update(row)
        levels += 1
    return levels
