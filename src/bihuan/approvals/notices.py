"""What the author of a text is told of the answers, and whoever is no longer asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.approvals.enums import Decision, SignoffState
from bihuan.approvals.facts import (
    CopiesSent,
    OfficeVacated,
    PartsDecided,
    Remarked,
    SignoffOpened,
    SignoffVoided,
    SlotDecided,
)
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.policy.routes import Empty
from bihuan.kernel import principals
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.notifications import operations as notifications
from bihuan.notifications import registry
from bihuan.notifications.enums import Urgency
from bihuan.notifications.registry import Text

ROOM = "approvals"
ANSWERED, VOIDED = "approvals.answered", "approvals.voided"
COPIED, REMARKED = "approvals.copied", "approvals.remarked"
VACANT = "approvals.vacant"
SAID: dict[str, Text] = {
    Decision.APPROVE: _("%(who)s agreed for %(what)s."),
    Decision.APPROVE_WITH_CONDITION: _("%(who)s agreed on conditions for %(what)s."),
    Decision.REFUSE: _("%(who)s refused for %(what)s: %(opinion)s"),
    Decision.RESERVE: _("%(who)s signed with a reservation for %(what)s: %(opinion)s"),
}
SAID_OF_NO_PARTY: dict[str, Text] = {
    Decision.APPROVE: _("%(who)s agreed."),
    Decision.APPROVE_WITH_CONDITION: _("%(who)s agreed on conditions."),
    Decision.REFUSE: _("%(who)s refused: %(opinion)s"),
    Decision.RESERVE: _("%(who)s signed with a reservation: %(opinion)s"),
}
"""Of who is asked by name or office and stands for no department."""
PARTS = _("%(who)s decided on several parts (%(count)s).")
SENT: Text = _("%(who)s sent you a copy.")
SENT_BY_ROUTE: Text = _("The route has a copy sent to you: you read it and need not decide.")
THEN: dict[str, Text] = {
    Empty.WAIT: _("%(what)s is to decide and has no head: have the office filled, or the route changed."),
    Empty.SUPERIOR: _("%(what)s is to decide and has no head any more: the next superior is asked, as the route says."),
    Empty.PMO: _("%(what)s is to decide and has no head any more: you are asked, as the route says."),
}
OUTCOMES: dict[str, Text] = {
    SignoffState.APPROVED: _("With this all have agreed."),
    SignoffState.REFUSED: _("With this all have answered; it was not agreed."),
}


def answered(params: Mapping[str, Any]) -> str:
    sentences = SAID if params.get("what") else SAID_OF_NO_PARTY
    said = str(sentences[params["decision"]] if params["decision"] else PARTS) % params
    outcome = OUTCOMES.get(params["state"])
    return f"{said} {outcome}" if outcome else said


def copied(params: Mapping[str, Any]) -> str:
    return str(SENT if params["who"] else SENT_BY_ROUTE) % params


def vacant(params: Mapping[str, Any]) -> str:
    said = THEN.get(params.get("empty", ""), THEN[Empty.WAIT])
    return str(said) % params


def register_notices() -> None:
    """Called once the apps are loaded."""
    registry.register_kind(ANSWERED, _("Answers to what you asked"), answered)
    registry.register_kind(
        VOIDED,
        _("A decision is no longer asked of you"),
        registry.sentence(_("Your decision is no longer needed: %(reason)s")),
    )
    registry.register_kind(COPIED, _("Copies of papers under decision"), copied)
    registry.register_kind(
        REMARKED, _("Questions and comments beside decisions"), registry.sentence(_("%(who)s: %(text)s"))
    )
    registry.register_kind(
        VACANT,
        _("Decisions that wait for an office nobody holds"),
        vacant,
    )
    subscribe(SignoffOpened, tell_of_vacant, room=ROOM)
    subscribe(OfficeVacated, tell_of_vacated, room=ROOM)
    subscribe(CopiesSent, tell_copied, room=ROOM)
    subscribe(Remarked, tell_addressed, room=ROOM)
    subscribe(SlotDecided, tell_author, room=ROOM)
    subscribe(PartsDecided, tell_author_of_parts, room=ROOM)
    subscribe(SignoffVoided, tell_asked, room=ROOM)


def tell_of_vacant(fact: SignoffOpened, context: Recorded) -> None:
    """The PMO hears at once that a route waits for nobody, not only when the limit has passed."""
    labels = dict.fromkeys(slot["label"] for slot in fact.slots if slot["slot_id"] in fact.vacant)
    if labels:
        params = {"what": "、".join(labels), "page": ["slot", fact.vacant[0]]}
        notifications.tell(VACANT, [principals.PMO], context, key=f"vacant:{fact.signoff_id}", params=params)


def tell_of_vacated(fact: OfficeVacated, context: Recorded) -> None:
    """An office that became empty while it was asked."""
    params = {"what": fact.label, "empty": fact.empty, "page": ["slot", fact.slots[0]]}
    key = f"vacated:{fact.slots[0]}:{context.at.isoformat()}"
    notifications.tell(VACANT, [principals.PMO], context, key=key, params=params)


def tell_author(fact: SlotDecided, context: Recorded) -> None:
    slot = Slot.objects.select_related("signoff").get(pk=fact.slot_id)
    is_plain = fact.decision == Decision.APPROVE and fact.state_of_signoff == SignoffState.OPEN
    params = {"decision": fact.decision, "what": slot.label, "opinion": fact.opinion, "state": fact.state_of_signoff}
    if slot.decided_by_id != context.actor.person_id:  # by letter
        params["who"] = slot.decided_by_name
    urgency = Urgency.DIGEST if is_plain else Urgency.NORMAL
    _tell_author(slot.signoff, context, key=f"slot:{fact.slot_id}", params=params, urgency=urgency)


def tell_author_of_parts(fact: PartsDecided, context: Recorded) -> None:
    slots = [decision["slot_id"] for decision in fact.decisions]
    params = {"decision": "", "count": len(slots), "state": fact.state_of_signoff}
    signoff = Signoff.objects.get(pk=fact.signoff_id)
    _tell_author(signoff, context, key=f"slot:{min(slots)}", params=params, urgency=Urgency.NORMAL)


def _tell_author(signoff: Signoff, context: Recorded, *, key: str, params: Mapping[str, Any], urgency: Urgency) -> None:
    """`key` names the slot, which is decided once."""
    if signoff.author_id is not None:
        keys = [principals.person(signoff.author_id)]
        notifications.tell(
            ANSWERED, keys, context, key=key, params={"who": context.actor.name, **params}, urgency=urgency
        )


def tell_asked(fact: SignoffVoided, context: Recorded) -> None:
    asked = list(Slot.objects.filter(pk__in=fact.slots).values_list("principal", flat=True))
    params = {"reason": fact.reason}
    notifications.tell(VOIDED, asked, context, key=f"voided:{fact.signoff_id}", params=params, urgency=Urgency.DIGEST)


def tell_copied(fact: CopiesSent, context: Recorded) -> None:
    people = [principals.person(pk) for pk in fact.person_ids]
    if people:
        key, who = f"copies:{fact.signoff_id}:{min(fact.person_ids)}", "" if fact.by_route else context.actor.name
        _tell_beside(COPIED, people, fact.signoff_id, context, key=key, who=who)


def tell_addressed(fact: Remarked, context: Recorded) -> None:
    people = [principals.person(pk) for pk in fact.addressed]
    _tell_beside(
        REMARKED,
        people,
        fact.signoff_id,
        context,
        key=f"remark:{fact.remark_id}",
        who=context.actor.name,
        text=fact.text,
    )


def _tell_beside(
    kind: str, people: list[str], signoff_id: int, context: Recorded, *, key: str, who: str, text: str = ""
) -> None:
    """Leads to the page of the sign-off, which any of its slots opens."""
    slot = Slot.objects.filter(signoff=signoff_id).order_by("pk").first()
    if slot is None or not people:
        return
    params, subject = {"who": who, "text": text}, SubjectRef("slot", slot.pk)
    notifications.tell(kind, people, context, key=key, params=params, subject=subject)
