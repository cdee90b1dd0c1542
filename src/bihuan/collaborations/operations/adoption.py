"""Taking up an imported matter on a playbook, at the step where it stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from bihuan.collaborations.enums import Outcome
from bihuan.collaborations.errors import NotImported
from bihuan.collaborations.facts import CollaborationAdopted
from bihuan.collaborations.models import Collaboration, PlaybookVersion, StepRun
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.matters import refuse_unless_working_here, to_begin_on
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.steps import enter_step, leave_step
from bihuan.collaborations.policy.adoption import adoption_findings, carried_before
from bihuan.collaborations.queries.steps import current_run, plan_in
from bihuan.collaborations.rules import may_adopt
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger


@transaction.atomic
def adopt_collaboration(
    collaboration: Collaboration,
    *,
    playbook: str,
    lead_id: int,
    step: str = "",
    ground: str = "",
    actor: Actor,
    at: datetime,
) -> Collaboration:
    """Put an imported matter onto a playbook, at its first step or a later one; who adopts it is its initiator.

    Steps before the chosen one count as carried out elsewhere, on the ground the adopter gives: each of their forms
    is asked for, with its sign-offs, and the matter does not leave the chosen step before they are in. Records
    ``CollaborationAdopted``. Raises ``NotAllowed`` unless the actor heads the lead department or is PMO,
    ``NotImported`` when it is not an imported matter any more, ``Refused`` when it has no lead department, the lead
    does not work here, the playbook has no such step or only behind the work, or the ground is missing.
    """
    if not may_adopt(actor, collaboration):
        raise NotAllowed
    if collaboration.lead_department_id is None:
        raise Refused([error("collaborations.adopt_without_department")])
    refuse_unless_working_here(lead_id)
    ledger.lock_chain(root_of(collaboration))
    run = current_run(collaboration)
    if run is None or run.step != "IMPORTED":
        raise NotImported
    version = to_begin_on(playbook)
    start = step or plan_in(version).first().key
    findings = adoption_findings(plan_in(version), start, ground)
    if findings:
        raise Refused(findings)
    leave_step(collaboration, run, outcome=Outcome.ADOPTED, actor=actor, at=at)
    _take_up(collaboration, version, start, lead_id=lead_id, ground=ground.strip(), actor=actor, at=at)
    enter_step(collaboration, start, actor=actor, at=at)
    return collaboration


@transaction.atomic
def adopt_collaborations(
    matters: Sequence[Collaboration],
    *,
    playbook: str,
    lead_id: int | None = None,
    step: str = "",
    ground: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """`adopt_collaboration` for many, all of them or none; the lead a source names stays, else it is `lead_id`.

    Raises ``NotAllowed``; ``Refused`` with what stands in the way of each, at `matter_ids.<number in the list>`.
    """
    found: list[Finding] = []
    for number, matter in enumerate(matters):
        lead = matter.lead_id or lead_id or 0
        try:
            adopt_collaboration(matter, playbook=playbook, lead_id=lead, step=step, ground=ground, actor=actor, at=at)
        except (Refused, NotImported) as refusal:
            found += [replace(finding, place=f"matter_ids.{number}") for finding in refusal.findings]
    if found:
        raise Refused(found)


def _take_up(
    collaboration: Collaboration,
    version: PlaybookVersion,
    start: str,
    *,
    lead_id: int,
    ground: str,
    actor: Actor,
    at: datetime,
) -> None:
    Collaboration.objects.filter(pk=collaboration.pk).update(
        playbook_version=version, initiator_id=actor.person_id, lead_id=lead_id, started_at=at, adopted_step=start
    )
    collaboration.refresh_from_db()
    carried_out = [step.key for step in carried_before(plan_in(version), start, start)]
    StepRun.objects.bulk_create(
        StepRun(collaboration=collaboration, step=key, entered_at=at, left_at=at, outcome=Outcome.BEFORE)
        for key in carried_out
    )
    sync_members(collaboration, at=at)
    ledger.record(
        CollaborationAdopted(
            playbook=version.playbook.key,
            playbook_version=version.version,
            step=start,
            lead_id=lead_id,
            initiator_id=actor.person_id or 0,
            carried_out=tuple(carried_out),
            ground=ground,
        ),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
