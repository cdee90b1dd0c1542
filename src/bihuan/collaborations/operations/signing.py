"""What a matter makes of the decisions on its forms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.rules import slots_up
from bihuan.collaborations.enums import Filler, LoopKind, Outcome
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.distributing import send_minutes
from bihuan.collaborations.operations.loops import Wanted, close_loops, open_loops, root_of
from bihuan.collaborations.operations.promises import promise_actions
from bihuan.collaborations.operations.steps import ask_for_form, send_back
from bihuan.collaborations.policy.playbook import MINUTES, PlaybookPlan
from bihuan.collaborations.queries.steps import current_run, filler_principal, plan_of, step_asking
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import CommitmentKind
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.enums import Status
from bihuan.records.models import Record

UNDER_MINUTES = "minutes"


def void_open(root: SubjectRef, *, about: SubjectRef | None = None, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraw the questions still open on a matter, or only those about one record."""
    asked = Signoff.objects.filter(root_kind=root.kind, root_id=root.id, state=SignoffState.OPEN)
    if about is not None:
        asked = asked.filter(subject_kind=about.kind, subject_id=about.id)
    for signoff in asked.order_by("pk"):
        approvals.void(signoff, reason=reason, actor=actor, at=at)


def signoff_ref(signoff_id: int) -> SubjectRef:
    return SubjectRef("signoff", signoff_id)


def ask_signatories(
    collaboration: Collaboration, signoff: Signoff, *, at: datetime, slots: Sequence[Slot] | None = None
) -> None:
    """One open loop per party that may decide now; those of a later step are asked when their turn comes."""
    run, plan = current_run(collaboration), plan_of(collaboration)
    gate = plan.gate_of(signoff.route, run.step) if run else ""
    under_minutes = {UNDER_MINUTES: True} if _is_over_minutes(plan, signoff) else {}
    slots = slots if slots is not None else _slots(signoff)
    waiting = {slot.key: slot for slot in reversed(slots_up(slots))}
    open_loops(
        collaboration,
        [
            *_amendments_to_answer(collaboration, signoff, slots, gate),
            *(
                Wanted(
                    kind=LoopKind.SIGNOFF,
                    subject=signoff_ref(signoff.pk),
                    part=key,
                    owner=slot.principal,
                    asked_by=principals.person(signoff.author_id) if signoff.author_id else "",
                    gate=gate,
                    params={"route": signoff.route, "slot": slot.pk, "what": slot.label, **under_minutes},
                )
                for key, slot in waiting.items()
            ),
        ],
        at=at,
    )


def _amendments_to_answer(
    collaboration: Collaboration, signoff: Signoff, slots: Sequence[Slot], gate: str
) -> Iterator[Wanted]:
    """One for each party that wants a line otherwise, owed by who fills the form. Queries only where there is one."""
    wanting = {slot.key: slot for slot in slots if slot.waits_for_author}
    if not wanting:
        return
    form = Record.objects.values_list("form_code", flat=True).get(pk=signoff.subject_id)
    asking = plan_of(collaboration).step_asking(form)
    filler = asking.filler_of(form) if asking is not None else Filler.INITIATOR
    for key, slot in wanting.items():
        yield Wanted(
            kind=LoopKind.AMENDMENT,
            subject=signoff_ref(signoff.pk),
            part=amendment_part(key),
            owner=filler_principal(collaboration, filler),
            asked_by=slot.office,
            gate=gate,
            params={"route": signoff.route, "slot": slot.pk, "what": slot.label},
        )


def amendment_part(key: str) -> str:
    """Beside the loop of the party itself, which is asked again if it is declined."""
    return f"amended:{key}"


def _is_over_minutes(plan: PlaybookPlan, signoff: Signoff) -> bool:
    """Whether minutes are signed. One query where the route is taken by other forms as well."""
    forms = plan.forms_on(signoff.route)
    if MINUTES not in forms or len(forms) == 1:
        return MINUTES in forms
    return Record.objects.filter(pk=signoff.subject_id, form_code=MINUTES).exists()


def _slots(signoff: Signoff) -> list[Slot]:
    return list(signoff.slots.order_by("step", "pk"))


def close_answered(collaboration: Collaboration, signoff: Signoff, *, at: datetime) -> None:
    """Close the loops of parties that have nothing left to decide, and ask whose turn has come."""
    if signoff.state != SignoffState.OPEN:
        close_loops(subject=signoff_ref(signoff.pk), at=at)
        return
    slots = _slots(signoff)
    waiting = {slot.key for slot in slots_up(slots)}
    answered = {slot.key for slot in slots} - waiting
    answered |= {amendment_part(slot.key) for slot in slots} - {
        amendment_part(slot.key) for slot in slots if slot.waits_for_author
    }
    close_loops(subject=signoff_ref(signoff.pk), parts=answered, at=at)
    ask_signatories(collaboration, signoff, at=at, slots=slots)


