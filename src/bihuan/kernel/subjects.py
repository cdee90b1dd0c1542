"""How generic rooms point at what they are about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SubjectRef:
    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
