"""How sign-offs and their slots stand, and what a signatory may say."""

from enum import StrEnum


class SignoffState(StrEnum):
    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    VOID = "VOID"


class SlotState(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    APPROVED_WITH_CONDITION = "APPROVED_WITH_CONDITION"
    REFUSED = "REFUSED"
    RESERVED = "RESERVED"
    VOID = "VOID"


class Moved(StrEnum):
    """Why somebody else is asked in the place of an office."""

    NOT = ""
    DEPUTY = "DEPUTY"
    SUPERIOR = "SUPERIOR"
    LATE = "LATE"
    CONSULTED = "CONSULTED"


class RemarkKind(StrEnum):
    COMMENT = "COMMENT"
    QUESTION = "QUESTION"
    ANSWER = "ANSWER"
    ADVICE = "ADVICE"


class Decision(StrEnum):
    APPROVE = "APPROVE"
    APPROVE_WITH_CONDITION = "APPROVE_WITH_CONDITION"
    REFUSE = "REFUSE"
    RESERVE = "RESERVE"


SIGNED = (SlotState.APPROVED, SlotState.APPROVED_WITH_CONDITION, SlotState.RESERVED)
"""What counts as approval. A reservation is a signature with dissent written beside it."""
