"""What a frozen form says becomes rows: the parties of the matter, its metrics, milestones, results and criteria."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from bihuan.access import operations as access
from bihuan.collaborations.enums import PartyRole
from bihuan.collaborations.facts import LinesProjected
from bihuan.collaborations.models import Collaboration, Criterion, ExpectedResult, Metric, Milestone, Party
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.policy.lines import criteria_of, milestones_of, parties_of, results_of
from bihuan.collaborations.policy.metrics import metrics_of
from bihuan.collaborations.queries.petitions import joined_for_good
from bihuan.kernel.actor import Actor
from bihuan.ledger import operations as ledger

Body = Mapping[str, Any]
KeptLine = TypeVar("KeptLine", Metric, Milestone)


def take_request(collaboration: Collaboration, body: Body, *, version: int, actor: Actor, at: datetime) -> None:
    """The request says what the matter is called, who carries it, who takes part and who may see it."""
    Collaboration.objects.filter(pk=collaboration.pk).update(
        title=body["title"],
        short_name=body["short_name"],
        lead_department_id=body["initiating_dept"]["id"],
        initiator_id=body["initiator"]["id"],
        lead_id=body["project_lead"]["id"],
        expected_finish=body["expected_finish"],
        visibility=body.get("visibility") or "RELATED_DEPTS",
        secrecy=body.get("secrecy") or "INTERNAL",
    )
    collaboration.refresh_from_db(from_queryset=Collaboration.objects.select_related("playbook_version"))
    _take_parties(collaboration, body)
    access.classify(collaboration.scope_id, collaboration.secrecy)
    sync_members(collaboration, at=at)
    counts = {
        "metrics": take_metrics(collaboration, body, "F01"),
        "milestones": _take_milestones(collaboration, body, "F01", "milestones"),
        "results": _take_results(collaboration, body, "F01"),
    }
    record_lines(collaboration, "F01", version, counts, actor=actor, at=at)


def take_consensus(collaboration: Collaboration, body: Body, *, version: int, actor: Actor, at: datetime) -> None:
    """The agreed criteria become the yardstick of acceptance."""
    collaboration.criterions.filter(form_code="F03").delete()
    rows = Criterion.objects.bulk_create(
        Criterion(
            collaboration=collaboration,
            form_code="F03",
            line_id=line.row,
            position=position,
            text=line.item,
            check_text=line.test,
            owner_department_id=line.department.id if line.department else None,
            due_on=line.due,
        )
        for position, line in enumerate(criteria_of(body))
    )
    record_lines(collaboration, "F03", version, {"criteria": len(rows)}, actor=actor, at=at)


def take_plan(collaboration: Collaboration, body: Body, *, version: int, actor: Actor, at: datetime) -> None:
    """The plan's metrics, dates and results stand beside the request's and are the ones that are judged."""
    counts = {
        "metrics": take_metrics(collaboration, body, "F04"),
        "milestones": _take_milestones(collaboration, body, "F04", "time_nodes"),
        "results": _take_results(collaboration, body, "F04"),
    }
    record_lines(collaboration, "F04", version, counts, actor=actor, at=at)


def _take_parties(collaboration: Collaboration, body: Body) -> None:
    wanted = {line.department.id: line for line in parties_of(body) if line.department}
    gone = collaboration.parties.exclude(department_id__in=wanted)
    if gone.exists():
        gone.exclude(department_id__in=joined_for_good(collaboration)).delete()
    Party.objects.bulk_create(
        (
            Party(
                collaboration=collaboration,
                department_id=department_id,
                role=line.role or PartyRole.SUPPORT,
                contact_id=line.contact.id if line.contact else None,
            )
            for department_id, line in wanted.items()
        ),
        update_conflicts=True,
        unique_fields=["collaboration", "department"],
        update_fields=["role", "contact"],
    )


def take_metrics(collaboration: Collaboration, body: Body, form_code: str) -> int:
    """Metrics keep their rows, so that what was measured on them stays."""
    lines = metrics_of(body)
    collaboration.metrics.filter(form_code=form_code).exclude(line_id__in=[line.row for line in lines]).delete()
    columns = {
        line.row: {
            "position": position,
            "name": line.name,
            "definition": line.definition,
            "direction": line.direction,
            "baseline": line.baseline,
            "target": line.target or 0,
            "unit": line.unit,
            "unit_text": line.unit_text,
            "deadline": line.deadline,
            "window_days": line.window_days,
            "window_months": line.window_months,
            "window_from": line.window_from,
            "breakdown": list(line.breakdown),
            "aggregation": line.aggregation,
        }
        for position, line in enumerate(lines)
    }
    _keep_lines(Metric, collaboration, form_code, columns)
    return len(lines)


def _take_milestones(collaboration: Collaboration, body: Body, form_code: str, key: str) -> int:
    lines = milestones_of(body, key)
    collaboration.milestones.filter(form_code=form_code).exclude(line_id__in=[line.row for line in lines]).delete()
    columns = {
        line.row: {
            "position": position,
            "name": line.name,
            "due_on": line.on,
            "owner_department_id": line.department.id if line.department else None,
        }
        for position, line in enumerate(lines)
    }
    _keep_lines(Milestone, collaboration, form_code, columns)
    return len(lines)


def _keep_lines(
    model: type[KeptLine],
    collaboration: Collaboration,
    form_code: str,
    columns: Mapping[str, Mapping[str, Any]],
) -> None:
    """Write each line to the row it had before, or to a new one. One query."""
    changed = {name.removesuffix("_id") for values in columns.values() for name in values}
    model._default_manager.bulk_create(
        (
            model(collaboration=collaboration, form_code=form_code, line_id=line_id, **values)
            for line_id, values in columns.items()
        ),
        update_conflicts=True,
        unique_fields=["collaboration", "form_code", "line_id"],
        update_fields=sorted(changed),
    )


def _take_results(collaboration: Collaboration, body: Body, form_code: str) -> int:
    collaboration.expectedresults.filter(form_code=form_code).delete()
    rows = ExpectedResult.objects.bulk_create(
        ExpectedResult(
            collaboration=collaboration,
            form_code=form_code,
            line_id=line.row,
            position=position,
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            criterion=line.criterion,
            due_on=line.due,
        )
        for position, line in enumerate(results_of(body))
    )
    return len(rows)


def record_lines(
    collaboration: Collaboration, form_code: str, version: int, counts: dict[str, int], *, actor: Actor, at: datetime
) -> None:
    ledger.record(
        LinesProjected(form_code=form_code, version=version, counts=counts),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
