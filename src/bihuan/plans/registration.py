"""F04, F05 and F06, made known to the records room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.collaborations.contexts import involved_in, matter_of, matter_view, version_ref
from bihuan.collaborations.policy.lines import results_of
from bihuan.collaborations.policy.playbook_thresholds import number_of
from bihuan.collaborations.prefill import requested
from bihuan.collaborations.queries import plan_of
from bihuan.collaborations.registration import filled_by, form_number
from bihuan.plans import forms, policy, queries
from bihuan.plans.policy import DutyContext, MatrixContext, PlanContext, check_matrix, drafted
from bihuan.records.models import Record
from bihuan.records.policy import Body
from bihuan.records.registry import FormType, register


@dataclass(frozen=True, slots=True)
class PlanView:
    check: PlanContext
    duty_table: dict[str, Any] | None


def plan_context(record: Record, at: datetime) -> PlanView:
    context = PlanContext(
        matter=matter_view(record, at),
        asked=queries.asked_needs(record.root),
        duties=queries.submitted_duties(record.root),
    )
    return PlanView(context, version_ref(record.root, "F05"))


def duty_context(record: Record, at: datetime) -> DutyContext:
    return DutyContext(matter=matter_view(record, at), results=queries.expected_results(record.root))


def thawed(rows: list[Body] | None, *references: str) -> list[Body]:
    """Frozen rows as a draft holds them: references by id."""
    return [
        {key: value["id"] if key in references and isinstance(value, dict) else value for key, value in row.items()}
        for row in rows or ()
    ]


def plan_prefill(record: Record, at: datetime) -> Body:
    """The request's dates, needs, results and metrics; the plan makes them exact."""
    request = requested(record)
    return {
        "time_nodes": thawed(request.get("milestones"), "owner_dept"),
        "resource_list": thawed(request.get("resources"), "dept"),
        "expected_results": thawed(request.get("expected_results")),
        "metrics": thawed(request.get("metrics")),
    }


def duty_prefill(record: Record, at: datetime) -> Body:
    """One row for each department with its contact person."""
    matter = matter_of(record)
    own = {"dept": matter.lead_department_id, "owner": matter.lead_id}
    involved = involved_in(matter)
    return {"rows": [own, *({"dept": party.department_id, "owner": party.contact_id} for party in involved)]}


def matrix_context(record: Record, at: datetime) -> MatrixContext:
    return MatrixContext(
        matter=matter_view(record, at),
        results=queries.expected_results(record.root),
        responsible=number_of(plan_of(matter_of(record)), "G10", "responsible"),
    )


def matrix_prefill(record: Record, at: datetime) -> Body:
    """What the duty table says already; without one, a task for each result that the request expects."""
    results = [
        {"task": line.name, "deliverable": line.name, "due": line.due.isoformat() if line.due else ""}
        for line in results_of(requested(record))
    ]
    return drafted(queries.submitted_duties(record.root), results, matter_of(record).lead_department_id)


def register_forms() -> None:
    register(
        FormType(
            form=forms.MATRIX,
            number=form_number,
            context=matrix_context,
            check=check_matrix,
            may_fill=filled_by("LEAD"),
            prefill=matrix_prefill,
        )
    )
    register(
        FormType(
            form=forms.DUTY_TABLE,
            number=form_number,
            context=duty_context,
            check=policy.check_duty_table,
            may_fill=filled_by("LEAD"),
            prefill=duty_prefill,
        )
    )
    register(
        FormType(
            form=forms.PLAN,
            number=form_number,
            context=plan_context,
            compute=lambda body, context: {
                **body,
                **policy.computed_plan(body),
                "duty_table": context.duty_table,
            },
            check=lambda body, context: policy.check_plan(body, context.check),
            may_fill=filled_by("LEAD"),
            prefill=plan_prefill,
        )
    )
