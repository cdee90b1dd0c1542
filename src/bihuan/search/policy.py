"""From text to grams, from a query to words, and a hit in its sentence. Plain values, no database.

Chinese is cut into pairs of neighbouring characters, and the last character of a run stands alone as well, so that a
single character is the beginning of some gram wherever it stands. Everything else is cut into words. No dictionary: a
segmenter misses what crosses its cuts.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"[{HAN}]+|(?:(?![{HAN}])[^\W_])+")
IS_HAN = re.compile(rf"[{HAN}]")
LONGEST_WORD = 64
LONGEST_QUERY = 200
MOST_WORDS = 8
CHUNK, OVERLAP = 12_000, 60  # PostgreSQL counts positions to 16,383
BEFORE, AFTER = 36, 84
SPELLINGS = "\x1f"  # what follows it in a text is looked up and not shown
SENTENCE_END = "。！？；!?;\n"


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two blanks of a query: grams that follow each other. `is_open`: the last one may go on."""

    grams: tuple[str, ...]
    is_open: bool
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a shown text; `is_hit`: the words asked for."""

    text: str
    is_hit: bool = False


def folded(text: str) -> str:
    """Wide and narrow, capital and small letters are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def grams(text: str) -> list[str]:
    """What a text is indexed by, in order."""
    return [gram for run in RUN.findall(folded(text)) for gram in _grams_of(run)]


def _grams_of(run: str) -> Iterator[str]:
    if not IS_HAN.match(run):
        yield run[:LONGEST_WORD]
        return
    for at in range(len(run) - 1):
        yield run[at : at + 2]
    yield run[-1]


def words(query: str) -> tuple[Word, ...]:
    """The words of a query; all of them must be found."""
    found = (_word(part) for part in folded(query[:LONGEST_QUERY]).split())
    return tuple(dict.fromkeys(word for word in found if word is not None))[:MOST_WORDS]


def _word(part: str) -> Word | None:
    runs = tuple(RUN.findall(part))
    if not runs:
        return None
    cut = [gram for run in runs for gram in _grams_of(run)]
    ends_in_pair = len(runs[-1]) > 1 and IS_HAN.match(runs[-1])
    return Word(tuple(cut[:-1] if ends_in_pair else cut), is_open=not ends_in_pair, runs=runs)


def chunks(text: str) -> list[str]:
    """A text in pieces the index can take; neighbours overlap, so that no short word is cut apart."""
    if len(text) <= CHUNK:
        return [text]
    return [text[at : at + CHUNK] for at in range(0, len(text) - OVERLAP, CHUNK - OVERLAP)]


def marked(text: str, asked: Sequence[Word]) -> tuple[Piece, ...]:
    """The whole text with its hits marked."""
    return _pieces(text, _hits(text, asked), 0, len(text))


def excerpt(text: str, asked: Sequence[Word]) -> tuple[Piece, ...]:
    """The sentence of the first hit, hits marked; the beginning of the text when nothing can be marked."""
    hits = _hits(text, asked)
    first, last = hits[0] if hits else (0, 0)
    start, end = _sentence(text, first, last)
    inside = [hit for hit in hits if hit[1] <= end]
    shown = _pieces(text, inside, start, end)
    before = (Piece("…"),) if start else ()
    after = (Piece("…"),) if end < len(text.rstrip()) else ()
    return (*before, *shown, *after)


def _sentence(text: str, first: int, last: int) -> tuple[int, int]:
    from_here = max((text.rfind(mark, max(0, first - BEFORE), first) for mark in SENTENCE_END), default=-1) + 1
    start = from_here or max(0, first - BEFORE)
    ends = [at + 1 for mark in SENTENCE_END if (at := text.find(mark, last, last + AFTER)) >= 0]
    return start, min(ends, default=min(len(text), last + AFTER))


def _hits(text: str, asked: Sequence[Word]) -> list[tuple[int, int]]:
    """Where the words stand, from left to right, without overlaps."""
    plain, places = _folded_with_places(text)
    found = [match.span() for word in asked for match in _pattern(word).finditer(plain)]
    kept: list[tuple[int, int]] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return [(places[start], places[end - 1] + 1) for start, end in kept]


def _pattern(word: Word) -> re.Pattern[str]:
    starts = "" if IS_HAN.match(word.runs[0]) else rf"(?<![^\W_{HAN}])"
    return re.compile(starts + r"[\W_]*".join(map(re.escape, word.runs)))


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters where it stands in the text."""
    plain = folded(text)
    if len(plain) == len(text):
        return plain, range(len(text))
    each = [folded(character) for character in text]
    places = [at for at, characters in enumerate(each) for _ in characters]
    return "".join(each), places


def _pieces(text: str, hits: Iterable[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    pieces, at = [], start
    for first, last in hits:
        pieces += [Piece(text[at:first]), Piece(text[first:last], is_hit=True)]
        at = last
    return tuple(piece for piece in (*pieces, Piece(text[at:end])) if piece.text)
