from enum import StrEnum


class State(StrEnum):
    PENDING = "PENDING"
    DONE = "DONE"
    DEAD = "DEAD"
