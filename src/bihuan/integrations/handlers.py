"""The worker's part of an import: one chunk, what became of it, and the delivery of the next, in one transaction.

A kill takes the chunk back with its progress; the delivery is tried again and meets the run where it stood.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bihuan.integrations import queries
from bihuan.integrations.enums import WORKING, RunState
from bihuan.integrations.facts import ImportEnded
from bihuan.integrations.foreseeing import Before, Foreseen, foresee
from bihuan.integrations.models import ImportChange, ImportMatch, ImportRun
from bihuan.integrations.neutral.annexes import annexes_before
from bihuan.integrations.neutral.problems import PREFIX, Unreadable
from bihuan.integrations.neutral.run import Report, Result, carry_out
from bihuan.integrations.neutral.work import Chunk, known_before, work_of
from bihuan.integrations.operations import post_next
from bihuan.integrations.recording import keep_problems, record_about
from bihuan.integrations.rules import may_import, may_import_organisation
from bihuan.integrations.tables.staging import outside_of
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation
from bihuan.organisation.policy import clean
from bihuan.organisation.queries.imported import departments_by_hand

MOST_CHANGES = 5_000
ORGANISATION = ("departments", "people", "posts", "groups")


class Reading:
    """The chunks of a run's folder, held open between two deliveries; another process reads up to the same place."""

    def __init__(self, run: ImportRun) -> None:
        self.run_id, self.revision, self.position = run.pk, run.revision, 0
        self.before = Before()
        folder = queries.folder_of(run)
        work = work_of(folder, problems=outside_of(folder), besides=known_before())
        self.chunks: Iterator[Chunk] = work.chunks

    def is_at(self, run: ImportRun) -> bool:
        return (self.run_id, self.revision, self.position) == (run.pk, run.revision, run.position)

    def next(self) -> Chunk | None:
        self.position += 1
        return next(self.chunks, None)


_HELD: list[Reading] = []


def reading_of(run: ImportRun, at: datetime) -> Reading:
    """The one that is held if it stands where the run does, else a new one that is brought there."""
    held = _HELD.pop() if _HELD else None
    if held is not None and held.is_at(run):
        return held
    found = Reading(run)
    for _number in range(run.position):
        chunk = found.next()
        if chunk is not None and run.state == RunState.CHECKING:
            foresee(chunk, found.before, at)
    return found


def carry_on(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Take the next chunk of an import and owe the one after. Records ``ImportEnded`` behind the last one."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("begun_by").get(pk=payload["run"])
    if run.state not in WORKING:
        return
    person = organisation.actor_for(run.begun_by, at)
    if not run.begun_by.is_active or not may_import(person):
        end(run, RunState.FAILED, person, at=at, why=error("integrations.right_ended"))
        return
    try:
        reading = reading_of(run, at)
        chunk = reading.next()
    except (Unreadable, FileNotFoundError):
        end(run, RunState.FAILED, person, at=at, why=error("integrations.files_gone"))
        return
    if chunk is None:
        end(run, RunState.CHECKED if run.state == RunState.CHECKING else RunState.DONE, person, at=at)
        return
    take(run, chunk, reading, person, at=at)
    run.position = reading.position
    run.save(update_fields=["position", "done", "foreseen", "counts"])
    _HELD[:] = [reading]
    post_next(run, at=at)


def take(run: ImportRun, chunk: Chunk, reading: Reading, person: Actor, *, at: datetime) -> None:
    """Foresee the chunk or write it, and keep what is to be told."""
    foreseen = foresee(chunk, reading.before, at)
    annexes = annexes_before(chunk)
    results: Sequence[Result] = [(each.result, each.codes) for each in foreseen]
    if chunk.rows in ORGANISATION and not may_import_organisation(person):
        results = [left(each) for each in foreseen]
    elif run.state == RunState.RUNNING:
        results = carry_out(chunk, actor=Actor(ActorKind.IMPORT, person.person_id, person.name, frozenset()), at=at)
    elif chunk.rows == "departments":
        offer_matches(run, chunk, foreseen)
    report = Report()
    report.tell_chunk(chunk, results, annexes)
    keep_problems(run, report.problems)
    keep_changes(run, chunk, foreseen, results)
    counts = run.foreseen if run.state == RunState.CHECKING else run.counts
    add_counts(counts, report)
    if chunk.rows != "rejected":
        run.done += chunk.length


def offer_matches(run: ImportRun, chunk: Chunk, foreseen: Sequence[Foreseen]) -> None:
    """Departments that would be made although one of the same name was made by hand: somebody says, nobody guesses."""
    fresh = [entry.row for entry, each in zip(chunk.entries, foreseen, strict=True) if each.result == "created"]
    by_hand = departments_by_hand(clean(row.name) for row in fresh)
    ImportMatch.objects.bulk_create(
        ImportMatch(run=run, source_key=row.source_key, name=clean(row.name), offered_id=pk, label=label)
        for row in fresh
        for pk, label in by_hand.get(clean(row.name), ())
    )


def left(each: Foreseen) -> Result:
    """A row of the organisation from somebody who may only bring matters in: what would change stays outside."""
    return (each.result, ()) if each.result == "unchanged" else ("rejected", (f"{PREFIX}organisation_left",))


def add_counts(counts: dict[str, Any], report: Report) -> None:
    for kind, found in {**report.counts, **report.beside}.items():
        kept = counts.setdefault(kind, dict.fromkeys(found, 0))
        for result, number in found.items():
            kept[result] += number


def keep_changes(run: ImportRun, chunk: Chunk, foreseen: Sequence[Foreseen], results: Sequence[Result]) -> None:
    room = MOST_CHANGES - run.changes.count() if any(each.result == "updated" for each in foreseen) else 0
    rows = [
        ImportChange(
            run=run, kind=entry.kind, row=entry.key[:201], file=entry.file[:300], line=entry.line,
            before=each.before, after=each.after,
        )
        for entry, each, (result, _codes) in zip(chunk.entries, foreseen, results, strict=True)
        if result == "updated"
    ]  # fmt: skip
    ImportChange.objects.bulk_create(rows[: max(0, room)])


def end(run: ImportRun, state: RunState, actor: Actor, *, at: datetime, why: Finding | None = None) -> None:
    """The run stands still: checked, in, or stopped with a sentence."""
    run.state, run.ended_at = state, None if state == RunState.CHECKED else at
    run.refusal = [{"code": why.code}] if why else []
    run.revision += 1
    run.save(update_fields=["state", "ended_at", "refusal", "revision"])
    if state != RunState.CHECKED:
        said = why.code if why else ""
        fact = ImportEnded(run_id=run.pk, counts=run.counts, problems=run.problem_count, why=said)
        record_about(run, fact, actor=actor, at=at)
