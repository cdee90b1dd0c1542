from enum import IntEnum


class Place(IntEnum):
    """Where the words were found; what is found in a title stands first."""

    TITLE = 0
    TEXT = 1
