"""A confirmation that came by mail counts as the signature of its writer once it is countersigned (AS21)."""

from datetime import datetime

from bihuan.approvals import operations as approvals
from bihuan.approvals.errors import AuthorSigns, StaleSlot
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.letters import spoken
from bihuan.collaborations.queries.letters import awaited_words
from bihuan.kernel.actor import Actor
from bihuan.records.models import Version


def count_letter(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """Called when the countersignature is given; `actor` gave it, and is not the writer.

    Records ``SlotDecided``. Raises ``AuthorSigns``, and ``StaleSlot`` when the head has answered meanwhile or is asked
    about another version.
    """
    body = version.data
    if actor.person_id == body["person"]["id"]:
        raise AuthorSigns
    slot = next((each for each in awaited_words(collaboration) if each.key == str(body["department"]["id"])), None)
    if slot is None:
        raise StaleSlot
    words = spoken(
        body, number=version.record.number, registered_by=version.submitted_by.name, countersigned_by=actor.name
    )
    approvals.decide_by_letter(
        slot, person_id=body["person"]["id"], opinion=words, seen_digest=body["confirms"]["digest"], actor=actor, at=at
    )
