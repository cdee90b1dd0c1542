"""Kept and missed promises, counted. Pure."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """`kept` in time, `late` but done, `missed` for good, `overdue` and still owed."""

    kept: int = 0
    late: int = 0
    missed: int = 0
    overdue: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.kept + other.kept,
            self.late + other.late,
            self.missed + other.missed,
            self.overdue + other.overdue,
        )

    @property
    def total(self) -> int:
        return self.kept + self.late + self.missed + self.overdue

    @property
    def undone(self) -> int:
        return self.missed + self.overdue

    @property
    def percent(self) -> int | None:
        """How many of a hundred were kept in time, rounded down, so that only all are a hundred."""
        return self.kept * 100 // self.total if self.total else None


class Counted(Protocol):
    @property
    def tally(self) -> Tally: ...


Row = TypeVar("Row", bound=Counted)


def summed(rows: Iterable[Row], by: Callable[[Row], Key]) -> dict[Key, Tally]:
    """The tallies of the rows that are alike."""
    found: dict[Key, Tally] = {}
    for row in rows:
        found[by(row)] = found.get(by(row), Tally()) + row.tally
    return found


def months_until(today: date, count: int) -> list[date]:
    """The first days of the last `count` months, the present one last."""
    first = today.year * 12 + today.month - count
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + count)]
