"""The import itself: chunk by chunk, each one transaction.

Nothing is kept beside the rows themselves. A row that came in before is met again by its key, so a second run changes
nothing, and a run after a broken one goes on where that one stopped.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from django.db import DataError, IntegrityError, transaction

from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.operations.playbooks import publish_shipped_playbooks
from bihuan.integrations.neutral import matters, organisation
from bihuan.integrations.neutral.beside import ACTIONS, PROGRAMMES, lines_of, read_beside
from bihuan.integrations.neutral.matters import ReadLine, Seen, read_matters, read_others
from bihuan.integrations.neutral.organisation import Organisation, read_organisation
from bihuan.integrations.neutral.problems import PREFIX, Problem
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Severity
from bihuan.organisation.enums import PostKind
from bihuan.organisation.operations import (
    DepartmentRow,
    Outcome,
    PersonRow,
    PostRow,
    import_departments,
    import_people,
    import_posts,
)

CHUNK = 200
KEPT_PROBLEMS = 20_000
KINDS = ("organisations", "departments", "people", "posts", "collaborations")
OTHERS = {"programmes": PROGRAMMES, "action_items": ACTIONS}
RESULTS = ("created", "updated", "unchanged", "rejected")
ACTOR = Actor(ActorKind.IMPORT, None, "import", frozenset())
T = TypeVar("T")
Result = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One row on its way in, and where it stood."""

    kind: str
    key: str
    line: int
    row: T


