"""Letting matters under way go on by the newest version of their playbook."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from bihuan.collaborations.facts import CollaborationMigrated
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.steps import settle
from bihuan.collaborations.queries.migration import Behind, behind
from bihuan.collaborations.queries.playbooks import newest
from bihuan.collaborations.rules import may_edit_playbooks
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger


@transaction.atomic
def migrate_collaborations(
    key: str, ids: Collection[int], *, seen_version: int, reason: str, actor: Actor, at: datetime
) -> int:
    """Let these matters go on by the newest version of their playbook, all of them or none. Returns how many did.

    `seen_version` is the version the preview compared with. Records ``CollaborationMigrated`` for each. Raises
    ``NotAllowed`` for everybody but the PMO, ``NotFound`` for a matter the actor does not read or that is not behind,
    ``Stale`` when another version came or a matter moved on meanwhile, ``Refused`` with what contradicts, at
    `matter_ids.<id>`.
    """
    if not may_edit_playbooks(actor):
        raise NotAllowed
    target = newest(key)
    if target.version != seen_version:
        raise Stale
    if not reason.strip() or not ids:
        raise Refused(
            [error("collaborations.migrate_reason_missing", "reason")]
            if ids
            else [error("collaborations.migrate_nothing", "matter_ids")]
        )
    for pk in sorted(set(ids)):
        ledger.lock_chain(root_of(Collaboration(pk=pk)))
    found = {one.matter.pk: one for one in behind(key, actor=actor, at=at)}
    if set(ids) - found.keys():
        raise NotFound
    chosen = [found[pk] for pk in sorted(set(ids))]
    against = [replace(finding, place=f"matter_ids.{one.matter.pk}") for one in chosen for finding in one.findings]
    if against:
        raise Refused(against)
    for one in chosen:
        _migrate(one, reason.strip(), actor=actor, at=at)
    return len(chosen)


def _migrate(one: Behind, reason: str, *, actor: Actor, at: datetime) -> None:
    matter = one.matter
    rows = Collaboration.objects.filter(pk=matter.pk, playbook_version=matter.playbook_version_id, ended_at=None)
    if not rows.update(playbook_version=one.target):
        raise Stale
    fact = CollaborationMigrated(
        playbook=one.target.playbook.key, before=matter.playbook_version.version, after=one.target.version,
        step=one.step, reason=reason,
    )  # fmt: skip
    matter.refresh_from_db()
    ledger.record(fact, actor=actor, root=root_of(matter), scope_id=matter.scope_id, at=at)
    settle(matter, actor=actor, at=at)
