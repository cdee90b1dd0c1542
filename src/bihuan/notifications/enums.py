"""How much a notice hurries, and the channel everybody has."""

from enum import IntEnum

INBOX = "inbox"


class Urgency(IntEnum):
    """DIGEST waits for the one message of the day, NORMAL for the hours of the receiver, URGENT for nothing."""

    DIGEST = 1
    NORMAL = 2
    URGENT = 3
