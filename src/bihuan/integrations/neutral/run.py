"""The import itself: chunk by chunk, each one transaction.

Nothing is kept beside the rows themselves. A row that came in before is met again by its key, so a second run changes
nothing, and a run after a broken one goes on where that one stopped.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import DataError, IntegrityError, transaction

from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.operations.playbooks import publish_shipped_playbooks
from bihuan.integrations.neutral.annexes import NO_ANNEXES, Annex, Annexes, annexes_before, counted
from bihuan.integrations.neutral.groups import keep_groups
from bihuan.integrations.neutral.problems import PREFIX, Problem
from bihuan.integrations.neutral.work import Chunk, Entry, known_before, work_of
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, Severity
from bihuan.organisation.operations import Outcome, import_departments, import_people, import_posts

KEPT_PROBLEMS = 20_000
KEPT_CHANGES = 5_000
KINDS = ("organisations", "departments", "people", "posts", "collaborations")
RESULTS = ("created", "updated", "unchanged", "rejected")
ACTOR = Actor(ActorKind.IMPORT, None, "import", frozenset())
Why = str | Finding
Result = tuple[str, Sequence[Why]]
Counts = dict[str, dict[str, int]]
Write = Callable[[list[Any]], list[Result]]


class Foretold(Protocol):
    """The values of a row that change: as they are kept, and as they will be."""

    @property
    def before(self) -> Mapping[str, Any]: ...

    @property
    def after(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is known and says something else."""

    kind: str
    row: str
    file: str
    line: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(slots=True)
class Report:
    """What became of every row. Of very many problems the first KEPT_PROBLEMS are kept and all are counted; of the
    changes, which only a run that is asked to foresee them tells, the first KEPT_CHANGES.
    """

    counts: Counts = field(default_factory=lambda: {kind: dict.fromkeys(RESULTS, 0) for kind in KINDS})
    beside: Counts = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    problem_counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    def count(self, kind: str, result: str, number: int = 1) -> None:
        """What only some folders hold, programmes for one, is counted beside what every folder holds."""
        counts = self.counts if kind in KINDS else self.beside
        counts.setdefault(kind, dict.fromkeys(RESULTS, 0))[result] += number

    def tell(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.problem_count += 1
            self.problem_counts[problem.code] += 1
            if len(self.problems) < KEPT_PROBLEMS:
                self.problems.append(problem)

    def tell_chunk(self, chunk: Chunk, results: Sequence[Result], annexes: Annexes = NO_ANNEXES) -> None:
        """What was odd in reading, what could not be a row, and what became of the rest. `annexes` stood beside the
        matters of the chunk before it was written.
        """
        self.tell(chunk.problems)
        for kind, number in chunk.rejected.items():
            if number:
                self.count(kind, "rejected", number)
        for entry, (result, codes) in zip(chunk.entries, results, strict=True):
            self.count(entry.kind, result)
            self.tell(refusal(entry, result, code) for code in codes)
            if chunk.rows == "matters":
                self.tell_annexes(entry.row, annexes.get(entry.key, ()), result)

    def tell_annexes(self, matter: ImportedMatter, kept: Sequence[Annex], result: str) -> None:
        for (kind, became), number in counted(matter, kept, result).items():
            self.count(kind, became, number)

    def tell_changes(self, chunk: Chunk, foretold: Sequence[Foretold], results: Sequence[Result]) -> None:
        found = [
            Change(entry.kind, entry.key, entry.file, entry.line, seen.before, seen.after)
            for entry, seen, (result, _codes) in zip(chunk.entries, foretold, results, strict=True)
            if result == "updated"
        ]
        self.changes += found[: KEPT_CHANGES - len(self.changes)]


def refusal(entry: Entry[Any], result: str, code: Why) -> Problem:
    severity = Severity.ERROR if result == "rejected" else Severity.WARNING
    if isinstance(code, Finding):
        return Problem(entry.file, entry.line, entry.key, code.place, entry.key, code.code, code.params, severity)
    known, why = (code, "") if "." in code else (f"{PREFIX}not_stored", code)
    params = {"why": why} if why else {}
    return Problem(entry.file, entry.line, entry.key, "", entry.key, known, params, severity)


def run_import(
    folder: Path,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    problems: Iterable[Problem] = (),
    foresee: Callable[[Chunk], Sequence[Foretold]] | None = None,
) -> Report:
    """Bring a folder of the neutral shape in; `progress` hears rows done and rows in all after every chunk.

    Files that may stand beside (programmes, action items, changes, exceptions, reports) come in with their matters.
    Records one fact per organisation object and matter that is created or changed; none for what is as it was. Raises
    Unreadable, before anything is written, when one of the two files cannot be read at all. A dry run does the same in
    one transaction and takes it back. `problems` were found while the folder was put together;
    with `foresee` the report tells which values of known rows change.
    """
    work = work_of(folder, problems=problems, besides=known_before())
    report, done = Report(), 0
    with taken_back() if dry_run else nullcontext():
        publish_shipped_playbooks(at=at)
        for chunk in work.chunks:
            annexes, foretold = annexes_before(chunk), foresee(chunk) if foresee else []
            results = carry_out(chunk, actor=ACTOR, at=at)
            report.tell_chunk(chunk, results, annexes)
            if foresee:
                report.tell_changes(chunk, foretold, results)
            if progress and chunk.length and chunk.rows != "rejected":
                done += chunk.length
                progress(done, work.total)
    return report


class taken_back(AbstractContextManager[None]):  # noqa: N801  reads as a word in the with statement
    """A transaction that is always rolled back."""

    def __init__(self) -> None:
        self.atomic = transaction.atomic()

    def __enter__(self) -> None:
        self.atomic.__enter__()

    def __exit__(self, *error: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(*error)  # type: ignore[arg-type]  # the three of an exception, as Python gives them


def carry_out(chunk: Chunk, *, actor: Actor, at: datetime) -> list[Result]:
    """Write a chunk in one transaction; what became of each of its rows."""
    if not chunk.entries:
        return []
    importers: dict[str, Callable[[list[Any]], list[Result]]] = {
        "departments": lambda rows: told(import_departments(rows, actor=actor, at=at)),
        "people": lambda rows: told(import_people(rows, actor=actor, at=at)),
        "posts": lambda rows: told(import_posts(rows, actor=actor, at=at)),
        "groups": lambda rows: [(result, ()) for result in keep_groups(rows, actor=actor, at=at)],
        "matters": lambda rows: matters(rows, actor=actor, at=at),
    }
    return written(chunk.entries, importers[chunk.rows])


def matters(rows: list[Any], *, actor: Actor, at: datetime) -> list[Result]:
    outcome = import_collaborations(rows, actor=actor, at=at)
    return [(outcome[row.source_key], ()) for row in rows]


def written(chunk: list[Entry[Any]], write: Write) -> list[Result]:
    """What became of each row. A row that the database or a guard refuses is found by halving, and stops no other."""
    try:
        with transaction.atomic():
            return write([entry.row for entry in chunk])
    except (DataError, IntegrityError, Refused) as error:
        if len(chunk) == 1:
            return [("rejected", error.findings if isinstance(error, Refused) else [type(error).__name__])]
        middle = len(chunk) // 2
        return written(chunk[:middle], write) + written(chunk[middle:], write)


def told(outcomes: Sequence[Outcome]) -> list[Result]:
    return [(outcome.result, outcome.problems) for outcome in outcomes]
