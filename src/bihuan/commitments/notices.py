"""What whoever owes a promise is told when it ends. That something is owed is told by the matter's loops."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.commitments.facts import CommitmentCancelled, CommitmentVerified
from bihuan.commitments.models import Commitment
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.notifications import operations as notifications
from bihuan.notifications import registry
from bihuan.notifications.enums import Urgency
from bihuan.notifications.registry import Text

KIND, ROOM = "commitments.ended", "commitments"
SAID: dict[str, Text] = {
    CommitmentVerified.name: _("Confirmed as done: %(what)s"),
    CommitmentCancelled.name: _("No longer needed: %(what)s"),
}


def register_notices() -> None:
    """Called once the apps are loaded."""
    registry.register_kind(KIND, _("A promise of yours has ended"), lambda params: str(SAID[params["fact"]]) % params)
    subscribe(CommitmentVerified, tell_owner, room=ROOM)
    subscribe(CommitmentCancelled, tell_owner, room=ROOM)


def tell_owner(fact: CommitmentVerified | CommitmentCancelled, context: Recorded) -> None:
    """In the message of the day: nothing is to be done."""
    commitment = Commitment.objects.get(pk=fact.commitment_id)
    if commitment.owner_id is None:
        return
    params: dict[str, Any] = {"fact": fact.name, "what": commitment.text}
    keys, key = [principals.person(commitment.owner_id)], f"{KIND}:{commitment.pk}"
    notifications.tell(KIND, keys, context, key=key, params=params, urgency=Urgency.DIGEST)
