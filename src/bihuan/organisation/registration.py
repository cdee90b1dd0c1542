"""The offices a person holds, made known to the registry of duties."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.facts import ROOT
from bihuan.organisation.models import Charge, Deputy, DutyTurn, Post
from bihuan.organisation.operations.deputies import hand_over_deputy
from bihuan.organisation.operations.leaving import hand_over_charge, hand_over_post
from bihuan.organisation.operations.turns import hand_over_turn
from bihuan.organisation.queries import in_force
from bihuan.organisation.queries.effective import not_ended

OFFICE = {PostKind.HEAD.value, PostKind.CONTACT.value}
SERVING = (Function.PMO, Function.ADMINISTRATION)


def register_duties() -> None:
    duties.register(
        Holding(
            kind="organisation.post",
            label=_("office"),
            relations=("organisation.Post.person",),
            held_by=offices_of,
            hand_over=hand_over_post,
            order=90,
        )
    )
    duties.register(
        Holding(
            kind="organisation.charge",
            label=_("executive in charge of"),
            relations=("organisation.Charge.person",),
            held_by=charges_of,
            hand_over=hand_over_charge,
            order=91,
        )
    )
    duties.register(
        Holding(
            kind="organisation.deputy",
            label=_("deputy of"),
            relations=("organisation.Deputy.deputy",),
            held_by=deputised_for,
            hand_over=hand_over_deputy,
            order=92,
        )
    )
    duties.register(
        Holding(
            kind="organisation.duty_turn",
            label=_("on duty for the PMO"),
            relations=("organisation.DutyTurn.person",),
            held_by=turns_of,
            hand_over=hand_over_turn,
            order=93,
        )
    )


def turns_of(person_id: int, at: datetime) -> list[Duty]:
    """Turns on the duty list of the PMO. Without one the whole PMO is asked, so nobody is left alone. One query."""
    rows = DutyTurn.objects.filter(not_ended(at), person=person_id)
    return [
        Duty(kind="organisation.duty_turn", id=row.pk, root=ROOT, number=row.starts_on.isoformat(), is_shared=True)
        for row in rows
    ]


def deputised_for(person_id: int, at: datetime) -> list[Duty]:
    """For whom the person stands in. Nobody is left alone by it: the next deputy counts. One query."""
    rows = Deputy.objects.filter(not_ended(at), deputy=person_id, person__is_active=True).select_related("person")
    return [
        Duty(kind="organisation.deputy", id=row.pk, root=ROOT, number=row.person.name, is_shared=True) for row in rows
    ]


def offices_of(person_id: int, at: datetime) -> list[Duty]:
    """Headships and contact posts, and the posts in departments that serve everybody. Two queries.

    Shared when somebody else holds the same office today: another head, another contact person, a colleague.
    """
    of_open = Post.objects.filter(not_ended(at), person=person_id, department__is_active=True)
    posts = list(of_open.filter(Q(kind__in=OFFICE) | Q(department__function__in=SERVING)).select_related("department"))
    others = Post.objects.filter(in_force(at), department__in={post.department_id for post in posts})
    held = set(others.filter(person__is_active=True).exclude(person=person_id).values_list("department_id", "kind"))
    return [_office(post, held) for post in posts]


def _office(post: Post, held: set[tuple[int, str]]) -> Duty:
    is_shared = (post.department_id, post.kind) in held
    if post.kind == PostKind.STAFF:
        is_shared = any(pk == post.department_id for pk, _kind in held)
    name = f"{post.department.name} {post.title or PostKind(post.kind).label}"
    return Duty(kind="organisation.post", id=post.pk, root=ROOT, number=name, is_shared=is_shared)


def charges_of(person_id: int, at: datetime) -> list[Duty]:
    """The departments the person is in charge of. One query."""
    charges = Charge.objects.filter(not_ended(at), person=person_id, department__is_active=True)
    return [
        Duty(kind="organisation.charge", id=charge.pk, root=ROOT, number=charge.department.name)
        for charge in charges.select_related("department")
    ]
