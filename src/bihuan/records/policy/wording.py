"""What differs between two texts, word by word: characters of Chinese, whole words and numbers of everything else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"[A-Za-z0-9_.,%:/-]+|\s+|.", re.DOTALL)


class Stays(StrEnum):
    SAME = "SAME"
    GONE = "GONE"
    NEW = "NEW"


@dataclass(frozen=True, slots=True)
class Piece:
    stays: Stays
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, in pieces: without the new ones it says what it said, without the gone ones what it says."""
    return tuple(_pieces(WORD.findall(before), WORD.findall(after)))


def replaced(before: str, after: str) -> tuple[Piece, ...]:
    """A name in the place of another one: the letters they share say nothing."""
    both = ((Stays.GONE, before), (Stays.NEW, after))
    return tuple(Piece(stays, text) for stays, text in both if text)


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for act, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            yield Piece(Stays.SAME, "".join(before[start:end]))
            continue
        if end > start:
            yield Piece(Stays.GONE, "".join(before[start:end]))
        if new_end > new_start:
            yield Piece(Stays.NEW, "".join(after[new_start:new_end]))
