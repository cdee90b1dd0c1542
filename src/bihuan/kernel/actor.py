"""Who acts. Built once at the edge and handed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "PERSON"
    SYSTEM = "SYSTEM"
    IMPORT = "IMPORT"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the machine, with every principal key it answers to at this moment.

    `acting_for`: keys it answers to only in the place of somebody who is away, each with that name.
    """

    kind: ActorKind
    person_id: int | None
    name: str
    principals: frozenset[str]
    department_ids: frozenset[int] = frozenset()
    acting_for: Mapping[str, str] = field(default_factory=dict, compare=False)

    def is_one_of(self, principal: str) -> bool:
        return principal in self.principals


SYSTEM = Actor(ActorKind.SYSTEM, None, "system", frozenset())
