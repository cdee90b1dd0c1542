"""Reading archives and the case library."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.queries.recurrence import accepted_periods
from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import NotFound
from bihuan.knowledge.models import Archive, Lesson
from bihuan.knowledge.policy import Filed
from bihuan.progress.models import Report
from bihuan.records.models import Version

PAGE = 50


def visible_to(actor: Actor, *, at: datetime) -> QuerySet[Archive]:
    """Every archive the actor may read."""
    return Archive.objects.filter(access.visible(actor, at=at))


def archive_for(actor: Actor, pk: int, *, at: datetime) -> Archive:
    """One archive; raises ``NotFound`` when it does not exist for this actor."""
    found = (
        visible_to(actor, at=at)
        .select_related("collaboration__lead_department", "archived_by")
        .prefetch_related("lessons")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def archive_of(collaboration: Collaboration) -> Archive | None:
    """The newest archive of a matter the caller holds; whoever reads the matter reads it too."""
    rows = Archive.objects.filter(collaboration=collaboration).select_related("archived_by")
    return rows.prefetch_related("lessons").order_by("-pk").first()


def earlier_archives(archive: Archive) -> list[Archive]:
    """Those of the same matter from the years before, the newest first."""
    return list(Archive.objects.filter(collaboration=archive.collaboration_id, pk__lt=archive.pk).order_by("-pk"))


def archive_of_matter(actor: Actor, collaboration: Collaboration, *, at: datetime) -> Archive:
    """The newest archive of one matter; raises ``NotFound`` when there is none that the actor may read."""
    mine = visible_to(actor, at=at).filter(collaboration=collaboration).order_by("-pk")
    found = mine.values_list("pk", flat=True).first()
    return archive_for(actor, found or 0, at=at)


@dataclass(frozen=True, slots=True)
class LibraryPage:
    rows: list[Archive]
    next_before: int | None


def library(actor: Actor, *, text: str = "", kind: str = "", before: int | None = None, at: datetime) -> LibraryPage:
    """The case library, newest first: titles, tags and lessons are searched."""
    archives = visible_to(actor, at=at).select_related("collaboration__lead_department").prefetch_related("lessons")
    if kind:
        archives = archives.filter(library=kind)
    if text.strip():
        archives = archives.filter(_has_text(text.strip()))
    if before is not None:
        archives = archives.filter(pk__lt=before)
    found = list(archives.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return LibraryPage(shown, shown[-1].pk if len(found) > PAGE else None)


def _has_text(text: str) -> Q:
    lessons = Lesson.objects.filter(archive=OuterRef("pk")).filter(Q(text__icontains=text) | Q(cause__icontains=text))
    escaped = json.dumps(text)[1:-1]  # as SQLite keeps it
    in_tags = Q(tags__icontains=text) | Q(tags__icontains=escaped)
    return Q(title__icontains=text) | Q(number__icontains=text) | in_tags | Q(Exists(lessons))


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A line of an archive's checklist, as it was frozen. `waived` says why a missing part is missing."""

    form: str
    number: str
    version: int | None
    is_present: bool
    waived: str


def checklist_of(archive: Archive) -> list[KeptPart]:
    """The checklist of the archive record, as filed."""
    version = _filed_as(archive)
    return [
        KeptPart(
            form=row["form_type"],
            number=row.get("form_no") or "",
            version=row.get("version"),
            is_present=bool(row.get("present")),
            waived=row.get("waived_reason") or "",
        )
        for row in (version.data.get("checklist") or () if version is not None else ())
    ]


def filed_forms(collaboration: Collaboration) -> dict[str, list[Filed]]:
    """Every form of the matter that was filed: the newest version of each record, weekly reports, accepted periods."""
    filed: dict[str, list[Filed]] = {}
    for version in _newest_versions(collaboration):
        form = version.record.form_code
        filed.setdefault(form, []).append(Filed(form, version.record.number, version.version))
    for period in accepted_periods(collaboration):
        filed.setdefault("F27", []).append(Filed("F27", f"{collaboration.number} {period.key}", 1))
    weeks = Report.objects.filter(period__collaboration=collaboration, submitted_at__isnull=False, version=None)
    for report in weeks.order_by("pk"):
        filed.setdefault("F09", []).append(Filed("F09", report.number, 1))
    return filed


def _newest_versions(collaboration: Collaboration) -> Iterable[Version]:
    """The version each record stands on."""
    rows = Version.objects.filter(record__root_kind="collaboration", record__root_id=collaboration.pk)
    return rows.filter(pk=F("record__current_version")).select_related("record").order_by("record__number")


def content_hash(collaboration: Collaboration, *, until: int | None = None) -> str:
    """One digest over every frozen version of the matter, whoever asks and whenever; none after `until`."""
    rows = Version.objects.filter(record__root_kind="collaboration", record__root_id=collaboration.pk)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    listed = rows.order_by("record__number", "version").values_list("record__number", "version", "digest")
    return digest([list(row) for row in listed])


def is_unchanged(archive: Archive) -> bool:
    """Whether the matter's frozen contents are still what was archived (AS30); where it went on, those up to then."""
    matter = archive.collaboration
    went_on = matter.ended_at is None or matter.archives.filter(pk__gt=archive.pk).exists()
    filed = _filed_as(archive) if went_on else None
    return content_hash(matter, until=filed.pk if filed is not None else None) == archive.frozen_hash


def _filed_as(archive: Archive) -> Version | None:
    """The archive record itself."""
    filed = Version.objects.filter(record__number=archive.number, record__form_code="F20").select_related("record")
    return filed.order_by("-version").first()