@dataclass(slots=True)
class Report:
    """What became of every row. Of very many problems the first KEPT_PROBLEMS are kept and all are counted."""

    counts: dict[str, dict[str, int]] = field(
        default_factory=lambda: {kind: dict.fromkeys(RESULTS, 0) for kind in KINDS}
    )
    beside: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    def count(self, kind: str, result: str) -> None:
        """Programmes and action items are counted beside what every folder holds."""
        counts = self.counts if kind in KINDS else self.beside
        counts.setdefault(kind, dict.fromkeys(RESULTS, 0))[result] += 1

    def tell(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.problem_count += 1
            if len(self.problems) < KEPT_PROBLEMS:
                self.problems.append(problem)


@dataclass(slots=True)
class Run:
    """One import under way."""

    at: datetime
    total: int
    progress: Callable[[int, int], None] | None
    report: Report = field(default_factory=Report)
    done: int = 0

    def store(self, file: str, entries: Iterable[Entry[T]], write: Callable[[list[T]], list[Result]]) -> None:
        """Write the entries, a chunk in a transaction, and count what became of each."""
        for chunk in chunks(entries):
            for entry, (result, codes) in zip(chunk, written(chunk, write), strict=True):
                self.report.count(entry.kind, result)
                self.report.tell(self.refusal(file, entry, result, code) for code in codes)
            self.step(len(chunk))

    def refusal(self, file: str, entry: Entry[T], result: str, code: str) -> Problem:
        severity = Severity.ERROR if result == "rejected" else Severity.WARNING
        known, why = (code, "") if "." in code else (f"{PREFIX}not_stored", code)
        return Problem(file, entry.line, entry.key, "", entry.key, known, {"why": why} if why else {}, severity)

    def step(self, rows: int) -> None:
        self.done += rows
        if self.progress:
            self.progress(self.done, self.total)


def run_import(
    folder: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    problems: Iterable[Problem] = (),
) -> Report:
    """Bring a folder of the neutral shape in; `progress` hears rows done and rows in all after every chunk.

    Files that may stand beside (programmes, action items, changes, exceptions, reports) come in with their matters.
    Records one fact per organisation object and matter that is created or changed; none for what is as it was. Raises
    Unreadable, before anything is written, when one of the two files cannot be read at all. A dry run does the same in
    one transaction and takes it back. `problems` were found while the folder was put together.
    """
    found = read_organisation(folder)
    lines = matters.count_lines(folder)
    posts = sum(len(person.posts) for person in found.people)
    others = {kind: sum(1 for _line in lines_of(folder, file)) for kind, file in OTHERS.items()}
    total = len(found.departments) + len(found.people) + posts + sum(others.values()) + lines
    run = Run(at, total, progress)
    seen = Seen(read_beside(folder))
    known = found.known
    with taken_back() if dry_run else nullcontext():
        publish_shipped_playbooks(at=at)
        store_organisation(run, found)
        for kind in others:
            store_matters(run, read_others(folder, known, seen, OTHERS[kind]), kind)
        store_matters(run, read_matters(folder, known, seen), "collaborations")
        run.report.tell([*problems, *seen.beside.problems, *seen.beside.left_over()])
    return run.report


class taken_back(AbstractContextManager[None]):  # noqa: N801  reads as a word in the with statement
    """A transaction that is always rolled back."""

    def __init__(self) -> None:
        self.atomic = transaction.atomic()

    def __enter__(self) -> None:
        self.atomic.__enter__()

    def __exit__(self, *error: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(*error)  # type: ignore[arg-type]  # the three of an exception, as Python gives them


def store_organisation(run: Run, found: Organisation) -> None:
    run.report.tell(found.problems)
    for section in ("organisations", "departments", "people"):
        run.report.counts[section]["rejected"] += found.rejected[section]

    def departments(rows: list[DepartmentRow]) -> list[Result]:
        return told(import_departments(rows, actor=ACTOR, at=run.at))

    def people(rows: list[PersonRow]) -> list[Result]:
        return told(import_people(rows, actor=ACTOR, at=run.at))

    def posts(rows: list[PostRow]) -> list[Result]:
        return told(import_posts(rows, actor=ACTOR, at=run.at))

    run.store(organisation.FILE, department_entries(found), departments)
    run.store(organisation.FILE, person_entries(found), people)
    run.store(organisation.FILE, post_entries(found), posts)


def store_matters(run: Run, lines: Iterable[ReadLine], kind: str) -> None:
    def write(rows: list[ImportedMatter]) -> list[Result]:
        outcome = import_collaborations(rows, actor=ACTOR, at=run.at)
        return [(outcome[row.source_key], ()) for row in rows]

    run.store(OTHERS.get(kind, matters.FILE), matter_entries(run, lines, kind), write)


def department_entries(found: Organisation) -> Iterator[Entry[DepartmentRow]]:
    for each in found.departments:
        row = DepartmentRow(
            source_key=each.key,
            name=each.name,
            parent_key=each.parent_key or None,
            kind=each.kind,
            description=each.description,
            is_active=each.is_active,
        )
        yield Entry("organisations" if each.is_organisation else "departments", each.key, each.line, row)


def person_entries(found: Organisation) -> Iterator[Entry[PersonRow]]:
    for each in found.people:
        yield Entry("people", each.key, each.line, PersonRow(source_key=each.key, name=each.name, email=each.email))


def post_entries(found: Organisation) -> Iterator[Entry[PostRow]]:
    for each in found.people:
        for post in each.posts:
            kind = PostKind.HEAD if post.is_head else PostKind.STAFF
            row = PostRow(person_key=each.key, department_key=post.department_key, title=post.title, kind=kind)
            yield Entry("posts", each.key, each.line, row)


def matter_entries(run: Run, lines: Iterable[ReadLine], kind: str) -> Iterator[Entry[ImportedMatter]]:
    """The matters that can come in; lines that cannot are counted on the way."""
    for line in lines:
        run.report.tell(line.problems)
        if line.matter is not None:
            yield Entry(kind, line.matter.source_key, line.number, line.matter)
        else:
            run.report.count(kind, "rejected")
            run.step(1)


def chunks(entries: Iterable[T]) -> Iterator[list[T]]:
    source = iter(entries)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def written(chunk: list[Entry[T]], write: Callable[[list[T]], list[Result]]) -> list[Result]:
    """What became of each row. A row that the database refuses is found by halving, and stops no other."""
    try:
        with transaction.atomic():
            return write([entry.row for entry in chunk])
    except (DataError, IntegrityError, Refused) as error:
        if len(chunk) == 1:
            return [("rejected", [type(error).__name__])]
        middle = len(chunk) // 2
        return written(chunk[:middle], write) + written(chunk[middle:], write)


def told(outcomes: Sequence[Outcome]) -> list[Result]:
    return [(outcome.result, outcome.problems) for outcome in outcomes]
