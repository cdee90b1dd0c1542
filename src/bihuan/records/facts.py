"""What happens to records. The text of a draft is nobody else's business, so saving one is no fact."""

from dataclasses import dataclass, field
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RecordFact(Fact):
    form_code: str
    record_id: int


@dataclass(frozen=True, kw_only=True)
class RecordStarted(RecordFact):
    name: ClassVar[str] = "records.record.started"


@dataclass(frozen=True, kw_only=True)
class RecordDiscarded(RecordFact):
    name: ClassVar[str] = "records.record.discarded"


@dataclass(frozen=True, kw_only=True)
class DraftHandedOver(RecordFact):
    """Another person fills in a form that only its filler may touch."""

    name: ClassVar[str] = "records.draft.handed_over"
    before: int
    after: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordSubmitted(RecordFact):
    """A version is frozen. `parts` maps `<list>/<row id>` to the digest of the row."""

    name: ClassVar[str] = "records.record.submitted"
    version: int
    number: str
    digest: str
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordReturned(RecordFact):
    """The frozen version no longer stands; its filler works on the next one."""

    name: ClassVar[str] = "records.record.returned"
    number: str
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordSettled(RecordFact):
    """The status of the current version moved on: in review, approved, rejected."""

    name: ClassVar[str] = "records.record.settled"
    number: str
    version: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RecordSent(RecordFact):
    """A frozen version went out to people who read it. `left_out` may not read what is secret, and got none."""

    name: ClassVar[str] = "records.record.sent"
    number: str
    version: int
    person_ids: tuple[int, ...]
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordWithdrawn(RecordFact):
    name: ClassVar[str] = "records.record.withdrawn"
    number: str
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordSuperseded(RecordFact):
    name: ClassVar[str] = "records.record.superseded"
    number: str
    version: int
    by_record_id: int | None
