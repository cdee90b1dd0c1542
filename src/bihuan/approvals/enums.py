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
    AMENDED = "AMENDED"
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
    AMEND = "AMEND"


class Answer(StrEnum):
    """What became of an amendment: it waits, stands in the next version, was declined, or the line was changed
    otherwise meanwhile."""

    OPEN = "OPEN"
    TAKEN = "TAKEN"
    DECLINED = "DECLINED"
    LAPSED = "LAPSED"


SIGNED = (SlotState.APPROVED, SlotState.APPROVED_WITH_CONDITION, SlotState.RESERVED)
"""What counts as approval. A reservation is a signature with dissent written beside it."""
UNANSWERED = (SlotState.PENDING, SlotState.AMENDED)
"""What may still become a signature or a refusal: somebody is asked, or the author has to answer an amendment first."""
