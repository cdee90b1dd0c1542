"""By what a matter of a table is known again: its key, its number, else its title.

A running number (序号) only says in which line a row stands: when one is put in between, the others are numbered anew.
It is the key of last resort, of a row that says nothing else.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from bihuan.collaborations.imports import KEY_LENGTH
from bihuan.integrations.tables.records import Record
from bihuan.organisation.policy import clean

MARK = 12


def keys_in(records: Iterable[Record]) -> list[str]:
    """The key of each row in turn, empty where it says nothing. Titles that stand several times are numbered."""
    seen: Counter[str] = Counter()
    return [numbered(key_of(record), record, seen) for record in records]


def key_of(record: Record) -> str:
    return record.text("id") or record.text("number") or key_of_title(record) or record.text("order") or ""


def key_of_title(record: Record) -> str:
    title = clean(record.text("title") or "")
    if len(title) <= KEY_LENGTH:
        return title
    return f"{title[: KEY_LENGTH - MARK - 1]}…{hashlib.sha256(title.encode()).hexdigest()[:MARK]}"


def numbered(key: str, record: Record, seen: Counter[str]) -> str:
    """Two rows of one key are told; of one title, and nothing else, they are two matters."""
    if not key or record.text("id") or record.text("number"):
        return key
    seen[key] += 1
    return key if seen[key] == 1 else f"{key[: KEY_LENGTH - MARK]} #{seen[key]}"


def called(records: Sequence[Record], keys: Sequence[str]) -> dict[str, str]:
    """How other tables may name a matter: by its key, else by its running number or title where one alone has it."""
    found = dict(zip(keys, keys, strict=True))
    for column in ("order", "title"):
        said = [record.text(column) or "" for record in records]
        many = Counter(said)
        for name, key in zip(said, keys, strict=True):
            if name and many[name] == 1:
                found.setdefault(name, key)
    found.pop("", None)
    return found
