"""Finding people and departments while somebody types: by name, pinyin, initials, department.

The names are kept as beginnings (`NameKey`), sorted: the first ten of a hundred thousand are read off the index. A word
that is rare is asked first, so that many words do not walk over what one of them alone would find.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from bihuan.organisation.models import Department, NameKey, Person, Post
from bihuan.organisation.policy import BEGINNING, INSIDE
from bihuan.organisation.queries.cards import DepartmentCard, PersonCard, department_card, person_cards
from bihuan.organisation.queries.effective import in_force

LIMIT = 20
LONGEST_QUERY = 60
FEW = 500
LAST = b"\xff"  # behind every sign in UTF-8


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the query: it may begin a name, or stand in the name of a department somebody works in."""

    text: str
    departments: tuple[int, ...]

    @property
    def range(self) -> Q:
        begins = self.text.encode()
        return Q(key__gte=begins, key__lt=begins + LAST)

    def says(self, person: str, at: datetime) -> Q:
        """The condition on a row; `person` is the row's path to the id of a person."""
        named = Q(Exists(NameKey.objects.filter(self.range, person=OuterRef(person))))
        return named | _works_in(self.departments, person, at) if self.departments else named

    def few(self, at: datetime) -> list[int] | None:
        """Everybody the word finds; None when there are many."""
        rows = NameKey.objects.filter(self.range, place=BEGINNING).values_list("person_id", flat=True)[: FEW + 1]
        inside = NameKey.objects.filter(self.range, place=INSIDE).values_list("person_id", flat=True)[: FEW + 1]
        found = [*rows, *inside, *(_holders(self.departments, at) if self.departments else ())]
        return found if len(found) <= FEW else None


def search_people(
    text: str, at: datetime, *, limit: int = LIMIT, department_ids: Iterable[int] | None = None
) -> list[PersonCard]:
    """Active people matching every word of `text`: the name itself, then who is called so from the beginning, then
    inside the name, then by the department. The number of queries grows with the words, not with the people.

    `department_ids` narrows to people who hold a post in one of them on the day.
    """
    words = _words(text)
    asked = [_Word(word, tuple(_departments([word]).values_list("pk", flat=True))) for word in words]
    within = None if department_ids is None else list(department_ids)
    few = _fewest(asked, within, at)
    if few is not None:
        people = _matching(asked, within, at).filter(pk__in=few).order_by(_closeness(words), "name", "pk")[:limit]
        return person_cards(people, at)
    ids = _walked(asked, within, limit, at) if asked else []
    rest = _matching(asked, within, at).exclude(pk__in=ids).order_by("name", "pk")
    by_name = {person.pk: person for person in Person.objects.filter(pk__in=ids)} if ids else {}
    by_department = rest[: limit - len(ids)] if not asked or _can_be_department(asked, ids, limit) else []
    return person_cards([*(by_name[pk] for pk in ids), *by_department], at)


def _fewest(asked: Sequence[_Word], within: list[int] | None, at: datetime) -> set[int] | None:
    """Who one condition alone leaves, where that are few; a single word is walked, however many it finds."""
    if within is not None and len(held := _holders(within, at)) <= FEW:
        return set(held)
    if len(asked) < 2 and within is None:
        return None
    return next((set(found) for word in asked if (found := word.few(at)) is not None), None)


def _matching(asked: Sequence[_Word], within: list[int] | None, at: datetime) -> QuerySet[Person]:
    return Person.objects.filter(*_conditions(asked, within, "pk", at), is_active=True)


def _conditions(asked: Iterable[_Word], within: list[int] | None, person: str, at: datetime) -> list[Q]:
    said = [word.says(person, at) for word in asked]
    return said if within is None else [*said, _works_in(within, person, at)]


def _walked(asked: Sequence[_Word], within: list[int] | None, limit: int, at: datetime) -> list[int]:
    """The first ones by name, in the order of what begins with the first word; then those it stands inside of."""
    keys = NameKey.objects.filter(*_conditions(asked[1:], within, "person_id", at), person__is_active=True)
    first = keys.filter(asked[0].range).order_by("key", "person_id")
    whole = keys.filter(key=" ".join(word.text for word in asked).encode(), place=BEGINNING).order_by("person_id")
    ids: dict[int, None] = {}
    for walk in (*((whole,) if len(asked) > 1 else ()), first.filter(place=BEGINNING), first.filter(place=INSIDE)):
        if len(ids) < limit:
            ids.update(dict.fromkeys(_people_of(walk, limit)))
    return list(ids)[:limit]


def _people_of(keys: QuerySet[NameKey], limit: int) -> list[int]:
    """The first people of the walk, each once: somebody may be met under several beginnings."""
    size = limit * 2
    while True:
        rows = list(keys.values_list("person_id", flat=True)[:size])
        ids = list(dict.fromkeys(rows))
        if len(ids) >= limit or len(rows) < size:
            return ids[:limit]
        size *= 4


def _can_be_department(asked: Sequence[_Word], ids: Sequence[int], limit: int) -> bool:
    return len(ids) < limit and bool(asked[0].departments)


def _works_in(departments: Iterable[int], person: str, at: datetime) -> Q:
    return Q(Exists(Post.objects.filter(in_force(at), department__in=list(departments), person=OuterRef(person))))


def _holders(departments: Iterable[int], at: datetime) -> list[int]:
    """Who holds a post in one of them; one more than are few at the most."""
    posts = Post.objects.filter(in_force(at), department__in=list(departments))
    return list(posts.values_list("person_id", flat=True)[: FEW + 1])


def search_departments(text: str, limit: int = LIMIT) -> list[DepartmentCard]:
    """Open departments matching every word, with the names above them. Two queries."""
    words = _words(text)
    open_ones = _departments(words).filter(is_active=True)
    found = list(open_ones.order_by(_closeness(words), "name", "pk")[:limit])
    above = {pk for row in found for pk in row.lineage[:-1]}
    names = dict(Department.objects.filter(pk__in=above).values_list("pk", "name")) if above else {}
    return [department_card(row, names) for row in found]


def _departments(words: Iterable[str]) -> QuerySet[Department]:
    found = Department.objects.all()
    for word in words:
        found = found.filter(search_text__contains=word)
    return found


def _words(text: str) -> list[str]:
    return text[:LONGEST_QUERY].replace("\x00", "").lower().split()


def _closeness(words: list[str]) -> Case | Value:
    if not words:
        return Value(0)
    whole = " ".join(words)
    return Case(
        When(name__iexact=whole, then=Value(0)),
        When(name__istartswith=words[0], then=Value(1)),
        When(search_text__startswith=words[0], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
