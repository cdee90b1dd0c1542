from enum import StrEnum


class Fault(StrEnum):
    """What a verification can find."""

    ENTRY_CHANGED = "ENTRY_CHANGED"
    ENTRY_MISSING = "ENTRY_MISSING"
    ENTRY_INSERTED = "ENTRY_INSERTED"
    LINK_BROKEN = "LINK_BROKEN"
    TAIL_CUT = "TAIL_CUT"
    TAIL_ADDED = "TAIL_ADDED"
    HEAD_CHANGED = "HEAD_CHANGED"
    CHAIN_DROPPED = "CHAIN_DROPPED"
    REWRITTEN = "REWRITTEN"
    BODY_CHANGED = "BODY_CHANGED"
    BODY_MISSING = "BODY_MISSING"
    SEAL_MISSING = "SEAL_MISSING"
    SEAL_CHANGED = "SEAL_CHANGED"
    SEAL_FORGED = "SEAL_FORGED"
    ANCHOR_UNKNOWN = "ANCHOR_UNKNOWN"
    KEY_UNVOUCHED = "KEY_UNVOUCHED"
    WITNESS_DIFFERS = "WITNESS_DIFFERS"


class KeyState(StrEnum):
    """How the key of the data directory stands to the newest one the ledger knows."""

    NONE = "NONE"
    GOOD = "GOOD"
    LOST = "LOST"
    REPLACED = "REPLACED"
