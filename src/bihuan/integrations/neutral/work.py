"""What an import has to do, in chunks: read here, written or foreseen by whoever takes them one after the other."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from bihuan.collaborations.imports import ImportedMatter
from bihuan.integrations.neutral import matters, organisation
from bihuan.integrations.neutral.beside import ACTIONS, PROGRAMMES, lines_of, read_beside
from bihuan.integrations.neutral.groups import group_keys
from bihuan.integrations.neutral.matters import ReadLine, Seen, read_matters, read_others
from bihuan.integrations.neutral.organisation import Known, Organisation, ReadGroup, read_organisation
from bihuan.integrations.neutral.problems import PREFIX, Problem
from bihuan.organisation.enums import PostKind
from bihuan.organisation.operations import DepartmentRow, PersonRow, PostRow
from bihuan.organisation.queries.imported import keys_known

CHUNK = 200
POST_OF_NOBODY = f"{PREFIX}post_of_nobody"
OTHERS = {"programmes": PROGRAMMES, "action_items": ACTIONS}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One row on its way in, and where it stood."""

    kind: str
    key: str
    file: str
    line: int
    row: T


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one kind that are taken together, what was odd about them, and how many could not be rows, by kind."""

    rows: str
    entries: list[Entry[Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def length(self) -> int:
        return len(self.entries) + sum(self.rejected.values())


@dataclass(frozen=True, slots=True)
class Work:
    """All chunks of a folder, in the order in which they must be taken, and how many rows they hold."""

    total: int
    chunks: Iterator[Chunk]


def work_of(folder: Path, *, problems: Iterable[Problem] = (), besides: Known | None = None) -> Work:
    """Read a folder of the neutral shape. `besides` are keys known from elsewhere, `problems` were found before.

    Raises Unreadable, before the first chunk, when one of the two files that must be there cannot be read at all.
    """
    found = read_organisation(folder, besides or Known())
    lines = matters.count_lines(folder)
    others = sum(1 for file in OTHERS.values() for _line in lines_of(folder, file))
    posts = sum(len(person.posts) for person in found.people)
    people = sum(1 for person in found.people if not person.is_in)
    total = len(found.departments) + people + posts + len(found.groups) + others + lines
    known = found.known if besides is None else found.known.joined(besides)
    return Work(total, all_chunks(folder, found, known, list(problems)))


def known_before() -> Known:
    """The keys of everything that came in before."""
    return Known(*keys_known(), group_keys())


def all_chunks(folder: Path, found: Organisation, known: Known, problems: list[Problem]) -> Iterator[Chunk]:
    sections = ("organisations", "departments", "people", "posts")
    yield Chunk("", problems=found.problems)
    yield from plain_chunks(
        "departments", department_entries(found), Counter({kind: found.rejected[kind] for kind in sections})
    )
    yield from plain_chunks("people", person_entries(found))
    yield from plain_chunks("posts", post_entries(found))
    yield from plain_chunks("groups", group_entries(found))
    seen = Seen(read_beside(folder))
    for kind, file in OTHERS.items():
        yield from matter_chunks(read_others(folder, known, seen, file), kind, file)
    yield from matter_chunks(read_matters(folder, known, seen), "collaborations", matters.FILE)
    yield Chunk("", problems=[*problems, *seen.beside.problems, *seen.beside.left_over()])
    outside = seen.beside.rejected + Counter({"posts": sum(1 for each in problems if each.code == POST_OF_NOBODY)})
    yield Chunk("rejected", rejected=outside)


def plain_chunks(rows: str, entries: Iterator[Entry[Any]], rejected: Counter[str] | None = None) -> Iterator[Chunk]:
    """Rejected rows of the organisation are not part of the total; they are told with the first chunk."""
    if rejected and rejected.total():
        yield Chunk("rejected", rejected=rejected)
    while chunk := list(islice(entries, CHUNK)):
        yield Chunk(rows, chunk)


def matter_chunks(lines: Iterable[ReadLine], kind: str, file: str) -> Iterator[Chunk]:
    source = iter(lines)
    while some := list(islice(source, CHUNK)):
        entries: list[Entry[Any]] = [
            Entry(kind, line.matter.source_key, line.file or file, line.number, line.matter)
            for line in some
            if line.matter is not None
        ]
        problems = [problem for line in some for problem in line.problems]
        yield Chunk("matters", entries, problems, Counter({kind: len(some) - len(entries)}))


def department_entries(found: Organisation) -> Iterator[Entry[DepartmentRow]]:
    spoken_of: dict[str, list[str]] = {}
    for person in found.people:
        for post in person.posts:
            if post.kind == PostKind.HEAD:
                spoken_of.setdefault(post.department_key, []).append(person.key)
    for each in found.departments:
        row = DepartmentRow(
            source_key=each.key,
            name=each.name,
            parent_key=each.parent_key or None,
            kind=each.kind,
            description=each.description,
            is_active=each.is_active,
            time_zone=each.time_zone,
            unsaid=each.unsaid,
            within="" if each.is_organisation else organisation.ORGANISATION,
            heads=tuple(spoken_of.get(each.key, ())) if each.head_keys else (),
        )
        kind = "organisations" if each.is_organisation else "departments"
        yield Entry(kind, each.key, each.file or organisation.FILE, each.line, row)


def person_entries(found: Organisation) -> Iterator[Entry[PersonRow]]:
    for each in found.people:
        if each.is_in:
            continue
        row = PersonRow(source_key=each.key, name=each.name, email=each.email, unsaid=each.unsaid)
        yield Entry("people", each.key, each.file or organisation.FILE, each.line, row)


def post_entries(found: Organisation) -> Iterator[Entry[PostRow]]:
    """Those that end come last, so that whoever follows in an office is there before it is left."""
    listed = [(each, post) for each in found.people for post in each.posts]
    for each, post in sorted(listed, key=lambda one: one[1].ends_on is not None):
        row = PostRow(
            person_key=each.key,
            department_key=post.department_key,
            title=post.title,
            kind=post.kind,
            starts_on=post.starts_on,
            ends_on=post.ends_on,
            is_main=post.is_main,
            any_title=post.any_title,
            places=frozenset() if each.is_in else frozenset(held.department_key for held in each.posts),
        )
        yield Entry("posts", each.key, each.file or organisation.FILE, each.line, row)


def group_entries(found: Organisation) -> Iterator[Entry[ReadGroup]]:
    for each in found.groups:
        yield Entry("groups", each.key, each.file or organisation.FILE, each.line, each)


def matters_in(chunk: Chunk) -> list[ImportedMatter]:
    return [entry.row for entry in chunk.entries]