def keep_conditions(
    collaboration: Collaboration, decisions: Iterable[Mapping[str, Any]], *, actor: Actor, at: datetime
) -> None:
    """A conditional consent is a promise to its giver: tracked, and in the way of the gate it names (G05)."""
    plan = plan_of(collaboration)
    for decision in decisions:
        for condition in decision["conditions"]:
            commitments.promise(
                kind=CommitmentKind.CONDITION,
                text=condition["text"],
                owner_id=condition.get("owner_id") or collaboration.lead_id,
                department_id=condition.get("department_id") or collaboration.lead_department_id,
                due_on=_day(condition.get("due_on")),
                gate=condition.get("gate") or plan.condition_gate,
                source=SubjectRef("slot", decision["slot_id"]),
                root=root_of(collaboration),
                scope_id=collaboration.scope_id,
                asked_by=decision["principal"],
                verifier=decision["principal"],
                actor=actor,
                at=at,
            )


def drop_conditions(slots: Iterable[int], *, reason: str, actor: Actor, at: datetime) -> None:
    """Decisions that were taken back leave no conditions behind."""
    commitments.cancel_of([SubjectRef("slot", pk) for pk in slots], reason=reason, actor=actor, at=at)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def take_answer(collaboration: Collaboration, signoff: Signoff, *, actor: Actor, at: datetime) -> None:
    """The whole route has answered: the form is approved, or goes back to its filler with the reasons."""
    if signoff.state not in (SignoffState.APPROVED, SignoffState.REFUSED):
        return
    record = Record.objects.get(pk=signoff.subject_id)
    if signoff.state == SignoffState.APPROVED:
        _approve(collaboration, record, actor=actor, at=at)
    else:
        _give_back(collaboration, signoff, record, actor=actor, at=at)


def _approve(collaboration: Collaboration, record: Record, *, actor: Actor, at: datetime) -> None:
    """The duty table is approved together with the plan that names it; signed minutes take effect, unless they have,
    and go out to who has not been sent them."""
    settled = records.settle(record, status=Status.APPROVED, actor=actor, at=at)
    if record.form_code == MINUTES and settled.current_version is not None:
        if plan_of(collaboration).is_signed_on_the_way(MINUTES):
            promise_actions(collaboration, settled.current_version, actor=actor, at=at)
        send_minutes(collaboration, settled.current_version, at=at)
    if record.form_code == "F04":
        duties = record_queries.record_of(root_of(collaboration), "F05")
        if duties is not None:
            records.settle(duties, status=Status.APPROVED, actor=actor, at=at)


def _give_back(collaboration: Collaboration, signoff: Signoff, record: Record, *, actor: Actor, at: datetime) -> None:
    ask_anew(collaboration, record, said_against(signoff), actor, at)


def said_against(signoff: Signoff) -> str:
    """What those who refused wrote. One query."""
    refused = signoff.slots.filter(state=SlotState.REFUSED).order_by("pk")
    return "; ".join(f"{slot.label}: {slot.opinion}" for slot in refused)


def return_form(collaboration: Collaboration, signoff: Signoff, *, reason: str, actor: Actor, at: datetime) -> None:
    """A signatory sent the form back to its filler without deciding."""
    ask_anew(collaboration, Record.objects.get(pk=signoff.subject_id), reason, actor, at)


def ask_anew(collaboration: Collaboration, record: Record, reason: str, actor: Actor, at: datetime) -> None:
    """The form goes back to who fills it in: in this step, in the one it leads back to, or, where the form was decided
    on late, in its own."""
    records.return_to_draft(record, reason=reason, actor=actor, at=at)
    run = current_run(collaboration)
    if run is None:
        return
    asking = step_asking(collaboration, run, record.form_code)
    step = plan_of(collaboration).step(run.step)
    if asking is not None:
        ask_for_form(collaboration, asking, record.form_code, at=at)
    else:
        earlier = plan_of(collaboration).step_asking(record.form_code)
        own = earlier.key if earlier is not None else run.step
        to = step.back_to if step.back_to and (earlier is None or step.routes_on(record.form_code)) else own
        send_back(collaboration, to=to, outcome=Outcome.RETURNED, reason=reason, actor=actor, at=at)
