"""Decisions on plain values: what a name may be, and how people find it."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice, product
from typing import Protocol, TypeVar

from bihuan.kernel.findings import Finding, error

NAME_LIMIT = 200
USERNAME_LIMIT = 150
MOST_READINGS = 32
LONGEST_KEY = 60
BEGINNING, INSIDE = 0, 1
NAMED_ONLY = "name:"
"""The key of a department that only was named in a file begins so: no list gave it one of its own yet."""


def clean(text: str) -> str:
    """One line without control characters; databases and pages take everything else."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def clean_lines(text: str) -> str:
    """Several lines; only what no database or encoding takes is dropped."""
    return "\n".join("".join(sign for sign in line if sign.isprintable() or sign == "\t") for line in text.splitlines())


def is_key(key: str, *, limit: int) -> bool:
    """Whether a source's key can be kept as it is."""
    return bool(key.strip()) and key.isprintable() and len(key) <= limit


def endings(way: Sequence[str]) -> tuple[str, ...]:
    """By what ways a department is called whose way down from the top this is: `A/B/C` and `B/C`."""
    return tuple("/".join(way[start:]) for start in range(len(way) - 1))


def search_text(*names: str) -> str:
    """Everything by which a name is found: itself, its readings in pinyin and their initials, in small letters.

    A character with several readings is found by each of them (单 as dan, shan, chan).
    """
    wanted: dict[str, None] = {}
    for name in filter(None, names):
        wanted[name.lower()] = None
        wanted.update(dict.fromkeys(readings(name)))
    return "|".join(wanted)


def name_keys(text: str) -> dict[bytes, int]:
    """The beginnings by which a search text is found: 0 for one of a whole part, 1 for one inside of it.

    A Latin sign alone inside a word is none: nobody is looked for by it.
    """
    parts = [part[:LONGEST_KEY] for part in text.split("|")]
    found = {part.encode(): BEGINNING for part in parts if part}
    for part in parts:
        for at in range(1, len(part)):
            if not (part[at:].isascii() and len(part) - at == 1) and part[at] != " ":
                found.setdefault(part[at:].encode(), INSIDE)
    return found


def readings(name: str) -> list[str]:
    """Whole readings first, then initials, without repeats."""
    syllables = [sorted(set(choices)) for choices in _syllables(name)]
    whole = _joined(syllables)
    letters = [sorted({syllable[:1] for syllable in choices}) for choices in syllables]
    return list(dict.fromkeys(text.lower() for text in [*whole, *_joined(letters)] if text))


def whole_readings(name: str) -> list[str]:
    """The whole readings alone, as somebody would write the name in Latin letters without blanks."""
    return [text.lower() for text in _joined([sorted(set(choices)) for choices in _syllables(name)])]


def _joined(choices: list[list[str]]) -> list[str]:
    return ["".join(choice) for choice in islice(product(*choices), MOST_READINGS)]


def _syllables(name: str) -> list[list[str]]:
    """Per Chinese character its readings; a run of other signs is split into words, each read as it stands."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 a quarter of the start of every command otherwise

    parts = pinyin(name.replace("-", " "), style=Style.NORMAL, heteronym=True)
    return [
        choices for part in parts for choices in ([[word] for word in part[0].split()] if len(part) == 1 else [part])
    ]


def name_findings(name: str, *, place: str = "name") -> list[Finding]:
    if not name:
        return [error("organisation.name_missing", place)]
    if len(name) > NAME_LIMIT:
        return [error("organisation.name_too_long", place, limit=NAME_LIMIT)]
    return []


def move_findings(own_id: int, new_lineage: Iterable[int]) -> list[Finding]:
    """A department cannot stand below itself."""
    return [error("organisation.below_itself", "parent")] if own_id in set(new_lineage) else []


class Spell(Protocol):
    """A time in which somebody held a post; `ends_on` is the first day on which he did so no more."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


Meant = TypeVar("Meant", bound=Spell)


def spell_meant(spells: Sequence[Meant], *, starts_on: date | None, ends_on: date | None, today: date) -> Meant | None:
    """Of the times in which somebody held one post the one a source speaks of; None for one that is not known yet.

    One that is over is known by its end; else it is the one that goes on or is to come, first of all by its first day.
    """
    if ends_on is not None and ends_on <= today:
        over = next((spell for spell in spells if spell.ends_on == ends_on), None)
        if over is not None:
            return over
    able = [
        spell
        for spell in spells
        if (spell.ends_on is None or spell.ends_on > max(today, starts_on or today))
        and (ends_on is None or spell.starts_on < ends_on or spell.starts_on == (starts_on or ends_on))
    ]
    return next((spell for spell in able if spell.starts_on == starts_on), able[0] if able else None)


def spell_ended(spells: Sequence[Meant], *, starts_on: date | None, ends_on: date | None, today: date) -> Meant | None:
    """Of the times that are over the one that a source, of which `spell_meant` knows none, still tells otherwise.

    One that follows it, by a first day not before its end, is another.
    """
    over = (spell for spell in spells if spell.ends_on is not None and spell.ends_on <= today)
    return next((spell for spell in over if _are_at_once(spell, starts_on, ends_on)), None)


def _are_at_once(spell: Spell, starts_on: date | None, ends_on: date | None) -> bool:
    begins_before_its_end = starts_on is None or spell.ends_on is None or starts_on < spell.ends_on
    return spell.starts_on == starts_on or (begins_before_its_end and (ends_on is None or ends_on > spell.starts_on))
