"""How much a notice hurries, the channel everybody has, the kind this room tells itself."""

from enum import IntEnum

INBOX = "inbox"
UNDELIVERED = "notifications.undelivered"


class Urgency(IntEnum):
    """DIGEST waits for the one message of the day, NORMAL for the hours of the receiver, URGENT for nothing."""

    DIGEST = 1
    NORMAL = 2
    URGENT = 3
