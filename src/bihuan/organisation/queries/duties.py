"""What a person holds, and who may hand it over for him."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty
from bihuan.organisation.models import Person, Post
from bihuan.organisation.queries.cards import PersonCard, executives_of, heads_of, people_by_id, person_cards
from bihuan.organisation.queries.deputies import deputies_of
from bihuan.organisation.queries.effective import in_force
from bihuan.organisation.rules import may_hand_over_for

MOST = 100


@dataclass(frozen=True, slots=True)
class Burden:
    """What somebody holds: the first `MOST` of `total`, and who stands nearest to take it over.

    `deputies` by kind of duty: those named to stand in for it, in their order.
    """

    person: PersonCard
    duties: tuple[Duty, ...]
    total: int
    suggested: tuple[PersonCard, ...]
    deputies: Mapping[str, tuple[PersonCard, ...]]

    @property
    def must_be_handed_over(self) -> int:
        return sum(1 for duty in self.duties if not duty.is_shared)


def burden_of(actor: Actor, person_id: int, at: datetime) -> Burden:
    """Everything the person holds. Raises NotFound for somebody unknown or gone, NotAllowed for a stranger to it."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    lineage = departments_above(person_id, at)
    if not may_hand_over_for(actor, person_id, frozenset(lineage)):
        raise NotAllowed
    held = duties.held_by(person_id, at)
    card = person_cards([person], at)[0]
    shown = tuple(held[:MOST])
    return Burden(
        card, shown, len(held), tuple(_suggested(person_id, lineage, at)), _deputies_for(person_id, shown, at)
    )


def may_settle(actor: Actor, person_id: int, at: datetime) -> bool:
    """Whether the actor may hand over what the person holds. One query."""
    return may_hand_over_for(actor, person_id, frozenset(departments_above(person_id, at)))


def superior_of(person_id: int, at: datetime) -> PersonCard | None:
    """The nearest head above the person on the day, else the executive in charge; nobody for who stands at the top.

    At most eight queries.
    """
    lineage = departments_above(person_id, at)
    heads = heads_of(lineage, at)
    above = [card for pk in lineage for card in heads[pk] if card.id != person_id]
    executives = executives_of(lineage[:1], at) if lineage and not above else {}
    return next((card for card in (*above, *executives.values()) if card.id != person_id), None)


def departments_above(person_id: int, at: datetime) -> list[int]:
    """The departments in which the person holds a post on the day, nearest first, then those above. One query."""
    posts = Post.objects.filter(in_force(at), person=person_id).select_related("department").order_by("starts_on", "pk")
    lineages = [list(reversed(post.department.lineage)) for post in posts]
    deepest = max((len(lineage) for lineage in lineages), default=0)
    steps = [lineage[depth] for depth in range(deepest) for lineage in lineages if depth < len(lineage)]
    return list(dict.fromkeys(steps))


def _deputies_for(person_id: int, held: Iterable[Duty], at: datetime) -> dict[str, tuple[PersonCard, ...]]:
    """At most one look a kind of deputy, whatever the number of duties."""
    holdings = duties.registered()
    wanted = {duty.kind: holdings[duty.kind].stands_in for duty in held}
    named = {kind: deputies_of(person_id, at, kind or "") for kind in set(wanted.values())}
    cards = people_by_id({pk for some in named.values() for pk in some}, at)
    return {duty: tuple(cards[pk] for pk in named[kind]) for duty, kind in wanted.items()}


def _suggested(person_id: int, lineage: list[int], at: datetime) -> list[PersonCard]:
    """His deputies in their order, then the heads above him."""
    named = deputies_of(person_id, at)
    deputies, heads = people_by_id(named, at), heads_of(lineage, at)
    nearest = [*(deputies[pk] for pk in named), *(card for pk in lineage for card in heads[pk])]
    return list({card.id: card for card in nearest if card.id != person_id}.values())
