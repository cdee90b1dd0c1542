"""What an imported matter looks like when it reaches this room. Pure data: no Django, no database, no clock.

The one who reads the outside source fills it in (`integrations`); `operations.import_collaborations` takes it.
People and departments stand here by the keys of the source. A key that the organisation does not know is no
error: the value stays in `raw`, and `findings` says what was odd.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bihuan.kernel.findings import Finding

KEY_LENGTH = 200
TITLE_LENGTH = 500
LINK_LENGTH = 500
NAME_LENGTH = 300
WORD_LENGTH = 80

ImportOutcome = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class ImportedDate:
    """A day as the source gave it. `day` is None when `raw` is no day; `raw` is empty when nothing was given."""

    day: date | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class ImportedMilestone:
    name: str
    on: ImportedDate = ImportedDate()
    approver_key: str = ""


@dataclass(frozen=True, slots=True)
class ImportedCriterion:
    text: str
    phase: str = ""


@dataclass(frozen=True, slots=True)
class ImportedAsk:
    """A resource the source asks for; `department_key` is empty when it names none."""

    text: str
    department_key: str = ""


@dataclass(frozen=True, slots=True)
class ImportedAnnex:
    """What the source keeps beside the matter: a change, an exception, a report. `raw` is its line."""

    kind: str
    source_key: str
    raw: str


@dataclass(frozen=True, slots=True)
class ImportedMatter:
    r"""One matter of another system, everything readable of it, and its line as it stood there.

    `source_key` identifies the matter for ever: a second import meets the same row. `digest` changes exactly when the
    line or what was found about it changed, so an equal digest means nothing is to be done. `raw` is the JSON text of
    the line (text, not a JSON column: it may hold `\u0000`); what has no field here is not lost. `parent_key` names the
    matter this one is part of (a programme); `annexes` stand in the order of the source.

    No text holds a NUL or half a surrogate pair. Keys are at most KEY_LENGTH characters, the title TITLE_LENGTH, names
    of milestones NAME_LENGTH, `external_ref` LINK_LENGTH, other words WORD_LENGTH; long texts are as they are.
    """

    source_key: str
    raw: str
    digest: str
    organisation: str = ""
    kind: str = ""
    language: str = ""
    number: str = ""
    number_raw: str = ""
    title: str = ""
    summary: str = ""
    background: str = ""
    goals: tuple[str, ...] = ()
    non_goals: tuple[str, ...] = ()
    lead_department_key: str = ""
    participant_keys: tuple[str, ...] = ()
    requester_key: str = ""
    owner_keys: tuple[str, ...] = ()
    approver_keys: tuple[str, ...] = ()
    reviewer_keys: tuple[str, ...] = ()
    editor_keys: tuple[str, ...] = ()
    status: str = ""
    status_raw: str = ""
    stage: str = ""
    programme: str = ""
    external_ref: str = ""
    created: ImportedDate = ImportedDate()
    updated: ImportedDate = ImportedDate()
    milestones: tuple[ImportedMilestone, ...] = ()
    criteria: tuple[ImportedCriterion, ...] = ()
    risks: tuple[str, ...] = ()
    asks: tuple[ImportedAsk, ...] = ()
    findings: tuple[Finding, ...] = ()
    parent_key: str = ""
    annexes: tuple[ImportedAnnex, ...] = ()
