"""How a matter fares: red, yellow or green, read from what each room holds for a bad sign."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.collaborations.models import Loop

RED, YELLOW, GREEN = "red", "yellow", "green"
HEALTH = (RED, YELLOW, GREEN)
Rows = Callable[[datetime], "QuerySet[Any]"]
_SIGNS: dict[str, dict[str, tuple[Rows, str]]] = {RED: {}, YELLOW: {}}


def register_sign(name: str, health: str, rows: Rows, path: str = "collaboration") -> None:
    """A matter is no better than `health` while one of `rows` belongs to it; `path` leads from row to matter."""
    _SIGNS[health][name] = (rows, path)


def overdue_loops(at: datetime) -> QuerySet[Loop]:
    return Loop.objects.filter(closed_at__isnull=True, due_at__lt=at)


def fares(health: str, at: datetime) -> Q:
    """The matters of this health: yellow ones have no red sign, green ones no sign at all."""
    red = _has_sign(RED, at)
    if health == RED:
        return red
    yellow = _has_sign(YELLOW, at)
    return ~red & (yellow if health == YELLOW else ~yellow)


def _has_sign(health: str, at: datetime) -> Q:
    found = Q()
    for rows, path in _SIGNS[health].values():
        found |= Q(Exists(rows(at).filter(**{path: OuterRef("pk")})))
    return found


def health_of(ids: Iterable[int], at: datetime) -> dict[int, str]:
    """The health of each of these matters. One query for each sign, whatever their number."""
    found = dict.fromkeys(ids, GREEN)
    for health in (YELLOW, RED):
        for rows, path in _SIGNS[health].values():
            signs = rows(at).filter(**{f"{path}__in": list(found)}).order_by().values_list(path, flat=True).distinct()
            found |= dict.fromkeys(signs, health)
    return found


register_sign("loops", RED, overdue_loops)
