"""A post that is to end: which offices go with it, and who else holds them then."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from bihuan.kernel.errors import NotFound
from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Post
from bihuan.organisation.queries.actors import Held, offices_of_post
from bihuan.organisation.queries.effective import day_of, in_force, not_ended


@dataclass(frozen=True, slots=True)
class EndingPost:
    """`offices` are the principals a holder answers to, `instant` is the first at which this one does so no more.

    `others` hold the same office then; `later` are the instants after it at which more posts of the department end.
    """

    post_id: int
    person_id: int
    person: str
    department_id: int
    department: str
    title: str
    kind: str
    is_main: bool
    offices: tuple[str, ...]
    instant: datetime
    others: tuple[str, ...]
    later: tuple[datetime, ...] = ()

    @property
    def kind_label(self) -> str:
        return str(PostKind(self.kind).label)


def ending_post(post_id: int, at: datetime, *, ends_on: date | None = None) -> EndingPost:
    """A post as it ends on a day: the one named, else the one that stands in its row, else today. Three queries.

    Raises NotFound.
    """
    post = Post.objects.select_related("person", "department").filter(pk=post_id).first()
    if post is None:
        raise NotFound
    day = ends_on or post.ends_on
    instant = max(at, beginning_of(day)) if day else at
    same = Post.objects.filter(in_force(instant), department=post.department, kind=post.kind, person__is_active=True)
    others = same.exclude(pk=post.pk).exclude(person=post.person_id).order_by("starts_on", "pk")
    held = Held(str(post.kind), post.department_id, post.department.path, str(post.department.function))
    return EndingPost(
        post_id=post.pk,
        person_id=post.person_id,
        person=post.person.name,
        department_id=post.department_id,
        department=post.department.name,
        title=post.title,
        kind=str(post.kind),
        is_main=post.is_main,
        offices=tuple(offices_of_post(held)),
        instant=instant,
        others=tuple(others.values_list("person__name", flat=True)),
        later=ends_ahead(post.department_id, instant, besides=post.pk),
    )


def ends_ahead(department_id: int, at: datetime, *, besides: int = 0) -> tuple[datetime, ...]:
    """The instants after this one at which posts of a department end. One query."""
    rows = Post.objects.filter(department=department_id, ends_on__gt=day_of(at)).exclude(pk=besides)
    days = rows.order_by("ends_on").values_list("ends_on", flat=True).distinct()
    return tuple(beginning_of(each) for each in days if each)


def beginning_of(day: date) -> datetime:
    """Midnight in the head office, by which posts begin and end."""
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def post_called(person_id: int, department_id: int, at: datetime, *, title: str | None, kind: str | None) -> int:
    """The one post a person has in a department, held or to come, of this title or kind where they are named; for
    commands. Raises NotFound, also where several are meant."""
    rows = Post.objects.filter(not_ended(at), person=person_id, department=department_id)
    named = {name: value for name, value in (("title", title), ("kind", kind)) if value is not None}
    found = list(rows.filter(**named).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise NotFound
    return found[0]
