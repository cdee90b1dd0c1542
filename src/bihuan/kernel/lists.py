"""Rows in an order that people change."""

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")


def moved(rows: Sequence[Row], index: int, by: int) -> list[Row]:
    """A row one place earlier or later; the ends stay where they are."""
    made, to = list(rows), index + by
    if 0 <= index < len(made) and 0 <= to < len(made):
        made[index], made[to] = made[to], made[index]
    return made


def without(rows: Sequence[Row], index: int) -> list[Row]:
    return [row for place, row in enumerate(rows) if place != index]
