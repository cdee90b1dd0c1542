"""Who is on duty for the PMO, today and in the days to come."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.organisation.enums import Function
from bihuan.organisation.models import DutyTurn, Post
from bihuan.organisation.queries.cards import PersonCard, people_by_id
from bihuan.organisation.queries.deputies import away_on
from bihuan.organisation.queries.effective import day_of, in_force


@dataclass(frozen=True, slots=True)
class TurnCard:
    """One line of the list. `is_now`: this is the person who is asked today."""

    id: int
    person: PersonCard
    starts_on: date
    ends_on: date | None
    is_away: bool
    is_now: bool


def on_duty(at: datetime) -> tuple[int, str] | None:
    """Id and name of who is on duty for the PMO today: the first on the list who is here and still of the PMO.

    One query.
    """
    return _here(at).values_list("person_id", "person__name").first()


def duty_turns(at: datetime) -> list[TurnCard]:
    """The list as it stands: turns of today and to come, soonest first. Five queries."""
    listed = DutyTurn.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day_of(at)), person__is_active=True)
    rows = list(listed.order_by("starts_on", "pk"))
    people = people_by_id({row.person_id for row in rows}, at)
    away = set(away_on(at).filter(person__in=people).values_list("person", flat=True))
    now = _here(at).values_list("pk", flat=True).first()
    return [
        TurnCard(row.pk, people[row.person_id], row.starts_on, row.ends_on, row.person_id in away, row.pk == now)
        for row in rows
    ]


def _here(at: datetime) -> QuerySet[DutyTurn]:
    """The turns of today whose people are here, in the order in which they were put on the list."""
    of_pmo = Post.objects.filter(in_force(at), person=OuterRef("person"), department__function=Function.PMO)
    is_away = Exists(away_on(at).filter(person=OuterRef("person")))
    return DutyTurn.objects.filter(in_force(at), Exists(of_pmo), ~is_away, person__is_active=True).order_by("pk")
