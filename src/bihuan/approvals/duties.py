"""Decisions asked of a person by name, made known to the registry of duties."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bihuan.approvals.enums import SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import pass_on_slots
from bihuan.kernel import principals
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import DeputyKind

KIND = "approvals.slots"


def register_duties() -> None:
    duties.register(
        Holding(
            kind=KIND,
            label=_("decision"),
            relations=("approvals.Slot.principal",),
            held_by=asked_of,
            hand_over=pass_on_slots,
            order=30,
            stands_in=DeputyKind.SIGNING,
        )
    )


def asked_of(person_id: int, at: datetime) -> list[Duty]:
    """Only what names the person; what names his office goes on with the office. One query."""
    asked = Slot.objects.filter(principal=principals.person(person_id), state=SlotState.PENDING)
    signoffs = Signoff.objects.filter(pk__in=asked.values("signoff"), state=SignoffState.OPEN)
    return [
        Duty(kind=KIND, id=row.pk, root=row.root, number=f"#{row.pk}", what=row.route, scope_id=row.scope_id)
        for row in signoffs
    ]
