"""The rules of signing on plain values: what a decision needs, whose turn it is, how a sign-off ends."""

from bihuan.approvals.policy.deciding import STATE_AFTER, Condition, PartDecision, clean, findings_of_decision
from bihuan.approvals.policy.passing import (
    Group,
    Standing,
    groups_passed,
    groups_up,
    is_carried,
    is_decidable,
    outcome,
    state_in_next,
    steps_reached,
    turn,
)

__all__ = [
    "STATE_AFTER",
    "Condition",
    "Group",
    "PartDecision",
    "Standing",
    "clean",
    "findings_of_decision",
    "groups_passed",
    "groups_up",
    "is_carried",
    "is_decidable",
    "outcome",
    "state_in_next",
    "steps_reached",
    "turn",
]
