"""What happens to a promise."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CommitmentMade(Fact):
    name: ClassVar[str] = "commitments.commitment.made"

    commitment_id: int
    kind: str
    text: str
    owner_id: int | None
    department_id: int | None
    due_on: str | None
    gate: str
    source: str
    asked_by: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class CommitmentAssigned(Fact):
    """Somebody named who does it and by when."""

    name: ClassVar[str] = "commitments.commitment.assigned"

    commitment_id: int
    owner_id: int
    due_on: str
    owner_before: int | None
    due_before: str | None


@dataclass(frozen=True, kw_only=True)
class CommitmentClaimed(Fact):
    """The owner says it is done and shows why."""

    name: ClassVar[str] = "commitments.commitment.claimed"

    commitment_id: int
    evidence: str


@dataclass(frozen=True, kw_only=True)
class CommitmentVerified(Fact):
    """Somebody else looked and found it done; this ends the promise."""

    name: ClassVar[str] = "commitments.commitment.verified"

    commitment_id: int
    note: str


@dataclass(frozen=True, kw_only=True)
class CommitmentReturned(Fact):
    """Somebody else looked and found it not done; it is owed again."""

    name: ClassVar[str] = "commitments.commitment.returned"

    commitment_id: int
    note: str
    times_returned: int


@dataclass(frozen=True, kw_only=True)
class CommitmentCancelled(Fact):
    """Who asked for it no longer needs it."""

    name: ClassVar[str] = "commitments.commitment.cancelled"

    commitment_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CommitmentHandedOver(Fact):
    """Another person owes it from now on; text and date stay."""

    name: ClassVar[str] = "commitments.commitment.handed_over"

    commitment_id: int
    owner_before: int
    owner_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VerifierChanged(Fact):
    """Another person looks whether it is done; `before` and `after` are principals."""

    name: ClassVar[str] = "commitments.verifier.changed"

    commitment_id: int
    before: str
    after: str
    reason: str


ALL: tuple[type[Fact], ...] = (
    CommitmentMade, CommitmentAssigned, CommitmentClaimed, CommitmentVerified, CommitmentReturned, CommitmentCancelled,
    CommitmentHandedOver, VerifierChanged,
)  # fmt: skip
