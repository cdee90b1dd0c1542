"""Levels, roles and secrecy."""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How much of a thing somebody sees. Outline: that it exists, its number, step and dates."""

    OUTLINE = 1
    READ = 2
    WRITE = 3


class Role(StrEnum):
    INITIATOR = "INITIATOR"
    LEAD = "LEAD"
    HEAD = "HEAD"
    CONTACT = "CONTACT"
    RECORDER = "RECORDER"
    PMO = "PMO"
    EXECUTIVE = "EXECUTIVE"
    STAFF = "STAFF"
    READER = "READER"


class Secrecy(StrEnum):
    """The classes of §5.4. From SECRET on nobody reads who is not named, whatever group they belong to."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"
    SECRET = "SECRET"  # noqa: S105  a class of secrecy, not a password
    CONFIDENTIAL = "CONFIDENTIAL"


HIDDEN = (Secrecy.SECRET.value, Secrecy.CONFIDENTIAL.value)
