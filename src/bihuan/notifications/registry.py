"""What the rooms above make known: kinds of notices, how a matter is called, which page shows a thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from bihuan.kernel.subjects import SubjectRef

Text = str | Promise
Say = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice. `label` stands among a person's settings, `say` makes the sentence in the active language."""

    key: str
    label: Text
    say: Say


@dataclass(frozen=True, slots=True)
class RootCard:
    """What a matter is called above its notices."""

    number: str
    title: str


Cards = Callable[[Iterable[int]], Mapping[int, RootCard]]
_KINDS: dict[str, Kind] = {}
_ROOTS: dict[str, Cards] = {}
_PAGES: dict[str, str] = {}
_DECISIONS: set[str] = set()


class DuplicateKind(Exception):
    """Two rooms registered one kind."""


class UnknownKind(Exception):
    """Somebody is told something that no room made known."""


def sentence(text: Text) -> Say:
    """A sentence that names its params as %(name)s."""
    return lambda params: str(text) % params


def register_kind(key: str, label: Text, say: Say) -> None:
    """Called from `apps.py` of the room that tells it. The order is that of the settings page."""
    if key in _KINDS:
        raise DuplicateKind(key)
    _KINDS[key] = Kind(key, label, say)


def register_root(kind: str, cards: Cards) -> None:
    """`cards(ids)`: how matters of this kind are called, in a fixed number of queries."""
    _ROOTS[kind] = cards


def register_page(kind: str, route: str, *, decides: bool = False) -> None:
    """The page that shows a thing of this kind; its address takes the id.

    Where one decides, messages lead to it by a link for one person and one entry.
    """
    _PAGES[kind] = route
    if decides:
        _DECISIONS.add(kind)


def kinds() -> tuple[Kind, ...]:
    return tuple(_KINDS.values())


def kind_called(key: str) -> Kind | None:
    return _KINDS.get(key)


def ensure_known(key: str) -> None:
    if key not in _KINDS:
        raise UnknownKind(key)


def root_cards(roots: Iterable[SubjectRef]) -> dict[SubjectRef, RootCard]:
    """How these matters are called. One call for each kind of matter."""
    ids: dict[str, set[int]] = {}
    for root in roots:
        ids.setdefault(root.kind, set()).add(root.id)
    return {
        SubjectRef(kind, pk): card
        for kind, wanted in ids.items()
        if kind in _ROOTS
        for pk, card in _ROOTS[kind](wanted).items()
    }


def route_of(kind: str) -> str:
    """The name of the page; empty when nothing of this kind has one."""
    return _PAGES.get(kind, "")


def is_decided_on(kind: str) -> bool:
    return kind in _DECISIONS
