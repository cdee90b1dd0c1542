"""Finding people and departments while somebody types: by name, pinyin, initials, department."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.queries.cards import DepartmentCard, PersonCard, department_card, person_cards
from bihuan.organisation.queries.effective import in_force

LIMIT = 20
LONGEST_QUERY = 60


def search_people(
    text: str, at: datetime, *, limit: int = LIMIT, department_ids: Iterable[int] | None = None
) -> list[PersonCard]:
    """Active people matching every word of `text`, best first: exact name, then beginning, then anywhere. Two queries.

    `department_ids` narrows to people who hold a post in one of them on the day.
    """
    words = _words(text)
    people = Person.objects.filter(is_active=True)
    for word in words:
        by_department = Post.objects.filter(in_force(at), department__search_text__contains=word)
        people = people.filter(Q(search_text__contains=word) | Q(pk__in=by_department.values("person")))
    if department_ids is not None:
        held = Post.objects.filter(in_force(at), department__in=list(department_ids))
        people = people.filter(pk__in=held.values("person"))
    return person_cards(people.order_by(_closeness(words), "name", "pk")[:limit], at)


def search_departments(text: str, limit: int = LIMIT) -> list[DepartmentCard]:
    """Open departments matching every word, with the names above them. Two queries."""
    words = _words(text)
    departments = Department.objects.filter(is_active=True)
    for word in words:
        departments = departments.filter(search_text__contains=word)
    found = list(departments.order_by(_closeness(words), "name", "pk")[:limit])
    above = {pk for row in found for pk in row.lineage[:-1]}
    names = dict(Department.objects.filter(pk__in=above).values_list("pk", "name")) if above else {}
    return [department_card(row, names) for row in found]


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
