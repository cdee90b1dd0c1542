"""Reading imports: lists, one of them, its problems and changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from bihuan.collaborations.queries.sources import annexes_as_kept, lines_as_kept
from bihuan.files.queries import path_of
from bihuan.integrations.enums import WORKING
from bihuan.integrations.models import ImportChange, ImportFile, ImportMatch, ImportProblem, ImportRun, SavedMapping
from bihuan.integrations.rules import may_import_organisation, require_import_right, sees_run
from bihuan.integrations.tables.mapping import SheetMapping
from bihuan.integrations.tables.names import Elsewhere
from bihuan.integrations.tables.source import Named
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation.queries.imported import names_known

PAGE = 50
RUNS = 50


@dataclass(frozen=True, slots=True)
class ProblemPage:
    problems: list[ImportProblem]
    next_key: int | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    changes: list[ImportChange]
    next_key: int | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """`next_before` is the key of the page after, None at the end."""

    runs: list[ImportRun]
    next_before: int | None


def runs_of(actor: Actor, *, before: int | None = None) -> RunPage:
    """A page of the imports the actor may see, newest first. NotAllowed for who may bring nothing in. One query."""
    require_import_right(actor)
    rows = ImportRun.objects.select_related("begun_by").defer("sheets", "mapping")
    if not may_import_organisation(actor):
        rows = rows.filter(begun_by=actor.person_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: RUNS + 1])
    return RunPage(found[:RUNS], found[RUNS - 1].pk if len(found) > RUNS else None)


def run_for(actor: Actor, pk: int) -> ImportRun:
    """One import; raises NotAllowed for who may bring nothing in, NotFound for another's."""
    require_import_right(actor)
    run = ImportRun.objects.select_related("begun_by").filter(pk=pk).first()
    if run is None or not sees_run(actor, run):
        raise NotFound
    return run


def problems_of(run: ImportRun, *, severity: str = "", code: str = "", after: int = 0) -> ProblemPage:
    """A page of what was odd, errors only or of one kind when asked. One query."""
    rows = ImportProblem.objects.filter(run=run, pk__gt=after)
    if severity:
        rows = rows.filter(severity=severity)
    if code:
        rows = rows.filter(code=code)
    found = list(rows.order_by("pk")[: PAGE + 1])
    return ProblemPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def problems_counted(run: ImportRun) -> list[tuple[ImportProblem, int]]:
    """The first remark of each kind and how many there are of it, most first. Two queries."""
    kinds = ImportProblem.objects.filter(run=run).order_by().values("code").annotate(first=Min("pk"), many=Count("pk"))
    many = {each["first"]: each["many"] for each in kinds}
    first = ImportProblem.objects.in_bulk(many)
    return [(first[pk], many[pk]) for pk in sorted(many, key=lambda pk: (-many[pk], pk))]


def all_problems(run: ImportRun) -> "QuerySet[ImportProblem]":
    return ImportProblem.objects.filter(run=run).order_by("pk")


def changes_of(run: ImportRun, *, after: int = 0) -> ChangePage:
    """A page of the rows that would say, or say now, something else. One query."""
    found = list(all_changes(run).filter(pk__gt=after)[: PAGE + 1])
    return ChangePage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def all_changes(run: ImportRun) -> "QuerySet[ImportChange]":
    return ImportChange.objects.filter(run=run).order_by("pk")


def matches_of(run: ImportRun) -> list[ImportMatch]:
    """Departments of the files that are called like one made by hand. One query."""
    return list(run.matches.order_by("pk"))


def everything_before() -> Elsewhere:
    """What a file may name without saying it: departments and people by name, and what was said of its matters."""
    return Elsewhere(*names_known(), lines_as_kept, annexes_as_kept)


def files_of(run: ImportRun) -> list[Named]:
    """Where the files lie and how they were called. One query."""
    rows = run.files.select_related("stored").order_by("position")
    return [(path_of(each.stored.key), each.stored.name) for each in rows]


def has_files(run: ImportRun) -> bool:
    """Whether what was handed in is still kept. One query."""
    return run.files.filter(stored__thrown_away_at__isnull=True).exists()


def runs_to_empty(before: datetime) -> list[int]:
    """The imports that stand still since before an instant and whose files are still kept, oldest first. One query."""
    kept = ImportFile.objects.filter(run=OuterRef("pk"), stored__thrown_away_at__isnull=True)
    rows = ImportRun.objects.exclude(state__in=WORKING).annotate(stood=Coalesce("ended_at", "begun_at"))
    return list(rows.filter(Exists(kept), stood__lt=before).order_by("pk").values_list("pk", flat=True))


def folder_of(run: ImportRun) -> Path:
    """Where the files lie in the neutral shape."""
    return _root() / str(run.pk)


def folders() -> list[Path]:
    """The folders of all imports, those that are being made too."""
    return [path for path in sorted(_root().glob("*")) if path.is_dir()]


def runs_with_files(ids: Collection[int]) -> set[int]:
    """Which of these imports still keep what was handed in. One query."""
    kept = ImportFile.objects.filter(run__in=ids, stored__thrown_away_at__isnull=True)
    return set(kept.values_list("run", flat=True))


def _root() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def saved_mappings(signatures: set[str]) -> dict[str, SavedMapping]:
    return {row.signature: row for row in SavedMapping.objects.filter(signature__in=signatures)}


def with_saved(offered: list[SheetMapping]) -> list[SheetMapping]:
    """Sheets that came before are understood as somebody said then. One query."""
    saved = saved_mappings({each.signature for each in offered})
    return [as_saved(each, saved.get(each.signature)) for each in offered]


def as_saved(offered: SheetMapping, saved: SavedMapping | None) -> SheetMapping:
    if saved is None or len(saved.fields) != len(offered.titles):
        return offered
    return SheetMapping(
        offered.file, offered.sheet, saved.table, offered.header, offered.titles, tuple(map(str, saved.fields))
    )
