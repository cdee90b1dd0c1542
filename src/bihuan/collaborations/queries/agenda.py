"""What falls due on which day: for a person, for a department, in one matter."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from django.db.models import Exists, OuterRef, Q

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration, Loop, Milestone
from bihuan.collaborations.queries.desk import listed, open_to
from bihuan.collaborations.queries.portfolio import is_mine
from bihuan.kernel.actor import Actor
from bihuan.organisation import queries as organisation

MOST, MOST_OVERDUE = 600, 50
NAMED = ("number", "title", "short_name", "secrecy", "created_at")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one until, not including, another, as the reader's zone counts them."""

    first: date
    after: date
    zone: tzinfo

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.after, time.min, self.zone)


@dataclass(frozen=True, slots=True)
class Agenda:
    """Open loops that end within the span, those that are over by now, and milestones. `is_cut`: there is more."""

    loops: list[Loop]
    overdue: list[Loop]
    milestones: list[Milestone]
    is_cut: bool


def agenda_of_actor(actor: Actor, span: Span, *, at: datetime) -> Agenda:
    """What the actor owes, and the milestones of his matters and departments. Three queries."""
    his = Q(collaboration__in=Collaboration.objects.filter(is_mine(actor)).values("pk"))
    milestones = his | Q(owner_department__in=actor.department_ids)
    return _agenda(actor, Q(owner__in=actor.principals), milestones, span, at)


def agenda_of_department(actor: Actor, department_id: int, span: Span, *, at: datetime) -> Agenda:
    """What a department, those under it and their people owe, as far as the actor reads it. Six queries."""
    within = organisation.departments_below(department_id)
    led = Q(collaboration__lead_department__in=within) | Q(owner_department__in=within)
    owners = organisation.principals_within(within, at)
    return _agenda(actor, Q(owner__in=owners), led, span, at)


def agenda_of_matter(actor: Actor, collaboration: Collaboration, span: Span, *, at: datetime) -> Agenda:
    """Everything of one matter, whoever owes it. Three queries."""
    here = Q(collaboration=collaboration)
    return _agenda(actor, here, here, span, at)


def _agenda(actor: Actor, owed: Q, reached: Q, span: Span, at: datetime) -> Agenda:
    dated = listed(open_to(actor, at).filter(owed, due_at__isnull=False)).order_by("due_at", "pk")
    loops = list(dated.filter(due_at__gte=span.since, due_at__lt=span.until)[: MOST + 1])
    overdue = list(dated.filter(due_at__lt=at)[:MOST_OVERDUE])
    milestones = _milestones(actor, reached, span, at)
    is_cut = len(loops) > MOST or len(milestones) > MOST
    return Agenda(loops[:MOST], overdue, milestones[:MOST], is_cut)


def _milestones(actor: Actor, wanted: Q, span: Span, at: datetime) -> list[Milestone]:
    """Those in force in matters that go on: a request's step back as soon as there is a plan."""
    planned = Milestone.objects.filter(collaboration=OuterRef("collaboration"), form_code="F04")
    rows = Milestone.objects.filter(
        wanted,
        access.visible(actor, at=at, path="collaboration__scope"),
        due_on__gte=span.first,
        due_on__lt=span.after,
        collaboration__ended_at__isnull=True,
    ).exclude(Exists(planned), form_code__in=["F01", ""])
    shown = ("line_id", "name", "due_on", "reached_on", *(f"collaboration__{name}" for name in NAMED))
    return list(rows.select_related("collaboration").only(*shown).order_by("due_on", "pk")[: MOST + 1])
