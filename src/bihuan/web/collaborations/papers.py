"""The forms of a matter as its sections list them: where each stands, who signed, and what the reader may do to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import SlotState
from bihuan.collaborations import queries
from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.collaborations.queries.steps import corrigible, needless, step_to_reopen, steps_asked
from bihuan.collaborations.rules import may_fill
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import queries as records
from bihuan.records import registry
from bihuan.records.enums import EDITABLE, STANDING, Status
from bihuan.records.schema import Form
from bihuan.web.approvals.standing import office_text
from bihuan.web.collaborations.loops import step_name

TONES = {
    Status.DRAFT: "current",
    Status.RETURNED: "warn",
    Status.SUBMITTED: "waiting",
    Status.IN_REVIEW: "waiting",
    Status.APPROVED: "good",
    Status.REJECTED: "bad",
}


@dataclass(frozen=True, slots=True)
class Party:
    """What one party of a route has said so far, over all its lines."""

    label: str
    state: SlotState
    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One form. `record` is None before it was begun; `filler` says who is expected to write it."""

    form: Form
    record: Any
    status: "str | Promise"
    tone: str
    step: str
    parties: Sequence[Party]
    may_start: bool
    may_revise: bool

    @property
    def signed(self) -> int:
        return sum(1 for party in self.parties if party.state is not SlotState.PENDING)


def papers_of(matter: Any, run: Any, codes: Iterable[str], *, actor: Actor, at: datetime) -> list[Paper]:
    """The forms of these codes that the playbook asks of this matter, in this order, and what was begun besides."""
    root = SubjectRef("collaboration", matter.pk)
    plan = queries.plan_of(matter)
    asked = {form.code: (step.key, form.filler) for step in plan.steps for form in step.forms}
    found = {row.form_code: row for row in records.records_of(root, actor=actor, at=at) if row.form_code in asked}
    now = {step.key for step in steps_asked(matter, run)} if run is not None else set()
    reopened = {code for code in asked if run is not None and step_to_reopen(matter, run, code) is not None}
    if run is not None:
        reopened |= {form.code for step in corrigible(matter, run) for form in step.forms}
    here = {code for code, (step, filler) in asked.items() if step in now and may_fill(actor, matter, filler)}
    again = {code for code in reopened if may_fill(actor, matter, asked[code][1])}
    no_need = _not_asked(matter, plan, {code for code, row in found.items() if row.status in STANDING})
    return [
        _paper(code, asked[code][0], found.get(code), is_his=code in here, may_reopen=code in again)
        for code in codes
        if code in found or (code in asked and code not in no_need)
    ]


def _not_asked(matter: Any, plan: PlaybookPlan, filed: set[str]) -> frozenset[str]:
    """Forms nobody need hand in: the condition was answered with no, or another one was enough."""
    enough = {form.code for step in plan.steps for form in step.forms if filed.intersection(step.one_of(form.code))}
    return needless(matter, [form for step in plan.steps for form in step.forms]) | enough


def _paper(code: str, step: str, record: Any, *, is_his: bool, may_reopen: bool) -> Paper:
    is_open = record is None or record.status in EDITABLE
    return Paper(
        form=registry.form(code),
        record=record,
        status=record.get_status_display() if record is not None else _("not begun"),
        tone=TONES.get(record.status, "neutral") if record is not None else "neutral",
        step=step_name(step),
        parties=_parties(record),
        may_start=is_his and is_open,
        may_revise=(is_his or may_reopen) and not is_open and record.status in STANDING,
    )


def _parties(record: Any) -> list[Party]:
    """One entry per party, the weightiest of what it said on any line: refused before waiting before agreed."""
    if record is None or record.current_version is None:
        return []
    said: dict[str, list[Any]] = {}
    for each in approvals.signatures_of(record.subject, record.current_version.digest):
        said.setdefault(each.key, []).append(each)
    return [_party(lines) for lines in said.values()]


WEIGHT = (
    SlotState.REFUSED, SlotState.AMENDED, SlotState.PENDING, SlotState.RESERVED, SlotState.APPROVED_WITH_CONDITION,
    SlotState.APPROVED,
)  # fmt: skip


def _party(lines: list[Any]) -> Party:
    weightiest = min(lines, key=lambda each: WEIGHT.index(each.state))
    return Party(weightiest.label or office_text(weightiest.key), weightiest.state, weightiest.name)
