"""Which facts move which rule, and what comes round by a calendar. Rooms above say theirs in `apps.ready()`; the table
says what each rule waits for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.table import RULES
from bihuan.kernel.actor import Actor
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded, subscribe

Handler = Callable[[Any, Recorded], None]


class NotInTable(LookupError):
    """No such rule, or it does not name this fact."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A fact that moves a rule, and the room that sees to it."""

    rule: str
    fact: str
    room: str


_BOUND: set[Bound] = set()


def bind(rule_ids: Iterable[str], facts: Mapping[type[Fact], Handler], *, room: str) -> None:
    """Let the handlers see to these rules when the facts are recorded, behind what the room made of them before.

    Raises NotInTable for a fact that none of the rules names. Binding twice changes nothing.
    """
    for fact_class, handler in facts.items():
        rules = [rule_id for rule_id in rule_ids if fact_class.name in _named(rule_id)]
        if not rules:
            raise NotInTable(fact_class.name)
        subscribe(fact_class, handler, room=room)
        _BOUND.update(Bound(rule_id, fact_class.name, room) for rule_id in rules)


def _named(rule_id: str) -> frozenset[str]:
    try:
        return RULES[rule_id].facts
    except KeyError:
        raise NotInTable(rule_id) from None


def bound() -> frozenset[Bound]:
    return frozenset(_BOUND)


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


class Explain(Protocol):
    def __call__(self, deadline: Deadline) -> Mapping[str, str] | None:
        """How its instant came about, by language; None where the calendars tell another way by now."""


@dataclass(frozen=True, slots=True)
class Round:
    rules: tuple[str, ...]
    moves: Moves
    move: Move
    explain: Explain


_ROUNDS: dict[str, Round] = {}


def register_round(rules: Iterable[str], *, moves: Moves, move: Move, explain: Explain) -> None:
    """Called from `apps.py` of the room. Registering twice changes nothing."""
    found = Round(tuple(rules), moves, move, explain)
    _ROUNDS[" ".join(found.rules)] = found


def round_of(rule_id: str) -> Round | None:
    """The round that a rule belongs to; None for a rule of which nothing comes round."""
    return next((each for each in _ROUNDS.values() if rule_id in each.rules), None)


def moved_of_all(at: datetime) -> Iterator[Anew]:
    for each in _ROUNDS.values():
        yield from each.moves(at)


def move_some(limit: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """Of the first room that still has some."""
    moved = (each.move(limit, reason=reason, actor=actor, at=at) for each in _ROUNDS.values())
    return next(filter(None, moved), 0)
