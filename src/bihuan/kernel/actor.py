"""Who acts. Built once at the edge and handed down."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "PERSON"
    SYSTEM = "SYSTEM"
    IMPORT = "IMPORT"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the machine, with every principal key it answers to at this moment."""

    kind: ActorKind
    person_id: int | None
    name: str
    principals: frozenset[str]
    department_ids: frozenset[int] = frozenset()

    def is_one_of(self, principal: str) -> bool:
        return principal in self.principals


SYSTEM = Actor(ActorKind.SYSTEM, None, "system", frozenset())
