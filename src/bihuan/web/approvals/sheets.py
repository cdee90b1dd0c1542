"""Everything one sign page shows, fetched through the queries of the rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from bihuan.collaborations.queries.consensus import FORM, agreement_of
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records import registry
from bihuan.records.policy.amending import amendable, find_line
from bihuan.records.schema import Field, Form
from bihuan.web.approvals import facts
from bihuan.web.approvals.facts import KeyFact, Line
from bihuan.web.approvals.wording import Reworded, reworded, wanted_words
from bihuan.web.filling import Filling

Text = str | Promise

DECIDED: dict[SlotState, Text] = {
    SlotState.PENDING: gettext_lazy("waiting"),
    SlotState.APPROVED: gettext_lazy("agreed"),
    SlotState.APPROVED_WITH_CONDITION: gettext_lazy("agreed on condition"),
    SlotState.REFUSED: gettext_lazy("refused"),
    SlotState.RESERVED: gettext_lazy("signed with reservation"),
    SlotState.AMENDED: gettext_lazy("wants it otherwise"),
    SlotState.VOID: gettext_lazy("no longer asked"),
}
DECISION_OF = {
    SlotState.APPROVED: Decision.APPROVE,
    SlotState.APPROVED_WITH_CONDITION: Decision.APPROVE_WITH_CONDITION,
    SlotState.REFUSED: Decision.REFUSE,
    SlotState.RESERVED: Decision.RESERVE,
    SlotState.AMENDED: Decision.AMEND,
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
    agreed: Mapping[str, Any] = field(default_factory=dict)
    """Of what is signed line by line, each line with its earlier texts."""

    @property
    def may_decide(self) -> bool:
        """Also where another line of this party waits than the one the page was opened with."""
        return any(self.is_by_line or slot.pk == self.slot.pk for slot in self.slots)

    @property
    def standing(self) -> Sequence[tuple[SlotState, Sequence[Signature]]]:
        """What this party has said, each answer with the lines it was given to, most lines first; what it may decide
        now is left out."""
        is_whole = not self.is_by_line or self.slot.state == SlotState.VOID
        lines = [each for each in self.signatures if each.part and each.key == self.slot.key and not is_whole]
        said: dict[SlotState, list[Signature]] = {}
        for each in lines or [approvals.signature(self.slot)]:
            if not (self.may_decide and each.state == SlotState.PENDING):
                said.setdefault(SlotState(each.state), []).append(each)
        return sorted(said.items(), key=lambda answer: -len(answer[1]))

    @property
    def is_by_line(self) -> bool:
        return bool(self.slot.part)

    def line(self, part: str) -> Line:
        return facts.line_of(self.paper.form, self.paper.body, part) if self.paper else Line("", part, ())

    def columns(self, part: str) -> Sequence[Field]:
        """What of a line may be put otherwise; nothing of what cannot be amended."""
        field_of = self._list(part)
        return amendable(field_of) if field_of is not None else ()

    def filling(self) -> Filling:
        """What stands behind the columns that may be put otherwise: the departments a line may bind. One query, and
        only where lines are signed."""
        if self.paper is None or self.matter is None or not (self.is_by_line and self.may_decide):
            return Filling()
        return Filling(departments=registry.form_type(self.paper.form.code).departments(self.paper.record))

    def row(self, part: str) -> Mapping[str, Any]:
        found = find_line(self.paper.form, self.paper.body, part) if self.paper else None
        return self.paper.body[found[0].key][found[1]] if self.paper and found else {}

    def changed(self, slot: Any) -> Sequence[Reworded]:
        """How the line differs from the text that this party was asked about before."""
        line, field_of = self.agreed.get(slot.part), self._list(slot.part)
        if line is None or field_of is None or not line.before:
            return ()
        heard = (text for text in line.before if any(said.key == slot.key for said in text.said))
        return reworded(field_of, next(heard, line.before[0]).row, self.row(slot.part))

    def wanted(self, slot: Any) -> Sequence[Reworded]:
        """What this party wanted otherwise, against the text it was asked about."""
        field_of = self._list(slot.part)
        if field_of is None or not slot.amendment:
            return ()
        return wanted_words(field_of, slot.amendment)

    def _list(self, part: str) -> Field | None:
        return self.paper.form.field(part.partition("/")[0]) if self.paper else None


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
        signatures=signatures, next=_next(slot, signoff, signatures, after), agreed=_agreed(slot, paper, matter),
    )  # fmt: skip


def _agreed(slot: Any, paper: Paper | None, matter: Any) -> Mapping[str, Any]:
    """Five queries, for the consensus alone, and only where it has more than one version."""
    if not slot.part or paper is None or matter is None or paper.version.version == 1:
        return {}
    return {line.part: line for line in agreement_of(matter).lines} if paper.form.code == FORM else {}


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
