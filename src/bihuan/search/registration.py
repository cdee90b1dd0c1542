"""The organisation stands below this room, so its people and departments are registered here."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from bihuan.access.models import Scope
from bihuan.organisation.models import Department, Person, Post
from bihuan.search.operations import DIRECTORY
from bihuan.search.registry import Document, register_source, register_unit


def register_organisation() -> None:
    register_unit("person", ids=_people)
    register_unit("department", ids=_departments)
    register_source("person", unit="person", documents=people)
    register_source("department", unit="department", documents=departments)


def _people(after: int, limit: int) -> list[int]:
    return list(Person.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _departments(after: int, limit: int) -> list[int]:
    return list(Department.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _directory() -> int:
    return Scope.objects.values_list("pk", flat=True).get(subject_kind=DIRECTORY.kind, subject_id=DIRECTORY.id)


def people(ids: Sequence[int]) -> Iterable[Document]:
    """Who is in the company, with names, spellings and posts."""
    posts = Post.objects.filter(ends_on=None).select_related("department").order_by("pk")
    found = Person.objects.filter(pk__in=ids, is_active=True).prefetch_related(Prefetch("posts", posts))
    scope_id = _directory()
    for person in found:
        held = "；".join(f"{post.department.name} {post.title}".strip() for post in person.posts.all())
        yield Document(
            kind="person", id=person.pk, unit_id=person.pk, scope_id=scope_id,
            title=" ".join(filter(None, (person.name, person.name_en))),
            text=held, spellings=f"{person.username} {person.search_text}",
        )  # fmt: skip


def departments(ids: Sequence[int]) -> Iterable[Document]:
    """Open departments, with names and spellings."""
    scope_id = _directory()
    for department in Department.objects.filter(pk__in=ids, is_active=True):
        yield Document(
            kind="department", id=department.pk, unit_id=department.pk, scope_id=scope_id,
            title=" ".join(filter(None, (department.name, department.name_en))),
            text=department.description, spellings=department.search_text,
        )  # fmt: skip
