"""Decisions asked of a person by name, made known to the registry of duties."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.enums import UNANSWERED, Moved, SignoffState
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
            relations=("approvals.Slot.principal", "approvals.Slot.instead_of"),
            held_by=asked_of,
            hand_over=pass_on_slots,
            order=30,
            stands_in=DeputyKind.SIGNING,
        )
    )


def asked_of(person_id: int, at: datetime) -> list[Duty]:
    """Only what names the person himself; what names his office, or him in the place of another, goes on. One query."""
    key = principals.person(person_id)
    own = Q(principal=key, moved=Moved.NOT) | Q(instead_of=key)
    asked = Slot.objects.filter(own, state__in=UNANSWERED)
    signoffs = Signoff.objects.filter(pk__in=asked.values("signoff"), state=SignoffState.OPEN)
    return [
        Duty(kind=KIND, id=row.pk, root=row.root, number=f"#{row.pk}", what=row.route, scope_id=row.scope_id)
        for row in signoffs
    ]
