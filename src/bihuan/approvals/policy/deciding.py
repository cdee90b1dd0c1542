"""What a decision needs before it may be taken, on plain values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bihuan.approvals.enums import Decision, SlotState
from bihuan.kernel.findings import Finding, error

OPINION_LIMIT = 2000
CONDITION_LIMIT = 500
CONDITIONS_LIMIT = 20

STATE_AFTER: Mapping[Decision, SlotState] = {
    Decision.APPROVE: SlotState.APPROVED,
    Decision.APPROVE_WITH_CONDITION: SlotState.APPROVED_WITH_CONDITION,
    Decision.REFUSE: SlotState.REFUSED,
    Decision.RESERVE: SlotState.RESERVED,
    Decision.AMEND: SlotState.AMENDED,
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
class PartDecision:
    """What somebody says to one slot of a sign-off."""

    slot_id: int
    decision: Decision
    opinion: str = ""
    conditions: tuple[Condition, ...] = ()
    tests: Mapping[str, bool] = field(default_factory=dict)
    amendment: Mapping[str, Any] = field(default_factory=dict)
    """With AMEND: what the columns of the line shall say instead."""


def clean(text: str) -> str:
    """What is kept of a typed text: no NUL (PostgreSQL cannot hold it), no blank ends."""
    return text.replace("\x00", "").strip()


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
