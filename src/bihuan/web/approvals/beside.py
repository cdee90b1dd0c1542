"""What stands beside the decision on the sign page: who may do what else, what was said, who got copies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.approvals import operations, rules
from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import Moved, RemarkKind, SignoffState, SlotState
from bihuan.approvals.queries import Receipt
from bihuan.kernel.actor import Actor
from bihuan.organisation import queries as organisation
from bihuan.web.approvals.sheets import Sheet

MOVED: dict[str, str | Promise] = {
    Moved.DEPUTY: _("Asked in the place of %(office)s, who is away."),
    Moved.SUPERIOR: _("Asked as the next superior of %(office)s."),
    Moved.LATE: _("Asked because %(office)s did not answer in time; the office may still answer."),
    Moved.CONSULTED: _("Asked for advice; the decision is with %(office)s."),
}
KINDS: dict[str, str | Promise] = {
    RemarkKind.COMMENT: _("comment"),
    RemarkKind.QUESTION: _("question"),
    RemarkKind.ANSWER: _("answer"),
    RemarkKind.ADVICE: _("advice"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One remark; `may_answer` when it is a question to the reader that he has not answered."""

    id: int
    kind: str | Promise
    name: str
    at: datetime
    text: str
    to: str
    about: str
    may_answer: bool


@dataclass(frozen=True, slots=True)
class Beside:
    moved: str
    may_ask: bool
    may_advise: bool
    may_get_back: bool
    may_take_back: bool
    may_copy: bool
    added: list[Any]
    steps: list[int]
    remarks: list[Said]
    receipts: list[Receipt]


def beside_of(sheet: Sheet, actor: Actor, at: datetime) -> Beside:
    """A fixed number of queries; opening the page is the receipt of a copy."""
    slot, signoff = sheet.slot, sheet.signoff
    operations.note_read(signoff.pk, actor=actor, at=at)
    slots = list(signoff.slots.all())
    is_open = signoff.state == SignoffState.OPEN and slot.state == SlotState.PENDING
    is_asked = is_open and not rules.is_author(actor, signoff) and rules.answers_to(actor, slot)
    return Beside(
        moved=_moved(slot, at) if is_open else "",
        may_ask=is_asked,
        may_advise=is_open and rules.is_consulted(actor, slot),
        may_get_back=is_asked and slot.moved == Moved.CONSULTED,
        may_take_back=approvals.may_take_back(actor, slot),
        may_copy=rules.is_author(actor, signoff) or any(rules.has_part(actor, each) for each in slots),
        added=[each for each in slots if each.state == SlotState.PENDING and _is_own(actor, each)],
        steps=approvals.earlier_steps(slot) if sheet.may_decide else [],
        remarks=_remarks(signoff, actor, at),
        receipts=approvals.receipts_of(signoff),
    )


def _is_own(actor: Actor, slot: Any) -> bool:
    return slot.added_by_id is not None and slot.added_by_id == actor.person_id


def _moved(slot: Any, at: datetime) -> str:
    pattern = MOVED.get(slot.moved)
    return str(pattern) % {"office": organisation.name_of(slot.office, at)} if pattern else ""


def _remarks(signoff: Any, actor: Actor, at: datetime) -> list[Said]:
    rows = approvals.remarks_of(signoff)
    answered = {row.answers_id for row in rows}
    people = organisation.directory({pk for row in rows for pk in row.addressed}, (), at).people if rows else {}
    return [
        Said(
            id=row.pk, kind=KINDS[row.kind], name=row.name, at=row.at, text=row.text,
            to="、".join(people[pk].name for pk in row.addressed if pk in people),
            about=row.answers.text if row.answers else "",
            may_answer=row.kind == RemarkKind.QUESTION and row.slot_id is None
            and row.pk not in answered and actor.person_id in row.addressed,
        )
        for row in rows
    ]  # fmt: skip
