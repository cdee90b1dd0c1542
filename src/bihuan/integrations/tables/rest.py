"""What the tables of an export cannot say of a line, kept beside them so that it comes in again word for word.

The tables are what people read and change. The rest of a line counts where its tables are as they were; where somebody
changed them, only what they have no place for is taken from it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bihuan.integrations.neutral.fields import without_origin
from bihuan.integrations.tables.records import Record
from bihuan.kernel.canonical import canonical_json, digest

Body = dict[str, Any]
TABLE = "rest"
COLUMNS = ("table", "row", "digest", "part", "text")
PIECE = 30_000
BLANKS = re.compile(r"\\[nrt]|\s")
RISKY = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|_(?=x)")
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Rest:
    """`digest` is of what the tables said; `more` stands besides or instead, `without` was not there at all."""

    digest: str
    more: Body
    without: tuple[str, ...] = ()


def rest_of(said: Body, meant: Body) -> Rest | None:
    """What has to be kept so that `said`, as the tables say it, becomes `meant` again; None when nothing is missing."""
    more = {name: value for name, value in meant.items() if name not in said or _differ(said[name], value)}
    without = tuple(name for name in said if name not in meant)
    return Rest(digest_of(said), more, without) if more or without else None


def _differ(said: Any, meant: Any) -> bool:
    """As JSON: there 1 is not true."""
    return canonical_json(said) != canonical_json(meant)


def digest_of(said: Body) -> str:
    """Blanks do not count: programs that show tables are free with them."""
    return digest(BLANKS.sub("", canonical_json(said)))


def restored(said: Body, rest: Rest) -> Body:
    """The line as it was; what somebody changed in the tables stays changed."""
    told = without_origin(said)
    is_same = digest_of(told) == rest.digest
    kept = {name: value for name, value in rest.more.items() if is_same or name not in told}
    dropped = {name for name in rest.without if is_same or not told.get(name)}
    return {name: value for name, value in said.items() if name not in dropped} | kept


def rows_of(table: str, row: str, rest: Rest) -> Iterator[Row]:
    """As rows of a table, cut into pieces that a cell holds."""
    whole = json.dumps({"more": rest.more, "without": rest.without}, ensure_ascii=False, sort_keys=True)
    text = RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", whole)
    for part, begin in enumerate(range(0, len(text), PIECE), 1):
        yield table, row, rest.digest, str(part), text[begin : begin + PIECE]


class Rests:
    """The rests of a book by table and row. What is taken is gone; what is left over belongs nowhere."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.found: dict[tuple[str, str], list[Rest]] = {}
        self.broken: list[Record] = []
        self.places: dict[tuple[str, str], Record] = {}
        pieces: dict[tuple[str, str, str], list[Record]] = {}
        for record in records:
            named = [record.text(name) or "" for name in ("table", "row", "digest")]
            pieces.setdefault((named[0], named[1], named[2]), []).append(record)
        for (table, row, of), same in pieces.items():
            self._put_together(table, row, of, same)

    def _put_together(self, table: str, row: str, of: str, same: list[Record]) -> None:
        ordered = sorted(same, key=lambda record: int(part) if (part := record.text("part") or "").isdecimal() else 0)
        try:
            whole = json.loads("".join(record.values.get("text", "") for record in ordered))
            rest = Rest(of, dict(without_origin(whole["more"])), tuple(map(str, whole["without"])))
        except (ValueError, TypeError, KeyError, RecursionError):
            self.broken.append(same[0])
            return
        self.found.setdefault((table, row), []).append(rest)
        self.places[table, row] = same[0]

    def back(self, table: str, said: Body) -> Body:
        """The line with its rest, if there is one: the one that fits, else the only one."""
        key = (table, str(said.get("id") or ""))
        rests = self.found.get(key, [])
        if not rests:
            return said
        of = digest_of(without_origin(said))
        rest = next((each for each in rests if each.digest == of), rests[0])
        rests.remove(rest)
        return restored(said, rest)

    def left_over(self) -> list[Record]:
        return [*self.broken, *(self.places[key] for key, rests in self.found.items() if rests)]
