"""Who leaves hands over the matters he carries. Who may is checked by `organisation.operations.hand_over_duties`."""

from datetime import datetime

from django.db import transaction

from bihuan.collaborations.enums import Filler, LoopKind
from bihuan.collaborations.facts import ContactChanged, InitiatorChanged
from bihuan.collaborations.models import Collaboration, Party
from bihuan.collaborations.operations.filing import name_filer
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.matters import give_lead
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.queries.steps import current_run, steps_asked
from bihuan.collaborations.rules import may_name_filer
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.organisation.duties import HandOver


@transaction.atomic
def pass_on_lead(collaboration_id: int, change: HandOver) -> None:
    """Another project lead. Records ``LeadChanged``; raises ``Stale`` when somebody else leads it by now."""
    collaboration = _held(collaboration_id)
    if collaboration.lead_id != change.before:
        raise Stale
    give_lead(collaboration, lead_id=change.after, reason=change.reason, actor=change.actor, at=change.at)


@transaction.atomic
def pass_on_initiator(collaboration_id: int, change: HandOver) -> None:
    """Another person fills what the initiator fills. Records ``InitiatorChanged``; raises ``Stale``."""
    collaboration = _held(collaboration_id)
    running = Collaboration.objects.filter(pk=collaboration.pk, initiator_id=change.before, ended_at__isnull=True)
    if not running.update(initiator_id=change.after):
        raise Stale
    collaboration.initiator_id = change.after
    _ask_instead(collaboration, change)
    sync_members(collaboration, at=change.at)
    fact = InitiatorChanged(before=change.before, after=change.after, reason=change.reason)
    _tell(collaboration, fact, actor=change.actor, at=change.at)


def _ask_instead(collaboration: Collaboration, change: HandOver) -> None:
    """The forms asked for now that the initiator fills."""
    run = current_run(collaboration)
    steps = steps_asked(collaboration, run) if run is not None else ()
    mine = [form.code for step in steps for form in step.forms if form.filler == Filler.INITIATOR]
    waiting = collaboration.loops.filter(closed_at__isnull=True, kind=LoopKind.FORM, part__in=mine)
    waiting.filter(owner=principals.person(change.before)).update(owner=principals.person(change.after))


@transaction.atomic
def pass_on_contact(party_id: int, change: HandOver) -> None:
    """Another contact person of a department in a matter. Records ``ContactChanged``; raises ``Stale``."""
    party = Party.objects.get(pk=party_id)
    collaboration = _held(party.collaboration_id)
    if not Party.objects.filter(pk=party_id, contact_id=change.before).update(contact_id=change.after):
        raise Stale
    sync_members(collaboration, at=change.at)
    fact = ContactChanged(
        department_id=party.department_id, before=change.before, after=change.after, reason=change.reason
    )
    _tell(collaboration, fact, actor=change.actor, at=change.at)


def pass_on_filing(collaboration_id: int, change: HandOver) -> None:
    """Another person files the plan of a secret matter, which only its executive may allow. Records ``FilerNamed``.

    Raises ``Refused`` for everybody else: the executive names somebody on the page of the matter.
    """
    collaboration = _held(collaboration_id)
    if not may_name_filer(change.actor, collaboration):
        raise Refused([error("collaborations.filer_by_executive")])
    name_filer(collaboration, person_id=change.after, actor=change.actor, at=change.at)


def _held(collaboration_id: int) -> Collaboration:
    """The matter, with its chain held."""
    collaboration = Collaboration.objects.select_related("playbook_version").get(pk=collaboration_id)
    ledger.lock_chain(root_of(collaboration))
    return collaboration


def _tell(collaboration: Collaboration, fact: Fact, *, actor: Actor, at: datetime) -> None:
    ledger.record(
        fact, actor=actor, root=root_of(collaboration), scope_id=collaboration.scope_id, at=at,
    )  # fmt: skip
