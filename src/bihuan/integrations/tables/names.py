"""Who or what a word of a row means: by key, by a name that only one has, or by another spelling of it.

Another spelling is taken only where a single person can be meant, and it is told. A reading in pinyin leads from Latin
letters to Chinese signs and not back: several names sound alike.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.integrations.neutral.fields import Told
from bihuan.organisation.policy import whole_readings

Keyed = Iterable[tuple[str, Sequence[str]]]
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
PIECES = re.compile(rf"[()（）<>＜＞\[\]【】]+|(?<=[{HAN}])\s*(?=[A-Za-z@])|(?<=[A-Za-z0-9])\s*(?=[{HAN}])")
IS_HAN = re.compile(rf"[{HAN}]")
LATIN = re.compile(r"[A-Za-z0-9]+(?:[ .'_-]+[A-Za-z0-9]+)*")
TOKENS = re.compile(r"[^\W_]+")
SHORTEST = 4  # of a spelling in Latin letters: fewer are initials


def nothing(keys: Collection[str]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The keys and names that came in before, of departments and of people; and what was said of matters: `lines` word
    for word by key, `annexes` by key what stands beside each, as kind and word for word.
    """

    departments: Sequence[tuple[str, Sequence[str]]] = ()
    people: Sequence[tuple[str, Sequence[str]]] = ()
    lines: Callable[[Collection[str]], Mapping[str, Any]] = nothing
    annexes: Callable[[Collection[str]], Mapping[str, Sequence[tuple[str, str]]]] = nothing


NOWHERE = Elsewhere()


def folded(text: str) -> str:
    """A name as it is compared: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(slots=True)
class Names:
    """Finds what is meant among these, else among those from elsewhere. What is not found stays as written."""

    keyed: Keyed
    elsewhere: "Names | None" = None
    are_people: bool = False
    keys: set[str] = field(default_factory=set)
    named: dict[str, set[str]] = field(default_factory=dict)
    read: dict[str, set[str]] | None = None
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keyed = [(key, [name for name in (key, *names) if name]) for key, names in self.keyed]
        for key, names in self.keyed:
            self.keys.add(key)
            for name in names:
                self.named.setdefault(folded(name), set()).add(key)

    def find(self, said: str | None) -> str | None:
        if said is None or said in self.keys:
            return said
        for names in (self, self.elsewhere):
            meant = names.meant(said) if names is not None else set()
            if len(meant) == 1:
                return self.taken(said, next(iter(meant)), names)
            if meant:
                self.tell("may_be", said, meant)
                return said
        return said

    def is_known(self, said: str) -> bool:
        """Whether a department or person may be meant, one or several; tells nothing."""
        return any(names is not None and (said in names.keys or names.meant(said)) for names in (self, self.elsewhere))

    def all(self, said: Iterable[str]) -> list[str]:
        return [each for each in (self.find(one) for one in said) if each]

    def taken(self, said: str, key: str, names: "Names | None") -> str:
        if names is None or key not in names.named.get(folded(said), ()):
            self.tell("taken_for", said, {key})
        return key

    def tell(self, code: str, said: str, meant: Iterable[str]) -> None:
        self.told.append((code, said, "、".join(sorted(meant))))

    def meant(self, said: str) -> set[str]:
        """Everybody the word may mean: exactly one where it is beyond doubt."""
        if exact := self.named.get(folded(said)):
            return exact
        if not self.are_people:
            return set()
        pieces = [piece for piece in (part.strip(" @,") for part in PIECES.split(said)) if piece]
        found = [meant for piece in pieces if (meant := self.of_piece(piece))]
        return set.intersection(*found) or set.union(*found) if found else set()

    def of_piece(self, piece: str) -> set[str]:
        return self.named.get(folded(piece)) or (self.by_reading(piece) if LATIN.fullmatch(piece) else set())

    def by_reading(self, piece: str) -> set[str]:
        if self.read is None:
            self.read = {}
            for key, names in self.keyed:
                for spelling in {each for name in names for each in spellings(name)}:
                    self.read.setdefault(spelling, set()).add(key)
        return {key for spelling in spellings(piece) for key in self.read.get(spelling, ())}


def spellings(name: str) -> set[str]:
    """How a name is written in Latin letters without blanks: its pinyin, or its words in either order."""
    if "@" in name:
        return set()
    if IS_HAN.search(name):
        return {each for each in whole_readings(name) if len(each) >= SHORTEST}
    words = TOKENS.findall(folded_words(name))
    orders = (words, words[::-1]) if len(words) == 2 else (words,)
    return {joined for order in orders if len(joined := "".join(order)) >= SHORTEST}


def folded_words(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
