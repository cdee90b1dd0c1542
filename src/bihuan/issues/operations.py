"""Filing and closing risks (F11, T18), opening the green channel (F25)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations import close_loops, open_loop, settle
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.matters import give_lead
from bihuan.collaborations.operations.problems import call_departments
from bihuan.collaborations.policy.body import refs, rows
from bihuan.issues import queries
from bihuan.issues.enums import RiskState
from bihuan.issues.errors import NotThePmo, StaleRisk
from bihuan.issues.facts import ChannelOpened, RiskClosed, RiskFiled
from bihuan.issues.models import Risk
from bihuan.issues.policy import lateness
from bihuan.issues.rules import may_close
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.records import operations as records
from bihuan.records.models import Record, Version

GATE = "leave:EXECUTE"


@transaction.atomic
def start_risk(collaboration: Collaboration, *, actor: Actor, at: datetime) -> Record:
    """Begin a risk report on a matter the actor reads; it is his own draft until he files it.

    Records ``RecordStarted``. Raises ``HasEnded``.
    """
    if collaboration.ended_at is not None:
        raise HasEnded
    return records.start_draft("F11", root=root_of(collaboration), scope_id=collaboration.scope_id, actor=actor, at=at)


@transaction.atomic
def take_risk(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> Risk:
    """A filed report becomes a risk the PMO follows; a high one holds back acceptance. Late ones are marked (AS13).

    Records ``RiskFiled``.
    """
    body = version.data
    discovered = datetime.fromisoformat(body["discovered_at"])
    late = lateness(discovered, version.submitted_at, queries.filed_within(collaboration))
    risk, _ = Risk.objects.update_or_create(
        record_id=version.record_id,
        defaults={
            "collaboration": collaboration,
            "number": version.record.number,
            "title": body["title"],
            "category": body["category"],
            "level": body["level"],
            "department_id": body["dept"]["id"],
            "finder_id": body["finder"]["id"],
            "discovered_at": discovered,
            "filed_at": version.submitted_at,
            "late_by": late,
        },
    )
    open_loop(
        collaboration,
        kind=LoopKind.RISK,
        subject=risk.subject,
        owner=principals.PMO,
        asked_by=principals.person(version.submitted_by_id),
        gate=GATE if risk.level == "HIGH" else "",
        params={"what": f"{risk.number} {risk.title}", "level": risk.level},
        at=at,
    )
    ledger.record(
        RiskFiled(
            risk_id=risk.pk,
            number=risk.number,
            title=risk.title,
            level=risk.level,
            late_seconds=int(late.total_seconds()),
        ),
        actor=actor,
        root=root_of(collaboration),
        subject=risk.subject,
        scope_id=collaboration.scope_id,
        at=at,
    )
    return risk


@transaction.atomic
def close_risk(risk: Risk, *, outcome: str, actor: Actor, at: datetime) -> Risk:
    """The PMO says how the risk came out. Records ``RiskClosed``.

    Raises ``NotThePmo`` (also for who filed it), ``StaleRisk``, ``Refused`` without words.
    """
    if not may_close(actor, risk):
        raise NotThePmo
    if not outcome.strip():
        raise Refused([error("issues.outcome_missing", "outcome")])
    ledger.lock_chain(root_of(risk.collaboration))
    closed = Risk.objects.filter(pk=risk.pk, state=RiskState.REPORTED).update(
        state=RiskState.CLOSED, outcome=outcome.strip(), closed_by_id=actor.person_id, closed_at=at
    )
    if not closed:
        raise StaleRisk
    risk.refresh_from_db()
    close_loops(subject=risk.subject, at=at)
    ledger.record(
        RiskClosed(risk_id=risk.pk, number=risk.number, outcome=risk.outcome),
        actor=actor,
        root=root_of(risk.collaboration),
        subject=risk.subject,
        scope_id=risk.collaboration.scope_id,
        at=at,
    )
    settle(risk.collaboration, actor=actor, at=at)
    return risk


def end_risks(ids: Collection[int], *, outcome: str, actor: Actor, at: datetime) -> None:
    """Risks were handed over: each goes on as a promise of its new owner. Records ``RiskClosed`` for each.

    Part of that decision: its route has said who may.
    """
    for risk in Risk.objects.filter(pk__in=ids, state=RiskState.REPORTED).select_related("collaboration"):
        Risk.objects.filter(pk=risk.pk).update(
            state=RiskState.CLOSED, outcome=outcome, closed_by_id=actor.person_id, closed_at=at
        )
        close_loops(subject=risk.subject, at=at)
        ledger.record(
            RiskClosed(risk_id=risk.pk, number=risk.number, outcome=outcome),
            actor=actor,
            root=root_of(risk.collaboration),
            subject=risk.subject,
            scope_id=risk.collaboration.scope_id,
            at=at,
        )


def change_department(collaboration_id: int, *, before: int, after: int) -> None:
    """Open risks go with their department after a reorganisation, whose fact tells it."""
    mine = Risk.objects.filter(collaboration=collaboration_id, department=before, state=RiskState.REPORTED)
    mine.update(department_id=after)


@transaction.atomic
def open_channel(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """The green channel is open: the departments named are at work, nobody's signature first (G17).

    Records ``ChannelOpened``, and ``LeadChanged`` where somebody else than the opener carries it on; nothing for a
    correction of one that is open.
    """
    if version.version > 1:
        return
    body = version.data
    related = [department.id for department in refs(rows(body, "related_depts"), "dept")]
    call_departments(collaboration, lead_department_id=body["lead_dept"]["id"], related=related, at=at)
    ledger.record(
        ChannelOpened(number=version.record.number, received_at=body["received_at"], departments=tuple(related)),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
    lead_id = body["project_lead"]["id"]
    give_lead(collaboration, lead_id=lead_id, reason=version.record.number, actor=actor, at=at)
