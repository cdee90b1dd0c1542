"""What is made up for beside the way (BACKFILL): begun by a form, owed until its papers stand, in the way of a gate."""

from datetime import datetime, timedelta

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.operations.steps import ask_for_form
from bihuan.collaborations.policy.playbook import Obligation
from bihuan.collaborations.queries.steps import filler_principal, plan_of
from bihuan.kernel import principals
from bihuan.records import queries as records
from bihuan.records.enums import STANDING, Status
from bihuan.records.models import Record


def begin_obligations(collaboration: Collaboration, form_code: str, *, at: datetime) -> None:
    """A form was handed in: what it makes owed is owed from now on, once, by whoever handed it in.

    Told by ``RecordSubmitted``, so that it records no fact of its own.
    """
    for owed in plan_of(collaboration).obligations:
        if owed.opens == form_code and not _has_begun(collaboration, owed):
            _begin(collaboration, owed, at=at)


def _has_begun(collaboration: Collaboration, owed: Obligation) -> bool:
    return collaboration.loops.filter(kind=LoopKind.OBLIGATION, part=owed.key).exists()


def _begin(collaboration: Collaboration, owed: Obligation, *, at: datetime) -> None:
    opened = records.latest(root_of(collaboration), owed.opens)
    open_loop(
        collaboration,
        kind=LoopKind.OBLIGATION,
        subject=root_of(collaboration),
        part=owed.key,
        owner=filler_principal(collaboration, "LEAD"),
        asked_by=principals.PMO,
        gate=owed.gate,
        due_at=at + timedelta(hours=owed.hours),
        params={"what": collaboration.title, "opener": opened.submitted_by_id if opened is not None else None},
        at=at,
    )
    for code in owed.asked:
        ask_for_form(collaboration, owed.step, code, at=at)


def end_obligations(collaboration: Collaboration, *, at: datetime) -> None:
    """Close what has been made up for: every paper it asks for stands, approved where somebody signs it."""
    for owed in plan_of(collaboration).obligations:
        signed = {route.form for route in owed.step.routes}
        standing = Record.objects.filter(root_kind="collaboration", root_id=collaboration.pk, form_code__in=owed.asked)
        done = {
            record.form_code
            for record in standing
            if record.status == Status.APPROVED or (record.status in STANDING and record.form_code not in signed)
        }
        if done >= set(owed.asked):
            close_loops(subject=root_of(collaboration), kind=LoopKind.OBLIGATION, parts=[owed.key], at=at)
