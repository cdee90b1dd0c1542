"""Naming who files the plan of a matter that neither PMO nor administration reads by its office (playbooks.md §3.5)."""

from datetime import datetime

from django.db import transaction

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.errors import HasEnded, NotThisStep
from bihuan.collaborations.facts import FilerNamed
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import close_loops, root_of
from bihuan.collaborations.operations.steps import ask_for_form
from bihuan.collaborations.policy.members import FILER
from bihuan.collaborations.queries.steps import current_run, step_to_file
from bihuan.collaborations.rules import filer_of, is_hidden, may_name_filer
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.organisation import queries as organisation


@transaction.atomic
def name_filer(collaboration: Collaboration, *, person_id: int, actor: Actor, at: datetime) -> None:
    """Let one person of the PMO or the administration read a secret matter, so that its plan can be filed (§2.0.5).

    By the executive in charge, whose naming is the approval that reading needs. Naming somebody else replaces who was
    named before. Records ``FilerNamed``, none when the same person is named again. Raises ``NotAllowed``, ``HasEnded``,
    ``NotThisStep`` where nothing secret waits to be filed, ``Refused`` for somebody of another office.
    """
    if not may_name_filer(actor, collaboration):
        raise NotAllowed
    ledger.lock_chain(root_of(collaboration))
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    step = step_to_file(collaboration, run)
    if step is None or not is_hidden(collaboration):
        raise NotThisStep
    if person_id not in {card.id for card in organisation.people_holding(principals.FILING, at)}:
        raise Refused([error("collaborations.filer_of_another_office", "filer")])
    before = filer_of(collaboration)
    if before == person_id:
        return
    _replace(collaboration, before, person_id, at=at)
    for form in step.forms:
        ask_for_form(collaboration, step, form.code, at=at)
    ledger.record(
        FilerNamed(filer_id=person_id, before=before),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )


def _replace(collaboration: Collaboration, before: int | None, person_id: int, *, at: datetime) -> None:
    scope_id = collaboration.scope_id
    if before is not None:
        access.dismiss(scope_id, principals.person(before), role=Role.RECORDER, via=FILER, at=at)
    access.admit(scope_id, principals.person(person_id), role=Role.RECORDER, level=Level.READ, via=FILER, at=at)
    close_loops(subject=root_of(collaboration), kind=LoopKind.FILER, at=at)
