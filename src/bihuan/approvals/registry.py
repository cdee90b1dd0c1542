"""What routes may speak of. Rooms that open sign-offs say their words in `apps.ready()`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bihuan.approvals.policy.checking import Vocabulary
from bihuan.notifications.registry import Text


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a matter, its smallest step, and whether it is a sum of money."""

    label: Text
    step: Decimal = Decimal(1)
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a matter and what it can be; nothing when that is not known beforehand."""

    label: Text
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(slots=True)
class Spoken:
    """Everything said so far, each word with its label."""

    roles: dict[str, Text] = field(default_factory=dict)
    groups: dict[str, Text] = field(default_factory=dict)
    parts: dict[str, Text] = field(default_factory=dict)
    tests: dict[str, Text] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)


_spoken = Spoken()


def spoken() -> Spoken:
    return _spoken


def vocabulary() -> Vocabulary:
    """The words as the checks see them."""
    return Vocabulary(
        roles=frozenset(_spoken.roles),
        groups=frozenset(_spoken.groups),
        numbers={key: number.step for key, number in _spoken.numbers.items()},
        words={key: frozenset(word.choices) for key, word in _spoken.words.items()},
        parts=frozenset(_spoken.parts),
        tests=frozenset(_spoken.tests),
    )
