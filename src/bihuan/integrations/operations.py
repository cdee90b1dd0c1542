"""Imports begun in the browser: handed in, mapped, checked, brought in by the worker chunk by chunk."""

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import F

from bihuan.collaborations.operations.playbooks import publish_shipped_playbooks
from bihuan.documents.errors import Unsafe
from bihuan.files import operations as files
from bihuan.integrations import queries
from bihuan.integrations.enums import WORKING, RunState
from bihuan.integrations.facts import ImportBegun, ImportEnded, ImportFilesThrownAway, ImportStarted
from bihuan.integrations.models import ImportFile, ImportRun, SavedMapping
from bihuan.integrations.neutral.problems import Unreadable
from bihuan.integrations.neutral.work import known_before, work_of
from bihuan.integrations.queries import everything_before
from bihuan.integrations.recording import record_about
from bihuan.integrations.rules import may_import_organisation, require_import_right
from bihuan.integrations.tables.mapping import Sheet, SheetMapping, findings_of, from_json, recognise
from bihuan.integrations.tables.naming import Unlisted
from bihuan.integrations.tables.source import Named, copy_neutral, finding_of, neutral_files, sheets_of
from bihuan.integrations.tables.staging import Staged, complete, keep_outside, stage
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.operations import recognise_department
from bihuan.outbox import operations as outbox

