"""Everything one sign page shows, fetched through the queries of the rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import Decision, SignoffState, SlotState
from bihuan.approvals.queries import Signature
from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.enums import Step
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records import registry
from bihuan.records.schema import Form
from bihuan.web.approvals import facts
from bihuan.web.approvals.facts import KeyFact, Line

Text = str | Promise

DECIDED: dict[SlotState, Text] = {
    SlotState.PENDING: gettext_lazy("waiting"),
    SlotState.APPROVED: gettext_lazy("agreed"),
    SlotState.APPROVED_WITH_CONDITION: gettext_lazy("agreed on condition"),
    SlotState.REFUSED: gettext_lazy("refused"),
    SlotState.RESERVED: gettext_lazy("signed with reservation"),
    SlotState.VOID: gettext_lazy("no longer asked"),
}
DECISION_OF = {
    SlotState.APPROVED: Decision.APPROVE,
    SlotState.APPROVED_WITH_CONDITION: Decision.APPROVE_WITH_CONDITION,
    SlotState.REFUSED: Decision.REFUSE,
    SlotState.RESERVED: Decision.RESERVE,
}
ENDED: dict[SignoffState, Text] = {
    SignoffState.APPROVED: gettext_lazy("Everybody has agreed."),
    SignoffState.REFUSED: gettext_lazy("It was refused and goes back to the author."),
    SignoffState.VOID: gettext_lazy("It was withdrawn or replaced by a newer version."),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """The frozen form that is to be signed."""

    record: Any
    version: Any
    form: Form
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One slot and its ground. `slots` are those of the same party that the actor may decide now."""

    slot: Any
    signoff: Any
    slots: list[Any]
    matter: Any
    paper: Paper | None
    title: Text
    who: str
    author: str
    facts: list[KeyFact]
    signatures: list[Signature]
    next: str

    @property
    def may_decide(self) -> bool:
        return any(slot.pk == self.slot.pk for slot in self.slots)

    @property
    def is_by_line(self) -> bool:
        return bool(self.slot.part)

    def line(self, part: str) -> Line:
        return facts.line_of(self.paper.form, self.paper.body, part) if self.paper else Line("", part, ())


def sheet_for(actor: Actor, slot_id: int, at: datetime) -> Sheet:
    """The page of one slot. Raises `NotFound` for a slot that the actor may not read."""
    slot = approvals.slot_for(actor, slot_id, at)
    signoff = slot.signoff
    paper = _paper(actor, signoff, at)
    matter = _matter(actor, signoff, at)
    mine = [each for each in approvals.slots_to_decide(signoff, actor) if each.key == slot.key]
    signatures = approvals.signatures_of(signoff.subject, signoff.digest)
    after = "" if paper is not None and paper.form.code in collaborations.REQUESTS else _step_after(matter)
    return Sheet(
        slot=slot, signoff=signoff, slots=mine, matter=matter, paper=paper,
        title=paper.form.title if paper else signoff.route,
        who=slot.label or organisation.name_of(slot.principal, at),
        author=signoff.author.name if signoff.author else "",
        facts=facts.key_facts(paper.form, paper.body, department_of(slot)) if paper else [],
        signatures=signatures, next=_next(slot, signoff, signatures, after),
    )  # fmt: skip


def _paper(actor: Actor, signoff: Any, at: datetime) -> Paper | None:
    if signoff.subject_kind != "record":
        return None
    record = records.record_for(actor, signoff.subject_id, at=at)
    version = records.version_with(record, signoff.digest)
    return Paper(record, version, registry.form_of(record), version.data) if version else None


def _matter(actor: Actor, signoff: Any, at: datetime) -> Any:
    if signoff.root_kind != "collaboration":
        return None
    try:
        return collaborations.collaboration_for(actor, signoff.root_id, at=at)
    except NotFound:
        return None


def department_of(slot: Any) -> int | None:
    """The department whose part is shown: the slot's key, or the head's; none where its lines stand on the page."""
    if slot.part:
        return None
    if slot.key.isdigit():
        return int(slot.key)
    kind, pk = principals.split(slot.principal)
    return pk if kind in ("h", "d") else None


def _next(slot: Any, signoff: Any, signatures: list[Signature], step: str) -> str:
    """What happens after this signature, in one sentence. `step` follows, where the paper leads on."""
    if signoff.state != SignoffState.OPEN:
        return str(ENDED[SignoffState(signoff.state)])
    others = {each.key for each in signatures if each.state is SlotState.PENDING and each.key != slot.key}
    if others:
        pattern = ngettext(
            "%(count)s other party still has to decide.", "%(count)s other parties still have to decide.", len(others)
        )
        return pattern % {"count": len(others)}
    if step:
        return _("You are the last. If you agree it goes on: %(step)s.") % {"step": step}
    return _("You are the last to decide.")


def _step_after(matter: Any) -> str:
    run = collaborations.current_run(matter) if matter else None
    if run is None:
        return ""
    following = collaborations.step_following(matter, run)
    return str(Step(following.key).label) if following else ""
