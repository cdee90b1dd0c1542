"""Whose written word a solution still waits for."""

from bihuan.approvals.enums import SignoffState, SlotState
from bihuan.approvals.models import Slot
from bihuan.collaborations.models import Collaboration

ROUTE = "WRITTEN_CONFIRM"


def awaited_words(collaboration: Collaboration) -> list[Slot]:
    """The open places of the written confirmation, with what they are asked about. One query."""
    slots = Slot.objects.filter(
        signoff__root_kind="collaboration", signoff__root_id=collaboration.pk, signoff__route=ROUTE,
        signoff__state=SignoffState.OPEN, state=SlotState.PENDING,
    )  # fmt: skip
    return list(slots.select_related("signoff").order_by("pk"))