MOST_FILES = 60
SAMPLES = 3
AT_ONCE = 100
TOPIC = "integrations.import"
STOPPED = "integrations.stopped_by_hand"
Handed = tuple[str, Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Taken:
    """Files that were handed in and could be read; they lie in a folder that is there only for now."""

    files: list[Named]
    sheets: list[Sheet]


@contextmanager
def received(handed: Sequence[Handed]) -> Iterator[Taken]:
    """Read what is handed in, outside of any transaction: nobody waits for a slow file.

    Raises ``Refused`` when nothing was handed in, a file is not safe to read or one would cover another; then nothing
    is kept.
    """
    if not handed:
        raise Refused([error("integrations.no_file", "files")])
    if len(handed) > MOST_FILES:
        raise Refused([error("integrations.files_many", "files", limit=MOST_FILES)])
    with tempfile.TemporaryDirectory(prefix="bihuan-handed-") as folder:
        named = [(set_down(Path(folder) / str(position), pieces), files.told_name(name))
                 for position, (name, pieces) in enumerate(handed)]  # fmt: skip
        try:
            sheets = sheets_of(named)
        except Unsafe as problem:
            raise Refused([placed(finding_of(problem))]) from None
        neutral_files(named)
        yield Taken(named, sheets)


def set_down(path: Path, pieces: Iterable[bytes]) -> Path:
    with path.open("wb") as handle:
        handle.writelines(pieces)
    return path


@transaction.atomic
def begin_import(taken: Taken, *, actor: Actor, at: datetime) -> ImportRun:
    """Keep the files and say how their sheets are understood; nothing comes in yet.

    Records ``ImportBegun``. Raises ``NotAllowed``.
    """
    require_import_right(actor)
    stored = [files.store([path.read_bytes()], name=name, actor=actor, at=at) for path, name in taken.files]
    run = ImportRun.objects.create(name=stored[0].name, begun_at=at, begun_by_id=actor.person_id or 0)
    ImportFile.objects.bulk_create(
        ImportFile(run=run, stored=each, position=position) for position, each in enumerate(stored)
    )
    offered = queries.with_saved([recognise(sheet) for sheet in taken.sheets])
    run.sheets = [about(sheet, each) for sheet, each in zip(taken.sheets, offered, strict=True)]
    run.mapping = [each.as_json() for each in offered]
    run.save(update_fields=["sheets", "mapping"])
    told = [{"name": each.name, "sha256": each.sha256} for each in stored]
    record_about(run, ImportBegun(run_id=run.pk, files=told), actor=actor, at=at)
    return run


def read(run: ImportRun) -> list[Sheet]:
    """Every sheet of the run's files, read anew."""
    try:
        return sheets_of(queries.files_of(run))
    except Unsafe as problem:
        raise Refused([placed(finding_of(problem))]) from None
    except FileNotFoundError:
        raise Refused([error("integrations.files_gone", "files")]) from None


def placed(finding: Finding) -> Finding:
    return error(finding.code, "files", **finding.params)


def about(sheet: Sheet, offered: SheetMapping) -> dict[str, object]:
    """What the page of the mapping shows of a sheet: its name, its length, its first rows."""
    below = [cells for number, cells in sheet.rows if number > offered.header]
    samples = [[cell[:80] for cell in cells] for cells in below[:SAMPLES]]
    return {"file": sheet.file, "sheet": sheet.name, "rows": len(below), "samples": samples}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The files of a run as they are mapped, in the neutral shape, in a folder that is there only for now."""

    mapping: Sequence[SheetMapping]
    folder: Path
    total: int
    unlisted: Sequence[Unlisted]
    founded: Sequence[str] | None


@contextmanager
def prepared(
    run: ImportRun, mapping: Sequence[SheetMapping], *, founded: Collection[str] | None = None, actor: Actor
) -> Iterator[Prepared]:
    """Read the files as they are mapped, outside of any transaction. `founded` names the departments to make of those
    that no list has; None leaves it as it was said before.

    Raises ``NotAllowed``; ``Refused`` when the mapping cannot be used, the files cannot be read, or a department that
    is to be made is named nowhere in them."""
    require_import_right(actor)
    if founded and not may_import_organisation(actor):
        raise NotAllowed
    if run.sheets and (problems := findings_of(mapping)):
        raise Refused(problems)
    sheets = read(run)
    with fresh_folder(run) as folder:
        try:
            chosen = frozenset(run.founded or () if founded is None else founded)
            unlisted = put_together(folder, run, sheets, mapping, chosen)
            total = work_of(folder, besides=known_before()).total
        except Unreadable as problem:
            raise Refused([placed(problem.finding)]) from None
        named = [each.name for each in unlisted]
        if founded and (others := sorted(chosen.difference(named))):
            raise Refused([error("integrations.department_not_named", "founded", value=others[0])])
        made = None if founded is None and run.founded is None else [name for name in named if name in chosen]
        yield Prepared(mapping, folder, total, unlisted, made)


@transaction.atomic
def check_import(run: ImportRun, ready: Prepared, *, seen_revision: int, actor: Actor, at: datetime) -> None:
    """Take the mapping, keep it for the next file of this kind, and look at every row in the background.

    Raises ``NotAllowed``, ``Stale`` when the import went on meanwhile; then the folder a worker may be reading stays
    as it is.
    """
    require_import_right(actor)
    offered = mapping_of(run)
    moved = ImportRun.objects.filter(pk=run.pk, revision=seen_revision).exclude(state__in=(*WORKING, RunState.DONE))
    if not moved.update(
        state=RunState.CHECKING, mapping=[each.as_json() for each in ready.mapping], position=0, done=0,
        unlisted=[asdict(each) for each in ready.unlisted], founded=ready.founded,
        total=ready.total, foreseen={}, problem_count=0, refusal=[], revision=F("revision") + 1,
    ):  # fmt: skip
        raise Stale
    run.problems.all().delete()
    run.changes.all().delete()
    run.matches.all().delete()
    save_mappings(chosen(ready.mapping, offered), actor=actor, at=at)
    post_next(run, at=at)
    put_in_place(ready.folder, queries.folder_of(run))
    run.refresh_from_db()


@contextmanager
def fresh_folder(run: ImportRun) -> Iterator[Path]:
    """A folder beside that of the run, gone in the end unless it was put in its place."""
    place = queries.folder_of(run)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix=f"{place.name}-", dir=place.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(folder: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    folder.rename(place)


def put_together(
    folder: Path,
    run: ImportRun,
    sheets: Sequence[Sheet],
    mapping: Sequence[SheetMapping],
    founded: Collection[str],
) -> list[Unlisted]:
    """Write the files of the run, as they are mapped, in the neutral shape; returns the departments that are named and
    not known."""
    staged = Staged([], [])
    if sheets:
        staged = stage(folder, sheets, mapping, everything_before(), lambda each: each.name in founded)
    keep_outside(folder, staged.problems)
    copy_neutral(queries.files_of(run), folder)
    complete(folder)
    return staged.unlisted


def chosen(mapping: Sequence[SheetMapping], offered: Sequence[SheetMapping]) -> list[SheetMapping]:
    """Without the sheets that were left out because they were not recognised: nobody said that they are to be."""
    return [each for each, before in zip(mapping, offered, strict=True) if each.table or before.table]


def save_mappings(mapping: Sequence[SheetMapping], *, actor: Actor, at: datetime) -> None:
    for each in mapping:
        SavedMapping.objects.update_or_create(
            signature=each.signature,
            defaults={
                "table": each.table,
                "fields": list(each.fields),
                "saved_at": at,
                "saved_by_id": actor.person_id or 0,
            },
        )


@transaction.atomic
def start_import(run: ImportRun, *, seen_revision: int, same: Collection[int] = (), actor: Actor, at: datetime) -> None:
    """Bring in what was checked, in the background; also goes on where a stopped import left off.

    `same` are the matches (`ImportMatch`) whose department made by hand is the one of the files: it is updated then.

    Records ``ImportStarted``. Raises ``Stale`` when the import is not checked, or went on meanwhile, ``Refused`` when
    its files were thrown away.
    """
    require_import_right(actor)
    if not queries.has_files(run):
        raise Refused([error("integrations.files_gone", "files")])
    ready = ImportRun.objects.filter(pk=run.pk, revision=seen_revision)
    from_start = ready.filter(state=RunState.CHECKED)
    if from_start.update(
        state=RunState.RUNNING, position=0, done=0, problem_count=0, counts={}, revision=F("revision") + 1
    ):
        run.problems.all().delete()
        run.changes.all().delete()
        settle_matches(run, same, actor=actor, at=at)
    elif not ready.filter(state=RunState.FAILED).update(state=RunState.RUNNING, refusal=[], revision=F("revision") + 1):
        raise Stale
    publish_shipped_playbooks(at=at)
    run.refresh_from_db()
    record_about(run, ImportStarted(run_id=run.pk, total=run.total), actor=actor, at=at)
    post_next(run, at=at)


def settle_matches(run: ImportRun, same: Collection[int], *, actor: Actor, at: datetime) -> None:
    """Each department made by hand that somebody chose is known by its key from now on."""
    for match in run.matches.filter(pk__in=same).order_by("pk"):
        recognise_department(match.offered_id, source_key=match.source_key, actor=actor, at=at)
    run.matches.filter(pk__in=same).update(is_same=True)


@transaction.atomic
def stop_import(run: ImportRun, *, actor: Actor, at: datetime) -> None:
    """Stop what is being checked or comes in. The chunk at work is finished, what came in stays, the rest can go on.

    Records ``ImportEnded``. Raises ``NotAllowed``, ``Stale`` when nothing is at work.
    """
    require_import_right(actor)
    at_work = ImportRun.objects.filter(pk=run.pk)
    why: dict[str, object] = {"refusal": [{"code": STOPPED}], "ended_at": at, "revision": F("revision") + 1}
    is_coming_in = at_work.filter(state=RunState.RUNNING).update(state=RunState.FAILED, **why)
    if not is_coming_in and not at_work.filter(state=RunState.CHECKING).update(state=RunState.MAPPING, **why):
        raise Stale
    run.refresh_from_db()
    fact = ImportEnded(run_id=run.pk, counts=run.counts, problems=run.problem_count, why=STOPPED)
    record_about(run, fact, actor=actor, at=at)


def throw_files_away(*, before: datetime, actor: Actor, at: datetime) -> int:
    """Throw away what was handed in for imports that stand still since before an instant, with first rows and old
    values kept of it. Records ``ImportFilesThrownAway`` for each. Returns how many imports, at most a hundred."""
    return sum(_throw_away(pk, actor=actor, at=at) for pk in queries.runs_to_empty(before)[:AT_ONCE])


@transaction.atomic
def _throw_away(run_id: int, *, actor: Actor, at: datetime) -> bool:
    run = ImportRun.objects.select_for_update().exclude(state__in=WORKING).filter(pk=run_id).first()
    files_of_run = ImportFile.objects.filter(run=run_id).values_list("stored", flat=True)
    if run is None or not (gone := files.throw_away_bytes(list(files_of_run), at=at)):
        return False
    run.sheets = [{**sheet, "samples": []} for sheet in run.sheets]
    run.save(update_fields=["sheets"])
    run.changes.all().delete()
    transaction.on_commit(partial(shutil.rmtree, queries.folder_of(run), ignore_errors=True))
    record_about(run, ImportFilesThrownAway(run_id=run.pk, files=gone), actor=actor, at=at)
    return True


def sweep_folders(*, before: datetime) -> int:
    """Throw away folders in the neutral shape that were left half made, or whose import has lost its files. Returns how
    many."""
    found = [path for path in queries.folders() if path.stat().st_mtime < before.timestamp()]
    kept = queries.runs_with_files({int(path.name) for path in found if path.name.isdigit()})
    lost = [path for path in found if not path.name.isdigit() or int(path.name) not in kept]
    for path in lost:
        shutil.rmtree(path, ignore_errors=True)
    return len(lost)


def post_next(run: ImportRun, *, at: datetime) -> None:
    outbox.post(TOPIC, {"run": run.pk}, at=at)


def mapping_of(run: ImportRun) -> list[SheetMapping]:
    """How the sheets of a run are understood now."""
    return [each for each in map(from_json, run.mapping) if each is not None]


def mapping_as_said(run: ImportRun, said: Sequence[tuple[str, Sequence[str]]]) -> list[SheetMapping]:
    """The sheets of a run with the tables and fields somebody says. Raises ``Refused`` when they do not fit."""
    kept = mapping_of(run)
    if [len(each.titles) for each in kept] != [len(fields) for _table, fields in said]:
        raise Refused([error("integrations.mapping_misfits", "sheets")])
    return [
        SheetMapping(each.file, each.sheet, table, each.header, each.titles, tuple(fields))
        for each, (table, fields) in zip(kept, said, strict=True)
    ]
