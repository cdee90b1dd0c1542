"""What is measured and reached while the work is under way."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.facts import MetricMeasured, MilestoneReached
from bihuan.collaborations.models import Measurement, Metric, Milestone
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.steps import settle
from bihuan.collaborations.policy.metrics import below_zero
from bihuan.collaborations.queries.lines import line_of
from bihuan.collaborations.rules import carries
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import day_of


def _evidence_findings(day: date, evidence: str, at: datetime) -> list[Finding]:
    findings = []
    if not evidence.strip():
        findings.append(error("collaborations.evidence_missing", "evidence"))
    if day > day_of(at):
        findings.append(error("collaborations.day_in_future", "day", day=day.isoformat()))
    return findings


def _may_report(actor: Actor, metric_or_milestone: Metric | Milestone) -> bool:
    collaboration = metric_or_milestone.collaboration
    is_contact = collaboration.parties.filter(contact_id=actor.person_id).exists()
    return carries(actor, collaboration) or is_contact


def _part_findings(metric: Metric, part: str) -> list[Finding]:
    parts = line_of(metric).measured_parts
    if part in parts:
        return []
    code = "collaborations.metric_part_unknown" if part else "collaborations.metric_part_missing"
    return [error(code, "part", metric=metric.name, part=part, parts="、".join(each for each in parts if each))]


def _value_findings(metric: Metric, value: Decimal) -> list[Finding]:
    return [
        error("collaborations.metric_below_zero", "value", metric=metric.name, value=words)
        for words in below_zero(metric.unit, value, metric.target, metric.baseline)
    ]


@transaction.atomic
def measure_metric(
    metric: Metric, *, value: Decimal, measured_on: date, evidence: str, part: str = "", actor: Actor, at: datetime
) -> Measurement:
    """Write down a measured value with its evidence (playbooks §1), of the whole or of one part of its breakdown.

    A metric whose target counts for each part is measured part by part. Told again at once it stays one. Records
    ``MetricMeasured``. Raises ``NotAllowed`` unless the actor carries the matter or is a contact person, ``HasEnded``,
    ``Refused`` without evidence, for a day in the future, for a part that is missing or not one of its own, and below
    zero where the unit has no meaning there.
    """
    if actor.person_id is None or not _may_report(actor, metric):
        raise NotAllowed
    if metric.collaboration.ended_at is not None:
        raise HasEnded
    findings = [
        *_part_findings(metric, part),
        *_value_findings(metric, value),
        *_evidence_findings(measured_on, evidence, at),
    ]
    if findings:
        raise Refused(findings)
    said = {
        "part": part,
        "value": value,
        "measured_on": measured_on,
        "evidence": evidence.strip(),
        "measured_by_id": actor.person_id,
    }
    last = metric.measurements.order_by("-pk").first()
    if last is not None and all(getattr(last, name) == each for name, each in said.items()):
        return last
    measurement = Measurement.objects.create(metric=metric, **said, recorded_at=at)
    ledger.record(
        MetricMeasured(
            metric_id=metric.pk,
            metric=f"{metric.name}（{part}）" if part else metric.name,
            value=str(value),
            measured_on=measured_on.isoformat(),
            evidence=measurement.evidence,
        ),
        actor=actor,
        root=root_of(metric.collaboration),
        subject=SubjectRef("metric", metric.pk),
        scope_id=metric.collaboration.scope_id,
        at=at,
    )
    settle(metric.collaboration, actor=actor, at=at)
    return measurement


@transaction.atomic
def reach_milestone(milestone: Milestone, *, reached_on: date, evidence: str, actor: Actor, at: datetime) -> None:
    """Say that a milestone was reached, once. It may start the window of a metric (T26).

    Records ``MilestoneReached``. Raises ``NotAllowed``, ``HasEnded``, ``Refused``, and ``Stale``.
    """
    if not _may_report(actor, milestone):
        raise NotAllowed
    if milestone.collaboration.ended_at is not None:
        raise HasEnded
    findings = _evidence_findings(reached_on, evidence, at)
    if findings:
        raise Refused(findings)
    ledger.lock_chain(root_of(milestone.collaboration))
    reached = Milestone.objects.filter(pk=milestone.pk, reached_on__isnull=True).update(
        reached_on=reached_on, evidence=evidence.strip()
    )
    if not reached:
        raise Stale
    milestone.refresh_from_db()
    ledger.record(
        MilestoneReached(
            milestone_id=milestone.pk,
            milestone=milestone.name,
            reached_on=reached_on.isoformat(),
            evidence=milestone.evidence,
        ),
        actor=actor,
        root=root_of(milestone.collaboration),
        subject=SubjectRef("milestone", milestone.pk),
        scope_id=milestone.collaboration.scope_id,
        at=at,
    )
    settle(milestone.collaboration, actor=actor, at=at)
