"""F20, made known to the records room."""

from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.collaborations.contexts import matter_of, matter_view
from bihuan.collaborations.queries.proposals import was_stopped
from bihuan.collaborations.queries.steps import archive_set_of
from bihuan.collaborations.registration import filled_by
from bihuan.knowledge import forms, policy
from bihuan.knowledge.policy import RIGHTS, ArchiveContext
from bihuan.knowledge.queries import filed_forms
from bihuan.records.models import Record
from bihuan.records.operations import allot, year_of
from bihuan.records.policy import Body
from bihuan.records.registry import FormType, register

LIBRARY_PREFIX = {"CASE_LIBRARY": "AL", "KNOWLEDGE_BASE": "ZS"}


def archive_number(record: Record, at: datetime) -> str:
    """`AL-2026-0001`: library, year, four digits (§5.3)."""
    series = f"{LIBRARY_PREFIX[str(record.draft['library'])]}-{year_of(at)}"
    return f"{series}-{allot(series, at=at):04d}"


def archive_context(record: Record, at: datetime) -> ArchiveContext:
    matter = matter_of(record)
    wanted = archive_set_of(matter)
    return ArchiveContext(
        matter=matter_view(record, at),
        parts=tuple(policy.parts_of(filed_forms(matter), wanted)),
        widest_right=matter.visibility if matter.visibility in RIGHTS else "NAMED",
        highest_secrecy=matter.secrecy,
        filler_is_owner=record.saved_by_id == matter.lead_id,
    )


def archive_prefill(record: Record, at: datetime) -> Body:
    matter = matter_of(record)
    context = archive_context(record, at)
    waived = _("not made; the work was ended early") if was_stopped(matter) else ""
    return {
        "checklist": [{"id": part.id, "waived_reason": "" if part.filed else waived} for part in context.parts],
        "original_with": matter.lead_department_id,
        "copies_to": [{"dept": department_id} for department_id in context.matter.involved],
        "read_right": context.widest_right,
        "secrecy": matter.secrecy,
    }


def location_of(record: Record) -> str:
    """`/XZ-2026-0001_简称/` (§5.2)."""
    matter = matter_of(record)
    return f"/{matter.number}_{matter.short_name}/"


def register_forms() -> None:
    register(
        FormType(
            form=forms.ARCHIVE,
            number=archive_number,
            context=lambda record, at: (archive_context(record, at), location_of(record)),
            compute=lambda body, context: {**body, **policy.computed(context[0].parts), "location": context[1]},
            check=lambda body, context: policy.check(body, context[0]),
            may_fill=filled_by("LEAD"),
            prefill=archive_prefill,
        )
    )
