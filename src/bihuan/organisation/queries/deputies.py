"""Who stands in for somebody, in order, and for whom somebody stands in now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from bihuan.organisation.enums import DeputyKind
from bihuan.organisation.models import Absence, Deputy, Post
from bihuan.organisation.queries.cards import PersonCard, people_by_id
from bihuan.organisation.queries.effective import day_of, in_force

DEPTH = 3


@dataclass(frozen=True, slots=True)
class DeputyCard:
    """One line of somebody's list of deputies. `is_here`: not away today."""

    id: int
    person: PersonCard
    kinds: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    is_here: bool
    forms: tuple[str, ...] = ()
    amount_limit: Decimal | None = None
    collaborations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be signed, as the limits of a deputy see it. `amount` is in yuan, None when the paper states none."""

    form: str = ""
    amount: Decimal | None = None
    collaboration_id: int | None = None

    def is_within(self, row: Deputy) -> bool:
        """A limit that cannot be compared with anything is not kept."""
        return (
            (not row.forms or self.form in row.forms)
            and (not row.collaborations or self.collaboration_id in row.collaborations)
            and (row.amount_limit is None or (self.amount is not None and self.amount <= row.amount_limit))
        )


@dataclass(frozen=True, slots=True)
class AbsenceCard:
    id: int
    starts_on: date
    ends_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away until, not including, a day; who stands in meanwhile, empty when nobody does."""

    until: date
    deputy: str


def away_on(at: datetime) -> QuerySet[Absence]:
    """The absences of the day."""
    return Absence.objects.filter(starts_on__lte=day_of(at), ends_on__gt=day_of(at))


def deputies_of(person_id: int, at: datetime, kind: str = "", item: Item | None = None) -> list[int]:
    """Who may stand in on the day for this kind of duty, the nearest first (`lines_of`)."""
    return [row.deputy_id for row in lines_of(person_id, at, kind, item)]


def lines_of(person_id: int, at: datetime, kind: str = "", item: Item | None = None) -> list[Deputy]:
    """The lines by which somebody may stand in on the day for this kind of duty, the nearest first.

    After them, for those who are away, their own deputies, at most three deep; nobody twice, never the person. Lines
    that are limited count for an `item` within their limits and for nothing else. Two queries for each person asked
    about.
    """
    order: list[Deputy] = []
    seen, todo = {person_id}, [(person_id, DEPTH)]
    while todo:
        current, depth = todo.pop(0)
        rows = [row for row in _in_force(at).filter(person=current) if _counts(row, kind, item)]
        fresh = {row.deputy_id: row for row in reversed(rows) if row.deputy_id not in seen}
        away = set(away_on(at).filter(person__in=fresh).values_list("person", flat=True))
        seen.update(fresh)
        order += [row for row in rows if fresh.get(row.deputy_id) is row and row.deputy_id not in away]
        todo += [(pk, depth - 1) for pk in reversed(fresh) if pk in away and depth > 1]
    return order


def _counts(row: Deputy, kind: str, item: Item | None) -> bool:
    if kind and row.kinds and kind not in row.kinds:
        return False
    return item.is_within(row) if item is not None else not row.is_limited


def _in_force(at: datetime) -> QuerySet[Deputy]:
    return Deputy.objects.filter(in_force(at), deputy__is_active=True, person__is_active=True)


def standing_in(deputy_ids: Iterable[int], at: datetime) -> QuerySet[Deputy]:
    """The lines on which these people are named for somebody who is away today."""
    is_away = Exists(away_on(at).filter(person=OuterRef("person")))
    return _in_force(at).filter(is_away, deputy__in=deputy_ids)


def acts_for(person_id: int, at: datetime) -> list[int]:
    """The people who are away today and for whom this person signs: the first of their deputies who is here.

    One query when there is nobody.
    """
    candidates, frontier = set[int](), {person_id}
    for _step in range(DEPTH):
        rows = standing_in(frontier, at).values_list("person", flat=True)
        frontier = set(rows) - candidates - {person_id}
        if not frontier:
            break
        candidates |= frontier
    return [pk for pk in sorted(candidates) if deputies_of(pk, at, DeputyKind.SIGNING)[:1] == [person_id]]


def deputy_cards(person_id: int, at: datetime) -> list[DeputyCard]:
    """The list as it was set up, with what has not begun yet. Three queries."""
    rows = [row for row in Deputy.objects.filter(person=person_id) if row.ends_on is None or row.ends_on > day_of(at)]
    people = people_by_id({row.deputy_id for row in rows}, at)
    away = set(away_on(at).filter(person__in=people).values_list("person", flat=True))
    return [
        DeputyCard(
            row.pk,
            people[row.deputy_id],
            tuple(row.kinds),
            row.starts_on,
            row.ends_on,
            row.deputy_id not in away,
            tuple(row.forms),
            row.amount_limit,
            tuple(row.collaborations),
        )
        for row in rows
    ]


def absences_of(person_id: int, at: datetime, *, with_reasons: bool) -> list[AbsenceCard]:
    """Absences of today and to come. Why is told to who may settle what the person holds (`may_settle`). One query."""
    rows = Absence.objects.filter(person=person_id, ends_on__gt=day_of(at))
    return [AbsenceCard(row.pk, row.starts_on, row.ends_on, row.reason if with_reasons else "") for row in rows]


def away_among(person_ids: Iterable[int], at: datetime) -> dict[int, Away]:
    """Who of these is away today, until when, and who signs meanwhile."""
    until = dict(away_on(at).filter(person__in=set(person_ids)).values_list("person", "ends_on"))
    first = {pk: deputies_of(pk, at, DeputyKind.SIGNING)[:1] for pk in until}
    names = people_by_id({pk for found in first.values() for pk in found}, at)
    return {pk: Away(until[pk], names[found[0]].name if found else "") for pk, found in first.items()}


def headships_of(person_ids: Iterable[int], at: datetime) -> list[tuple[int, str]]:
    """The departments these people head today, each with the head's name. One query."""
    posts = Post.objects.filter(in_force(at), person__in=set(person_ids), kind="HEAD")
    return list(posts.values_list("department_id", "person__name"))
