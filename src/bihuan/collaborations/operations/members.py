"""Keeping a matter's scope true to its parties."""

from datetime import datetime

from bihuan.access import operations as access
from bihuan.access import queries as access_queries
from bihuan.access.enums import Level, Role
from bihuan.access.operations import Admission
from bihuan.approvals.operations.placing import VIA
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.members import MatterView, Membership, PartyView, memberships
from bihuan.collaborations.queries.loans import loan_in
from bihuan.collaborations.queries.steps import plan_of
from bihuan.collaborations.rules import filer_of, is_hidden
from bihuan.records.operations import COPY


def view_of(collaboration: Collaboration) -> MatterView:
    """What decides who sees the matter, read from its rows."""
    parties = collaboration.parties.values_list("department_id", "contact_id")
    is_imported = collaboration.source_key is not None
    is_numbered = collaboration.number is not None
    return MatterView(
        lead_department_id=collaboration.lead_department_id,
        initiator_id=collaboration.initiator_id,
        lead_id=collaboration.lead_id,
        parties=tuple(PartyView(department_id, contact_id) for department_id, contact_id in parties),
        visibility=collaboration.visibility,
        secrecy=collaboration.secrecy,
        is_submitted=is_imported or is_numbered,
        is_imported=is_imported and not is_numbered,
        is_to_file=_has_come_to_filing(collaboration),
        filer_id=filer_of(collaboration) if is_hidden(collaboration) else None,
        lent_id=_who_is_lent(collaboration),
    )


def _who_is_lent(collaboration: Collaboration) -> int | None:
    loan = loan_in(collaboration)
    return loan.person.id if loan is not None else None


def _has_come_to_filing(collaboration: Collaboration) -> bool:
    steps = [step.key for step in plan_of(collaboration).steps if step.is_filed]
    return bool(steps) and collaboration.step_runs.filter(step__in=steps).exists()


def sync_members(collaboration: Collaboration, *, at: datetime) -> None:
    """Admit who belongs to the matter now and dismiss who no longer does; who was shown a paper of it keeps reading,
    unless it is secret.

    Part of the operation that changed the parties; that operation's fact tells it.
    """
    scope_id = collaboration.scope_id
    shown = () if is_hidden(collaboration) else (COPY, f"{VIA}:")
    wanted = memberships(view_of(collaboration))
    present = frozenset(
        Membership(member.principal, member.role, int(member.level), member.via)
        for member in access_queries.open_members(scope_id)
        if not member.via.startswith(shown)
    )
    for member in sorted(present - wanted):
        access.dismiss(scope_id, member.principal, role=Role(member.role), via=member.via, at=at)
    fresh = [
        Admission(scope_id, member.principal, Role(member.role), Level(member.level), member.via)
        for member in sorted(wanted - present)
    ]
    if fresh:
        access.admit_all(fresh, at=at)
