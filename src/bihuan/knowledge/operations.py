"""Putting a matter away."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.access import operations as access
from bihuan.access import queries as access_queries
from bihuan.access.enums import Level, Role
from bihuan.access.operations import Admission
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.knowledge.enums import LessonKind
from bihuan.knowledge.facts import MatterArchived
from bihuan.knowledge.models import Archive, Lesson
from bihuan.knowledge.queries import content_hash
from bihuan.ledger import operations as ledger
from bihuan.records import queries as records
from bihuan.records.models import Version


@transaction.atomic
def archive_matter(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> Archive:
    """Put a matter into the library with the reading right its archive record names (F20, G26).

    Records ``MatterArchived`` with a digest over every frozen version of the matter.
    """
    body = version.data
    (scope,) = access.reserve_scopes("archive", at=at)
    archive = Archive.objects.create(
        collaboration=collaboration,
        scope=scope,
        number=version.record.number,
        title=collaboration.title,
        library=body["library"],
        tags=[row["text"] for row in body.get("tags") or ()],
        retention=body["retention"],
        read_right=body["read_right"],
        secrecy=body["secrecy"],
        location=body["location"] or "",
        frozen_hash=content_hash(collaboration),
        archived_by_id=version.submitted_by_id,
        archived_at=at,
    )
    access.name_subjects({scope.pk: archive.pk})
    access.classify(scope.pk, archive.secrecy)
    _admit_readers(archive, at=at)
    _keep_lessons(archive)
    ledger.record(
        MatterArchived(
            archive_id=archive.pk,
            number=archive.number,
            read_right=archive.read_right,
            secrecy=archive.secrecy,
            frozen_hash=archive.frozen_hash,
        ),
        actor=actor,
        root=root_of(collaboration),
        subject=archive.subject,
        scope_id=scope.pk,
        at=at,
    )
    return archive


def _admit_readers(archive: Archive, *, at: datetime) -> None:
    """Whoever sees the matter reads its archive; with the right ALL_STAFF everybody does."""
    members = access_queries.open_members(archive.collaboration.scope_id)
    admissions = [
        Admission(
            archive.scope_id, member.principal, Role(member.role), Level(min(member.level, Level.READ)), member.via
        )
        for member in members
    ]
    if archive.read_right == "ALL_STAFF" and not any(each.principal == principals.EVERYONE for each in admissions):
        admissions.append(Admission(archive.scope_id, principals.EVERYONE, Role.READER, Level.READ, "library"))
    access.admit_all(admissions, at=at)


def _keep_lessons(archive: Archive) -> None:
    """From the review and from the report on a solved problem, whichever there is."""
    root = root_of(archive.collaboration)
    review, report = records.latest(root, "F17"), records.latest(root, "F18")
    found = [
        *(_of_review(review.data) if review is not None else ()),
        *(_of_report(report.data) if report is not None else ()),
    ]
    Lesson.objects.bulk_create(
        Lesson(archive=archive, position=position, **columns) for position, columns in enumerate(found)
    )


def _of_report(report: dict[str, Any]) -> list[dict[str, str]]:
    """How it was solved and why it happened, what was learned, and what keeps it from coming back."""
    return [
        {"kind": LessonKind.PROBLEM, "text": report["problem"], "cause": report["root_cause"]},
        *({"kind": LessonKind.GOOD, "text": row["text"]} for row in report.get("lessons") or ()),
        *({"kind": LessonKind.IMPROVEMENT, "text": row["text"]} for row in report.get("prevention") or ()),
    ]


def _of_review(review: dict[str, Any]) -> list[dict[str, str]]:
    return [
        *({"kind": LessonKind.GOOD, "text": row["text"]} for row in review.get("went_well") or ()),
        *(
            {"kind": LessonKind.PROBLEM, "text": row["problem"], "cause": row["root_cause"]}
            for row in review.get("problems") or ()
        ),
        *({"kind": LessonKind.IMPROVEMENT, "text": row["text"]} for row in review.get("improvements") or ()),
    ]
