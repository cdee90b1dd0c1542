"""Asking for a decision on the matter itself, beside its steps; a yes is carried out at once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from bihuan.approvals.enums import SignoffState
from bihuan.approvals.models import Signoff
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.errors import HasEnded, NotTheLead
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.changing import change_plan
from bihuan.collaborations.operations.ending import end_early
from bihuan.collaborations.operations.handing_over import hand_over_items
from bihuan.collaborations.operations.letters import count_letter
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.operations.routes import open_route
from bihuan.collaborations.operations.signing import void_open
from bihuan.collaborations.operations.steps import settle
from bihuan.collaborations.operations.suspending import suspend
from bihuan.collaborations.policy.proposals import (
    CHANGE,
    EARLY_END,
    FORM_OF,
    HAND_OVER,
    LETTER,
    ROUTES,
    SUSPENSION,
    refusals,
)
from bihuan.collaborations.queries.proposals import standing_of
from bihuan.collaborations.queries.steps import current_run, plan_of
from bihuan.collaborations.rules import carries
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.enums import EDITABLE, Status
from bihuan.records.models import Record, Version

CARRY_OUT: dict[str, Callable[..., None]] = {
    CHANGE: change_plan, EARLY_END: end_early, SUSPENSION: suspend, HAND_OVER: hand_over_items, LETTER: count_letter,
}  # fmt: skip
"""What an approved form does to the matter: (collaboration, version, actor=, at=)."""


@transaction.atomic
def start_proposal(collaboration: Collaboration, *, form_code: str, actor: Actor, at: datetime) -> Record:
    """The draft of a request about the matter itself; the one begun already, where there is one.

    Records ``RecordStarted``. Raises ``NotTheLead``, ``HasEnded``, ``Refused`` while one of the same kind is being
    decided, while the matter rests, or where it makes no sense in its step.
    """
    if not carries(actor, collaboration):
        raise NotTheLead
    ledger.lock_chain(root_of(collaboration))
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    standing = standing_of(collaboration, run)
    drafted = record_queries.record_of(root_of(collaboration), form_code)
    if drafted is not None and drafted.status in EDITABLE:
        return drafted
    findings = refusals(form_code, plan_of(collaboration), standing)
    if findings:
        raise Refused(findings)
    return records.start_draft(
        form_code, root=root_of(collaboration), scope_id=collaboration.scope_id, actor=actor, at=at
    )


def ask(collaboration: Collaboration, version: Version, form_code: str, *, actor: Actor, at: datetime) -> None:
    """Open the route of a request that has been submitted. It may have become impossible since it was begun."""
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    findings = refusals(form_code, plan_of(collaboration), standing_of(collaboration, run, besides=version.record_id))
    if findings:
        raise Refused(findings)
    open_route(collaboration, ROUTES[form_code], version, actor=actor, at=at)


def is_proposal(route: str) -> bool:
    return route in FORM_OF


def take_decision(collaboration: Collaboration, signoff: Signoff, *, actor: Actor, at: datetime) -> None:
    """The route has answered: what was asked is carried out, or it is refused for good; another may be asked later."""
    if signoff.state not in (SignoffState.APPROVED, SignoffState.REFUSED):
        return
    record = Record.objects.select_related("current_version").get(pk=signoff.subject_id)
    is_approved = signoff.state == SignoffState.APPROVED
    records.settle(record, status=Status.APPROVED if is_approved else Status.REJECTED, actor=actor, at=at)
    if is_approved and record.current_version is not None:
        CARRY_OUT[record.form_code](collaboration, record.current_version, actor=actor, at=at)


def return_proposal(collaboration: Collaboration, signoff: Signoff, *, reason: str, actor: Actor, at: datetime) -> None:
    """A signatory sent it back: whoever carries the matter mends it, or takes it back."""
    record = records.return_to_draft(Record.objects.get(pk=signoff.subject_id), reason=reason, actor=actor, at=at)
    open_loop(
        collaboration,
        kind=LoopKind.FORM,
        subject=root_of(collaboration),
        part=record.form_code,
        owner=principals.person(record.filler_id),
        params={"form": record.form_code},
        at=at,
    )


@transaction.atomic
def withdraw_proposal(
    collaboration: Collaboration, *, form_code: str, reason: str, actor: Actor, at: datetime
) -> Record:
    """Take a request about the matter back before it is decided. Records ``RecordWithdrawn``.

    Raises ``NotTheLead``, ``Refused`` without a reason or when nothing waits to be decided.
    """
    if not carries(actor, collaboration):
        raise NotTheLead
    if not reason.strip():
        raise Refused([error("collaborations.reason_missing", "reason")])
    ledger.lock_chain(root_of(collaboration))
    record = record_queries.record_of(root_of(collaboration), form_code) if form_code in ROUTES else None
    if record is None or record.status not in (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED):
        raise Refused([error("collaborations.no_proposal")])
    void_open(root_of(collaboration), about=record.subject, reason=reason, actor=actor, at=at)
    close_loops(subject=root_of(collaboration), kind=LoopKind.FORM, parts=[form_code], at=at)
    withdrawn = records.withdraw(record, reason=reason, actor=actor, at=at)
    settle(collaboration, actor=actor, at=at)
    return withdrawn
