"""What kinds of promises there are and how they stand."""

from enum import StrEnum


class CommitmentKind(StrEnum):
    CONDITION = "CONDITION"
    ACTION = "ACTION"
    RECTIFICATION = "RECTIFICATION"
    IMPROVEMENT = "IMPROVEMENT"
    HANDED_OVER = "HANDED_OVER"
    CONTRIBUTION = "CONTRIBUTION"


class CommitmentState(StrEnum):
    OPEN = "OPEN"
    CLAIMED = "CLAIMED"
    VERIFIED = "VERIFIED"
    CANCELLED = "CANCELLED"


OUTLIVING = (CommitmentKind.IMPROVEMENT, CommitmentKind.HANDED_OVER)
"""What is still owed when the matter it was promised to has been closed."""
UNFINISHED = (CommitmentState.OPEN, CommitmentState.CLAIMED)
