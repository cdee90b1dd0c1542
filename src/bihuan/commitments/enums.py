"""What kinds of promises there are and how they stand."""

from enum import StrEnum


class CommitmentKind(StrEnum):
    CONDITION = "CONDITION"
    ACTION = "ACTION"
    RECTIFICATION = "RECTIFICATION"
    IMPROVEMENT = "IMPROVEMENT"


class CommitmentState(StrEnum):
    OPEN = "OPEN"
    CLAIMED = "CLAIMED"
    VERIFIED = "VERIFIED"
    CANCELLED = "CANCELLED"


UNFINISHED = (CommitmentState.OPEN, CommitmentState.CLAIMED)
