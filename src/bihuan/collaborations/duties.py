"""The matters a person carries, made known to the registry of duties."""

from collections.abc import Callable
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
from bihuan.kernel import principals
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, HandOver, Holding
from bihuan.organisation.enums import DeputyKind

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
