"""Figures of the process that the review report shows. Each room counts its own (F17 `stats`)."""

from collections.abc import Callable
from datetime import datetime

from bihuan.collaborations.models import Collaboration

Count = Callable[[Collaboration, datetime], int]
_COUNTS: dict[str, Count] = {}


def register(key: str, count: Count) -> None:
    _COUNTS[key] = count


def figures(collaboration: Collaboration, at: datetime) -> dict[str, int]:
    """Every figure that some room counts."""
    return {key: count(collaboration, at) for key, count in sorted(_COUNTS.items())}
