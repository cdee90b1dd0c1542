"""The matters a person carries, made known to the registry of duties; and what holds an office or a department.

Nothing stays with nobody: an office that something waits for is not emptied by hand, nor its department closed.
"""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.access.enums import Role
from bihuan.access.models import Member
from bihuan.collaborations.models import Collaboration, Party
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.succession import (
    pass_on_contact,
    pass_on_filing,
    pass_on_initiator,
    pass_on_lead,
)
from bihuan.collaborations.policy.members import FILER
from bihuan.collaborations.queries.offices import count_led_by, left_alone
from bihuan.kernel import principals
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.organisation import duties
from bihuan.organisation import queries as organisation
from bihuan.organisation.duties import Duty, HandOver, Holding
from bihuan.organisation.enums import DeputyKind
from bihuan.organisation.facts import DepartmentClosed, ExecutivePutInCharge, PostEnded

LEAD, INITIATOR, CONTACT = "collaborations.lead", "collaborations.initiator", "collaborations.contact"
FILES = "collaborations.filer"


def register_duties() -> None:
    _register(LEAD, _("project lead of"), "Collaboration.lead", led_by, pass_on_lead, order=1)
    _register(INITIATOR, _("initiator of"), "Collaboration.initiator", begun_by, pass_on_initiator, order=2)
    _register(CONTACT, _("contact person in"), "Party.contact", spoken_for_by, pass_on_contact, order=3)
    duties.register(
        Holding(
            kind=FILES,
            label=_("named to file the plan of"),
            relations=("access.Member.principal",),
            held_by=filed_by,
            hand_over=pass_on_filing,
            order=4,
            stands_in=DeputyKind.MATTERS,
        )
    )


def filed_by(person_id: int, at: datetime) -> list[Duty]:
    """Secret matters under way whose plan the person was named to file. One query."""
    named = Member.objects.filter(
        principal=principals.person(person_id), role=Role.RECORDER, via=FILER, until_at__isnull=True
    )
    return [_duty(FILES, row.pk, row) for row in _running().filter(scope__in=named.values("scope"))]


def _register(
    kind: str,
    label: str | Promise,
    column: str,
    held_by: Callable[[int, datetime], list[Duty]],
    hand_over: Callable[[int, HandOver], object],
    *,
    order: int,
) -> None:
    relations = (f"collaborations.{column}",)
    duties.register(
        Holding(
            kind=kind,
            label=label,
            relations=relations,
            held_by=held_by,
            hand_over=hand_over,
            order=order,
            stands_in=DeputyKind.MATTERS,
        )
    )


def led_by(person_id: int, at: datetime) -> list[Duty]:
    """Matters under way. One query."""
    return [_duty(LEAD, row.pk, row) for row in _running().filter(lead=person_id)]


def begun_by(person_id: int, at: datetime) -> list[Duty]:
    """Matters under way. One query."""
    return [_duty(INITIATOR, row.pk, row) for row in _running().filter(initiator=person_id)]


def spoken_for_by(person_id: int, at: datetime) -> list[Duty]:
    """Matters under way in which the person speaks for a department. One query."""
    parties = Party.objects.filter(contact=person_id, collaboration__ended_at__isnull=True)
    return [_duty(CONTACT, row.pk, row.collaboration) for row in parties.select_related("collaboration")]


def _running() -> QuerySet[Collaboration]:
    return Collaboration.objects.filter(ended_at__isnull=True)


def _duty(kind: str, pk: int, matter: Collaboration) -> Duty:
    return Duty(
        kind=kind, id=pk, root=root_of(matter), number=matter.number or "", what=matter.title,
        scope_id=matter.scope_id, due_on=matter.expected_finish,
    )  # fmt: skip


def subscribe_to_offices() -> None:
    """Called in `apps.ready()`."""
    subscribe(PostEnded, on_post_ended, room="collaborations")
    subscribe(ExecutivePutInCharge, on_charge_put, room="collaborations")
    subscribe(DepartmentClosed, on_department_closed, room="collaborations")


def on_post_ended(fact: PostEnded, context: Recorded) -> None:
    """Somebody else holds the office on the first day on which the post is none any more, or nothing waits for it."""
    ending = organisation.ending_post(fact.post_id, context.at)
    _refuse_alone(ending.offices, ending.instant, context.at)


def on_charge_put(fact: ExecutivePutInCharge, context: Recorded) -> None:
    _refuse_alone([principals.executive(fact.department_id)], context.at, context.at)


def on_department_closed(fact: DepartmentClosed, context: Recorded) -> None:
    """Who leads goes into another department with what it owes, or hands it over; it does not just go."""
    if led := count_led_by(fact.department_id):
        raise Refused([error("collaborations.department_leads", count=led)])
    kinds = (principals.department, principals.head, principals.executive)
    _refuse_alone([key(fact.department_id) for key in kinds], context.at, context.at)


def _refuse_alone(offices: Collection[str], on: datetime, at: datetime) -> None:
    alone: Counter[str] = left_alone(offices, on)
    names = organisation.names_of(alone, at)
    if alone:
        raise Refused(
            error("collaborations.office_left_empty", office=names[key], count=count) for key, count in alone.items()
        )
