"""F11 and F25, made known to the records room."""

from datetime import datetime

from bihuan.collaborations.contexts import matter_of, matter_view
from bihuan.collaborations.registration import filled_by, request_number
from bihuan.issues import forms, policy, queries
from bihuan.issues.policy import ChannelContext, RiskContext
from bihuan.records.models import Record
from bihuan.records.operations import allot
from bihuan.records.policy import Body
from bihuan.records.policy.values import Unreadable, read_id
from bihuan.records.registry import FormType, register


def risk_number(record: Record, at: datetime) -> str:
    """`XZ-2026-0007-FX001` (§5.3)."""
    series = f"{matter_of(record).number}-FX"
    return f"{series}{allot(series, at=at):03d}"


def risk_context(record: Record, at: datetime) -> RiskContext:
    matter = matter_of(record)
    known = {
        "TASK": frozenset(matter.tasks.values_list("duty", flat=True)),
        "MILESTONE": frozenset(matter.milestones.values_list("name", flat=True)),
        "METRIC": frozenset(matter.metrics.values_list("name", flat=True)),
    }
    return RiskContext(matter=matter_view(record, at), now=at, known=known, within=queries.filed_within(matter))


def risk_prefill(record: Record, at: datetime) -> Body:
    return {"finder": record.filler_id, "dept": record.department_id}


def channel_context(record: Record, at: datetime) -> ChannelContext:
    """Who hands it in is who saved it last."""
    return ChannelContext(
        matter=matter_view(record, at),
        now=at,
        opener=record.saved_by_id,
        openers=queries.openers(_lead_of(record), at),
        barred_by=queries.owed_by(record.saved_by_id, at),
        opened=record.current_version.data if record.current_version is not None else None,
    )


def _lead_of(record: Record) -> int | None:
    try:
        return read_id(record.draft.get("lead_dept"))
    except Unreadable:
        return None


def channel_prefill(record: Record, at: datetime) -> Body:
    return {"lead_dept": matter_of(record).lead_department_id}


def register_forms() -> None:
    register(
        FormType(
            form=forms.CHANNEL,
            number=request_number,
            context=channel_context,
            check=policy.check_channel,
            may_fill=filled_by("INITIATOR"),
            prefill=channel_prefill,
        )
    )
    register(
        FormType(
            form=forms.RISK,
            number=risk_number,
            context=risk_context,
            compute=lambda body, _context: {**body, **policy.computed(body)},
            check=policy.check,
            prefill=risk_prefill,
        )
    )
