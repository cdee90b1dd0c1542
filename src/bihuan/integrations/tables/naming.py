"""Departments that rows name and no list has: counted to be offered, and founded where somebody says so.

A staff list often is all there is: it names departments, nobody lists them. A way (`公司/市场部/品牌组`, so address
books write it) names those above as well, unless each of its names is a department by itself; then they are several.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bihuan.integrations.tables.names import Names
from bihuan.integrations.tables.records import Record
from bihuan.organisation.policy import NAMED_ONLY, endings

SLASH = re.compile(r"\s*[/／]\s*")
OF_PEOPLE = (("people", "department"), ("department_roles", "department"))
OF_MATTERS = (
    ("collaborations", "lead_department"), ("collaborations", "participants"), ("participants", "department"),
    ("responsibilities", "department"), ("resource_asks", "department"), ("programmes", "lead_department"),
    ("action_items", "department"),
)  # fmt: skip
MOST_OFFERED = 2_000
Records = Mapping[str, Sequence[Record]]
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A department that rows name and no list has: how many rows of people and of matters do."""

    name: str
    people: int
    matters: int


Wanted = Callable[[Unlisted], bool]


def none_of_them(_each: Unlisted) -> bool:
    return False


def way_to(name: str) -> list[str]:
    """The names on the way down to a department; one without a slash is its own way."""
    names = SLASH.split(name.strip())
    return names if all(names) else [name.strip()]


def joined(name: str) -> str:
    return "/".join(way_to(name))


def said_in(record: Record, column: str, departments: Names) -> list[str]:
    """The departments a cell names: one where something is called so as it stands, else every piece."""
    whole = record.text(column)
    if whole is None or departments.is_known(whole):
        return [whole] if whole else []
    pieces = [each for piece in record.texts(column) or [whole] for each in parted(piece, departments)]
    return list(dict.fromkeys(pieces))


def parted(piece: str, departments: Names) -> list[str]:
    names = way_to(piece)
    is_several = len(names) > 1 and not departments.is_known(piece) and all(map(departments.is_known, names))
    return names if is_several else [piece]


def unlisted_in(records: Records, departments: Names) -> list[Unlisted]:
    """What is named and not known, most named first, at most MOST_OFFERED. A tracker calls by its name alone what a
    staff list calls by the way to it: that is offered once.
    """
    people, matters = (Counter(named_in(records, columns, departments)) for columns in (OF_PEOPLE, OF_MATTERS))
    ways = [each for each in people if not is_several(each, people, departments)]
    ends = Counter(way_to(each)[-1] for each in ways if way_to(each) != [each])
    found = [Unlisted(each, people[each], matters[each]) for each in ways if ends[each] != 1]
    found += [
        Unlisted(each, 0, many)
        for each, many in matters.items()
        if each not in people and ends[each] != 1 and not is_several(each, {*people, *matters, *ends}, departments)
    ]
    return sorted(found, key=lambda each: (-each.people, -each.matters))[:MOST_OFFERED]


def named_in(records: Records, columns: Iterable[tuple[str, str]], departments: Names) -> Iterator[str]:
    for table, column in columns:
        for record in records.get(table, ()):
            yield from (joined(name) for name in said_in(record, column, departments) if not departments.is_known(name))


def is_several(name: str, named: Container[str], departments: Names) -> bool:
    """Whether it is no way: each part is named by itself too."""
    parts = way_to(name)
    return len(parts) > 1 and all(part in named or departments.is_known(part) for part in parts)


def founded(wanted: Iterable[Unlisted], records: Records, departments: Names) -> Iterator[Record]:
    """A row of the table of departments for each that is wanted, and for those above it that are not known."""
    places, seen = first_places(records, departments), set[str]()
    for each in wanted:
        way = way_to(each.name)
        for depth in range(1, len(way) + 1):
            name, above = "/".join(way[:depth]), "/".join(way[: depth - 1])
            if name not in seen and not departments.is_known(name):
                values = {"id": f"{NAMED_ONLY}{name}", "name": way[depth - 1], "parent": key_above(above, departments)}
                yield Record(*places[each.name], values)
            seen.add(name)


def key_above(way: str, departments: Names) -> str:
    """What a founded department stands below: one that is known, or one that is founded with it."""
    return way if not way or departments.is_known(way) else f"{NAMED_ONLY}{way}"


def first_places(records: Records, departments: Names) -> dict[str, Place]:
    """Where each is named first."""
    found: dict[str, Place] = {}
    for table, column in (*OF_PEOPLE, *OF_MATTERS):
        for record in records.get(table, ()):
            for name in said_in(record, column, departments):
                found.setdefault(joined(name), (record.place, record.line))
    return found


def ways_in(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """Of the departments a table lists, by key, the ways by which each may be called."""
    called = {key_of(record): record.text("name") or key_of(record) for record in records}
    keys = {**{name: key for key, name in called.items()}, **{key: key for key in called}}
    above = {key_of(record): keys.get(record.text("parent") or "") for record in records}
    return {key: endings([called[each] for each in way_down(key, above)]) for key in called}


def key_of(record: Record) -> str:
    return record.text("id") or record.text("name") or ""


def way_down(key: str, above: Mapping[str, str | None]) -> list[str]:
    """From the top to the department; a circle is cut where it closes."""
    way = [key]
    while (parent := above.get(way[-1])) and parent not in way:
        way.append(parent)
    return way[::-1]
