"""Bringing in matters of another system, as they are: no step is taken for them, nobody is asked anything."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.access.operations import Admission
from bihuan.collaborations.enums import PartyRole, Step
from bihuan.collaborations.facts import CollaborationImported
from bihuan.collaborations.imports import ImportedMatter, ImportOutcome
from bihuan.collaborations.models import (
    Collaboration,
    Criterion,
    ImportedAnnex,
    ImportedSource,
    Milestone,
    Party,
    StepRun,
)
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.members import view_of
from bihuan.collaborations.policy.members import MatterView, PartyView, memberships
from bihuan.collaborations.queries.playbooks import newest
from bihuan.collaborations.queries.sources import content_of, plain
from bihuan.kernel.actor import Actor
from bihuan.ledger import operations as ledger
from bihuan.ledger.operations import Item
from bihuan.organisation import queries as organisation

IMPORTED = "IMPORTED"


@transaction.atomic
def import_collaborations(matters: Sequence[ImportedMatter], *, actor: Actor, at: datetime) -> dict[str, ImportOutcome]:
    """Bring in at most a chunk of matters in one transaction; says for each source key what became of it.

    A matter is met again by its source key: an equal digest changes nothing, another one replaces what the source said,
    unless somebody has adopted it meanwhile: then only the source's words are replaced, never the matter. Records one
    ``CollaborationImported`` for each matter created or changed, and starts no business reaction.
    """
    known = {
        matter.source_key: matter
        for matter in Collaboration.objects.filter(source_key__in=[each.source_key for each in matters])
        .select_related("source")
        .prefetch_related("step_runs")
    }
    fresh = [each for each in matters if each.source_key not in known]
    changed = [
        each for each in matters if each.source_key in known and known[each.source_key].source.digest != each.digest
    ]
    names = _Names(fresh + changed)
    for each in changed:
        _replace(known[each.source_key], each, names, at=at)
    _record([(known[each.source_key], each) for each in changed], changed=True, actor=actor, at=at)
    _create(fresh, names, actor=actor, at=at)
    outcome: dict[str, ImportOutcome] = {each.source_key: "unchanged" for each in matters}
    outcome |= {each.source_key: "updated" for each in changed}
    outcome |= {each.source_key: "created" for each in fresh}
    return outcome


class _Names:
    """The departments, people and parent matters that a chunk names, by the keys of the source. Three queries."""

    def __init__(self, matters: Sequence[ImportedMatter]) -> None:
        departments = {key for each in matters for key in (each.lead_department_key, *each.participant_keys)}
        people = {key for each in matters for key in (each.requester_key, *each.owner_keys)}
        self.departments = organisation.departments_by_source_key(departments - {""})
        self.people = organisation.people_by_source_key(people - {""})
        self.parents = _ids({each.parent_key for each in matters} - {""})

    def lead(self, matter: ImportedMatter) -> int | None:
        return next((self.people[key] for key in matter.owner_keys if key in self.people), None)

    def participants(self, matter: ImportedMatter) -> list[int]:
        """The other departments, each once, in the order of the source."""
        lead = self.departments.get(matter.lead_department_key)
        found = [self.departments[key] for key in matter.participant_keys if key in self.departments]
        return [key for key in dict.fromkeys(found) if key != lead]


def _ids(keys: set[str]) -> dict[str, int]:
    """The matters of these source keys; asks nothing when there are none."""
    rows = Collaboration.objects.filter(source_key__in=keys).values_list("source_key", "pk") if keys else ()
    return {str(key): pk for key, pk in rows}


def _columns(matter: ImportedMatter, names: _Names) -> dict[str, Any]:
    return {
        "title": matter.title or matter.source_key,
        "lead_department_id": names.departments.get(matter.lead_department_key),
        "initiator_id": names.people.get(matter.requester_key),
        "lead_id": names.lead(matter),
        "source_number": matter.number or matter.number_raw,
        "source_status": matter.status_raw or matter.status,
        "parent_id": names.parents.get(matter.parent_key),
    }


def _begun_at(matter: ImportedMatter, at: datetime) -> datetime | None:
    """The beginning of the day on which the source says it was begun; None for no such day, or one to come."""
    day = matter.created.day
    if day is None or day > organisation.day_of(at):
        return None
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _create(matters: Sequence[ImportedMatter], names: _Names, *, actor: Actor, at: datetime) -> None:
    if not matters:
        return
    playbook = newest(IMPORTED)
    scopes = access.reserve_scopes("collaboration", count=len(matters), at=at)
    rows = Collaboration.objects.bulk_create(
        Collaboration(
            scope=scope,
            source_key=matter.source_key,
            playbook_version=playbook,
            created_at=_begun_at(matter, at) or at,
            **_columns(matter, names),
        )
        for scope, matter in zip(scopes, matters, strict=True)
    )
    pairs = list(zip(rows, matters, strict=True))
    access.name_subjects({row.scope_id: row.pk for row in rows})
    StepRun.objects.bulk_create(StepRun(collaboration=row, step=Step.IMPORTED, entered_at=at) for row in rows)
    Party.objects.bulk_create(
        Party(collaboration=row, department_id=department_id, role=PartyRole.SUPPORT)
        for row, matter in pairs
        for department_id in names.participants(matter)
    )
    ImportedSource.objects.bulk_create(
        ImportedSource(collaboration=row, imported_at=at, **_source(matter)) for row, matter in pairs
    )
    _create_lines(pairs)
    _create_annexes(pairs)
    access.admit_all(_admissions(pairs, names), at=at)
    _record(pairs, changed=False, actor=actor, at=at)


def _source(matter: ImportedMatter) -> dict[str, Any]:
    return {
        "raw": matter.raw,
        "digest": matter.digest,
        "content": content_of(matter),
        "findings": [
            {"code": finding.code, "place": finding.place, "params": plain(dict(finding.params))}
            for finding in matter.findings
        ],
    }


def _create_annexes(pairs: Sequence[tuple[Collaboration, ImportedMatter]]) -> None:
    ImportedAnnex.objects.bulk_create(
        ImportedAnnex(collaboration=row, kind=annex.kind, position=position, source_key=annex.source_key, raw=annex.raw)
        for row, matter in pairs
        for position, annex in enumerate(matter.annexes)
    )


def _create_lines(pairs: Sequence[tuple[Collaboration, ImportedMatter]]) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            collaboration=row,
            line_id=f"source-{position}",
            position=position,
            name=milestone.name,
            due_on=milestone.on.day,
            due_raw=milestone.on.raw,
        )
        for row, matter in pairs
        for position, milestone in enumerate(matter.milestones)
    )
    Criterion.objects.bulk_create(
        Criterion(
            collaboration=row,
            line_id=f"source-{position}",
            position=position,
            text=criterion.text,
            phase=criterion.phase,
        )
        for row, matter in pairs
        for position, criterion in enumerate(matter.criteria)
    )


def _admissions(pairs: Sequence[tuple[Collaboration, ImportedMatter]], names: _Names) -> list[Admission]:
    return [
        Admission(row.scope_id, member.principal, Role(member.role), Level(member.level), member.via)
        for row, matter in pairs
        for member in sorted(memberships(_view(row, names.participants(matter))))
    ]


def _view(row: Collaboration, participants: Sequence[int]) -> MatterView:
    return MatterView(
        lead_department_id=row.lead_department_id,
        initiator_id=row.initiator_id,
        lead_id=row.lead_id,
        parties=tuple(PartyView(department_id, None) for department_id in participants),
        visibility=row.visibility,
        secrecy=row.secrecy,
        is_submitted=True,
        is_imported=True,
    )


def _replace(row: Collaboration, matter: ImportedMatter, names: _Names, *, at: datetime) -> None:
    """Take over what the source says now. An adopted matter lives its own life: only the source's words change."""
    ImportedSource.objects.filter(collaboration=row).update(imported_at=at, **_source(matter))
    ImportedAnnex.objects.filter(collaboration=row).delete()
    _create_annexes([(row, matter)])
    if any(run.step == Step.IMPORTED and run.left_at is None for run in row.step_runs.all()):
        before = view_of(row)
        begun_at = _begun_at(matter, at) or row.created_at
        Collaboration.objects.filter(pk=row.pk).update(created_at=begun_at, **_columns(matter, names))
        row.refresh_from_db()
        row.parties.all().delete()
        Party.objects.bulk_create(
            Party(collaboration=row, department_id=department_id, role=PartyRole.SUPPORT)
            for department_id in names.participants(matter)
        )
        row.milestones.filter(form_code="").delete()
        row.criterions.filter(form_code="").delete()
        _create_lines([(row, matter)])
        _move_members(row, before, at=at)


def _move_members(row: Collaboration, before: MatterView, *, at: datetime) -> None:
    was, now = memberships(before), memberships(view_of(row))
    for member in sorted(was - now):
        access.dismiss(row.scope_id, member.principal, role=Role(member.role), via=member.via, at=at)
    access.admit_all(
        [
            Admission(row.scope_id, member.principal, Role(member.role), Level(member.level), member.via)
            for member in sorted(now - was)
        ],
        at=at,
    )


def _record(
    pairs: Sequence[tuple[Collaboration, ImportedMatter]], *, changed: bool, actor: Actor, at: datetime
) -> None:
    items = [
        Item(
            CollaborationImported(
                source_key=matter.source_key, digest=matter.digest, title=matter.title, changed=changed
            ),
            root_of(row),
            None,
            row.scope_id,
        )
        for row, matter in pairs
    ]
    ledger.record_many(items, actor=actor, at=at)
