"""The rules of signing on plain values: what a decision needs, whose turn it is, how a sign-off ends."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bihuan.approvals.enums import SIGNED, Decision, SignoffState, SlotState
from bihuan.kernel.findings import Finding, error

OPINION_LIMIT = 2000
CONDITION_LIMIT = 500
CONDITIONS_LIMIT = 20

STATE_AFTER: Mapping[Decision, SlotState] = {
    Decision.APPROVE: SlotState.APPROVED,
    Decision.APPROVE_WITH_CONDITION: SlotState.APPROVED_WITH_CONDITION,
    Decision.REFUSE: SlotState.REFUSED,
    Decision.RESERVE: SlotState.RESERVED,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done because somebody agreed only on this condition. Owner and day may follow (domain §2.0.4)."""

    text: str
    owner_id: int | None = None
    department_id: int | None = None
    due_on: date | None = None
    gate: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"due_on": self.due_on.isoformat() if self.due_on else None}


@dataclass(frozen=True, slots=True)
class Standing:
    """A slot as the outcome sees it."""

    step: int
    state: SlotState


def clean(text: str) -> str:
    """What is kept of a typed text: no NUL (PostgreSQL cannot hold it), no blank ends."""
    return text.replace("\x00", "").strip()


def turn(slots: Iterable[Standing]) -> int | None:
    """The step that is up: the first one not wholly signed, or None when all are."""
    return min((slot.step for slot in slots if slot.state not in SIGNED), default=None)


def is_decidable(slot: Standing, slots: Iterable[Standing]) -> bool:
    """A slot may be decided while it is pending and every earlier step is signed."""
    return slot.state is SlotState.PENDING and turn(slots) == slot.step


def outcome(slots: Sequence[Standing], *, by_part: bool) -> SignoffState:
    """How the sign-off stands (会签: all must sign).

    One refusal refuses a whole subject at once. Line by line it waits until nobody can decide any more line, so that
    the author hears all objections together.
    """
    if turn(slots) is None:
        return SignoffState.APPROVED
    if not any(slot.state is SlotState.REFUSED for slot in slots):
        return SignoffState.OPEN
    if by_part and any(is_decidable(slot, slots) for slot in slots):
        return SignoffState.OPEN
    return SignoffState.REFUSED


def is_carried(*, state: SlotState, same_digest: bool, decided_by: int | None, author_id: int | None) -> bool:
    """An approval of an unchanged part holds for the next version, unless its signer wrote that version."""
    return state in SIGNED and same_digest and decided_by != author_id


def findings_of_decision(
    decision: Decision,
    *,
    opinion: str,
    conditions: Sequence[Condition],
    tests: Mapping[str, bool],
    asked: Collection[str],
) -> list[Finding]:
    """Everything a decision lacks; empty when it may be taken."""
    return [
        *_opinion_findings(decision, opinion),
        *_test_findings(decision, tests, asked),
        *_condition_findings(decision, conditions),
    ]


def _opinion_findings(decision: Decision, opinion: str) -> list[Finding]:
    if len(opinion) > OPINION_LIMIT:
        return [error("approvals.opinion_too_long", "opinion", limit=OPINION_LIMIT)]
    if opinion:
        return []
    if decision is Decision.REFUSE:
        return [error("approvals.reason_missing", "opinion")]
    if decision is Decision.RESERVE:
        return [error("approvals.opinion_missing", "opinion")]
    return []


def _test_findings(decision: Decision, tests: Mapping[str, bool], asked: Collection[str]) -> list[Finding]:
    findings = [error("approvals.test_unknown", f"tests.{key}", test=key) for key in tests if key not in asked]
    for key in asked:
        if key not in tests:
            findings.append(error("approvals.test_unanswered", f"tests.{key}", test=key))
        elif not tests[key] and decision is not Decision.REFUSE:
            findings.append(error("approvals.test_says_no", f"tests.{key}", test=key))
    return findings


def _condition_findings(decision: Decision, conditions: Sequence[Condition]) -> list[Finding]:
    if decision is not Decision.APPROVE_WITH_CONDITION:
        return [error("approvals.conditions_unwanted", "conditions")] if conditions else []
    if not conditions:
        return [error("approvals.conditions_missing", "conditions")]
    if len(conditions) > CONDITIONS_LIMIT:
        return [error("approvals.too_many_conditions", "conditions", limit=CONDITIONS_LIMIT)]
    return [
        finding for number, condition in enumerate(conditions) for finding in _one_condition(number, condition.text)
    ]


def _one_condition(number: int, text: str) -> list[Finding]:
    if not text:
        return [error("approvals.condition_empty", f"conditions.{number}.text")]
    if len(text) > CONDITION_LIMIT:
        return [error("approvals.condition_too_long", f"conditions.{number}.text", limit=CONDITION_LIMIT)]
    return []
