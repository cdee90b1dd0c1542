"""Which facts move which rule. Rooms above bind theirs in `apps.ready()`; the table says what each rule waits for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.deadlines.policy.table import RULES
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
