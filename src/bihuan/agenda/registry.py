"""What comes round by a calendar without being counted from a start: the rooms above say what a change moves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Anew:
    """A running deadline that is due at another instant by the calendars as they are, or as sure as it was not."""

    deadline: Deadline
    due_at: datetime
    is_provisional: bool


class Moves(Protocol):
    def __call__(self, at: datetime) -> Iterable[Anew]:
        """Those that move now."""


class Move(Protocol):
    def __call__(self, limit: int, *, reason: str, actor: Actor, at: datetime) -> int:
        """Move some of them, at least one and about `limit`; returns how many, 0 when none is left."""


@dataclass(frozen=True, slots=True)
class Round:
    moves: Moves
    move: Move


_ROUNDS: dict[str, Round] = {}


def register_round(key: str, *, moves: Moves, move: Move) -> None:
    """Called from `apps.py` of the room. Registering twice changes nothing."""
    _ROUNDS[key] = Round(moves, move)


def rounds_moved(at: datetime) -> Iterator[Anew]:
    for each in _ROUNDS.values():
        yield from each.moves(at)


def move_rounds(limit: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """Of the first room that still has some."""
    moved = (each.move(limit, reason=reason, actor=actor, at=at) for each in _ROUNDS.values())
    return next(filter(None, moved), 0)
