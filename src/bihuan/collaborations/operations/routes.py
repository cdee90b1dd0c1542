"""Opening the sign-off routes of a playbook: who is asked, and on which text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bihuan.approvals import operations as approvals
from bihuan.approvals import queries as approval_queries
from bihuan.approvals.operations import SlotSpec
from bihuan.collaborations.models import Collaboration
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.records.models import Version

PLAN_TESTS = ("goal_ok", "resources_ok", "risks_ok")
Slots = Callable[[Collaboration, Version, datetime], Iterator[SlotSpec]]


def open_route(collaboration: Collaboration, route: str, version: Version, *, actor: Actor, at: datetime) -> None:
    """Ask everybody on a route to decide on a frozen version. Unchanged lines keep the decisions they have."""
    subject = SubjectRef("record", version.record_id)
    slots = list(ROUTES[route](collaboration, version, at))
    approvals.open_signoff(
        route,
        subject=subject,
        root=SubjectRef("collaboration", collaboration.pk),
        scope_id=collaboration.scope_id,
        digest=version.digest,
        author_id=version.submitted_by_id,
        slots=slots,
        carry_from=approval_queries.latest_signoff(subject, route),
        actor=actor,
        at=at,
    )


def _involved(collaboration: Collaboration) -> list[tuple[int, str]]:
    parties = collaboration.parties.exclude(department=collaboration.lead_department_id).order_by("pk")
    return list(parties.values_list("department_id", "department__name"))


def _signing(departments: Sequence[tuple[int, str]], version: Version, at: datetime) -> Iterator[SlotSpec]:
    """A slot for each department, signed by whoever may sign for it besides the author."""
    ids = [department_id for department_id, _name in departments]
    signatories = organisation.signatories_for(ids, at, besides=version.submitted_by_id)
    for department_id, name in departments:
        principal = signatories[department_id]
        yield SlotSpec(key=str(department_id), principal=principal, label=name, digest=version.digest)


def _opinions(collaboration: Collaboration, version: Version, at: datetime) -> Iterator[SlotSpec]:
    yield from _signing(_involved(collaboration), version, at)


def _consensus(collaboration: Collaboration, version: Version, at: datetime) -> Iterator[SlotSpec]:
    signed = ("criteria/", "commitments/")
    for slot in _signing(_involved(collaboration), version, at):
        for part, digest in sorted(version.parts.items()):
            if part.startswith(signed):
                yield replace(slot, part=part, digest=digest)


def _executive(collaboration: Collaboration, version: Version, at: datetime, **more: Any) -> SlotSpec:
    department_id = collaboration.lead_department_id
    principal = principals.executive(department_id) if department_id else principals.PMO
    holders = {card.id for card in organisation.people_holding(principal, at)} - {version.submitted_by_id}
    return SlotSpec(
        key="executive", principal=principal if holders else principals.PMO, label="", digest=version.digest, **more
    )


def _executive_plan(collaboration: Collaboration, version: Version, at: datetime) -> Iterator[SlotSpec]:
    yield _executive(collaboration, version, at, tests=PLAN_TESTS)


def _acceptance(collaboration: Collaboration, version: Version, at: datetime) -> Iterator[SlotSpec]:
    """A conditional pass is the executive's to allow first; then every department confirms, the lead one included."""
    step = 1
    if version.data["conclusion"] == "CONDITIONAL_PASS":
        yield _executive(collaboration, version, at)
        step = 2
    lead = collaboration.lead_department
    own = [(lead.pk, lead.name)] if lead is not None else []
    for slot in _signing([*own, *_involved(collaboration)], version, at):
        yield replace(slot, step=step)


ROUTES: dict[str, Slots] = {
    "OPINIONS": _opinions,
    "CONSENSUS": _consensus,
    "EXECUTIVE_PLAN": _executive_plan,
    "ACCEPTANCE": _acceptance,
}
