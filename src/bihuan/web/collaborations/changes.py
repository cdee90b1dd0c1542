"""Decisions on the matter itself: what may be asked, what was, and a matter that rests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from bihuan.collaborations import queries
from bihuan.collaborations.rules import carries, may_resume
from bihuan.records import registry
from bihuan.records.enums import EDITABLE, Status
from bihuan.web.collaborations.papers import TONES

if TYPE_CHECKING:
    from bihuan.web.collaborations.sections import Opened

Text = str | Promise
SYMBOLS: Mapping[str, str] = {
    "F21": "file-pen", "F28": "ban", "F29": "circle-pause", "F30": "users", "F31": "paperclip",
}  # fmt: skip
BEFORE_DECISION = (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that may be begun now."""

    code: str
    title: Text
    purpose: Text
    symbol: str


@dataclass(frozen=True, slots=True)
class Requested:
    """A request about the matter as the list shows it."""

    record: Any
    title: Text
    status: str
    tone: str
    may_edit: bool
    may_take_back: bool


def read(opened: "Opened") -> dict[str, Any]:
    matter, actor = opened.matter, opened.actor
    is_carried = carries(actor, matter)
    resting = queries.suspension_of(matter.pk)
    rested = queries.rested(matter.pk, opened.at)
    requests = queries.proposals_of(matter, actor=actor, at=opened.at)
    return {
        "resting": resting, "rested_days": rested.days,
        "may_resume": resting is not None and may_resume(actor, matter),
        "asks": [_ask(code) for code in queries.may_be_asked(matter, opened.run)] if is_carried else [],
        "requests": [_requested(record, is_carried=is_carried) for record in requests],
    }  # fmt: skip


def _ask(code: str) -> Ask:
    form = registry.form(code)
    return Ask(code, form.title, form.purpose, SYMBOLS[code])


def _requested(record: Any, *, is_carried: bool) -> Requested:
    return Requested(
        record=record,
        title=registry.form(record.form_code).title,
        status=record.get_status_display(),
        tone=TONES.get(record.status, "neutral"),
        may_edit=is_carried and record.status in EDITABLE,
        may_take_back=is_carried and record.status in BEFORE_DECISION,
    )
