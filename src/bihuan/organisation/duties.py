"""What a person holds that somebody else must take over before he leaves. Each room registers its kinds.

A table that names a person has either a holding here or a reason in `tests/organisation/test_duties.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise

from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.enums import DeputyKind


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing a person holds. `number` may be told to whoever settles what a leaver leaves, `what` to readers only.

    `is_shared`: others hold it as well, so that nothing would be left with nobody.
    """

    kind: str
    id: int
    root: SubjectRef
    number: str
    what: str = ""
    scope_id: int | None = None
    due_on: date | None = None
    is_shared: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """From whom to whom, why, by whom and when."""

    before: int
    after: int
    reason: str
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A kind of duty. `relations` are the columns it answers for, as `room.Table.column`.

    `held_by(person_id, at)` lists what is unfinished. `hand_over(id, change)` moves one of them, records one fact and
    raises ``Refused`` when this successor cannot take it; who may hand over is checked before. Deputies named for
    `stands_in` are proposed first; an office proposes every deputy.
    """

    kind: str
    label: str | Promise
    relations: tuple[str, ...]
    held_by: Callable[[int, datetime], list[Duty]]
    hand_over: Callable[[int, HandOver], object]
    order: int = field(default=50)
    stands_in: DeputyKind | None = None


class HoldingTaken(Exception):
    """Two rooms registered one kind of duty."""


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Add a kind of duty. Registering the same one twice changes nothing."""
    if _HOLDINGS.setdefault(holding.kind, holding) != holding:
        raise HoldingTaken(holding.kind)


def registered() -> Mapping[str, Holding]:
    """By kind, the matters first and the offices last."""
    return dict(sorted(_HOLDINGS.items(), key=lambda item: (item[1].order, item[0])))


def held_by(person_id: int, at: datetime) -> list[Duty]:
    """Everything the person holds now, kind by kind, soonest due first."""
    return [
        duty
        for holding in registered().values()
        for duty in sorted(holding.held_by(person_id, at), key=lambda duty: (duty.due_on or date.max, duty.id))
    ]
