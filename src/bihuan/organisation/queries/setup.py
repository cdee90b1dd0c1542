"""What an installation still needs before people can work together. For the guide and for `bihuan doctor`."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef

from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Charge, Department, Person, Post, Site
from bihuan.organisation.queries.effective import in_force


@dataclass(frozen=True, slots=True)
class Setup:
    """Counts of today."""

    sites: int
    departments: int
    without_head: int
    people: int
    with_post: int
    who_sign_in: int
    administrators: int
    pmo_people: int
    executives: int


def setup(at: datetime) -> Setup:
    """How far the organisation has been set up. Nine queries, whatever its size."""
    held = Post.objects.filter(in_force(at), person__is_active=True)
    departments = Department.objects.filter(is_active=True)
    heads = held.filter(department=OuterRef("pk"), kind=PostKind.HEAD)
    people = Person.objects.filter(is_active=True)
    can_sign_in = people.exclude(password="").exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Setup(
        sites=Site.objects.count(),
        departments=departments.count(),
        without_head=departments.filter(~Exists(heads)).count(),
        people=people.count(),
        with_post=held.values("person").distinct().count(),
        who_sign_in=can_sign_in.count(),
        administrators=people.filter(is_administrator=True).count(),
        pmo_people=held.filter(department__function=Function.PMO).values("person").distinct().count(),
        executives=Charge.objects.filter(in_force(at), person__is_active=True).values("person").distinct().count(),
    )
