"""What the rooms give to be found. Registered in their `apps.py`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A thing as it is found: who may read its scope may find it. `spellings` lead to it and are never shown."""

    kind: str
    id: int
    unit_id: int
    scope_id: int
    number: str = ""
    title: str
    text: str = ""
    spellings: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """Things that are indexed together. `ids(after, limit)`: the ids there are, in order."""

    kind: str
    ids: Callable[[int, int], list[int]]


Documents = Callable[[Sequence[int]], Iterable[Document]]
_UNITS: dict[str, Unit] = {}
_SOURCES: dict[str, dict[str, Documents]] = {}


def register_unit(kind: str, ids: Callable[[int, int], list[int]]) -> None:
    """A fact about a thing of this kind makes its documents be read anew."""
    _UNITS[kind] = Unit(kind, ids)


def register_source(kind: str, *, unit: str, documents: Documents) -> None:
    """`documents(unit_ids)`: everything of this kind in these units, in a fixed number of queries."""
    _SOURCES.setdefault(unit, {})[kind] = documents


def units() -> tuple[Unit, ...]:
    return tuple(_UNITS.values())


def is_unit(kind: str) -> bool:
    return kind in _UNITS


def kinds() -> tuple[str, ...]:
    """Every kind of thing that can be found, in the order of registration."""
    return tuple(kind for sources in _SOURCES.values() for kind in sources)


def documents_of(unit: str, ids: Sequence[int]) -> list[Document]:
    return [document for read in _SOURCES.get(unit, {}).values() for document in read(ids)]
