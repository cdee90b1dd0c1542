"""Asking for resources, answering, putting in place and giving back (F19a)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations import Wanted, close_loops, close_loops_of, open_loops, settle
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.promises import ends_of
from bihuan.collaborations.policy.lines import NeedLine
from bihuan.collaborations.policy.playbook import FINAL
from bihuan.collaborations.queries import current_run, plan_of
from bihuan.collaborations.queries.desk import instant_so_far
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.organisation import queries as organisation
from bihuan.organisation.duties import HandOver
from bihuan.organisation.models import Person
from bihuan.resources import facts
from bihuan.resources.enums import DROPPABLE, ENDED, OPEN_QUESTIONS, STATE_AFTER, Answer, NeedState
from bihuan.resources.errors import NotTheProvider, NotTheRequester, NotYetNeeded, StaleNeed
from bihuan.resources.models import Need
from bihuan.resources.policy import answer_findings, answered_before, step_of_supply
from bihuan.resources.queries import is_needed_by_now
from bihuan.resources.rules import may_answer, provides, requests

ARCHIVE = "ARCHIVE"
UNANSWERED: dict[str, Any] = {
    "answer": "",
    "offer": "",
    "answered_by_id": None,
    "answered_at": None,
    "named_person_id": None,
    "evidence": "",
    "in_place_at": None,
    "reason": "",
}
"""What is not true any more of a need that is asked again."""


@transaction.atomic(savepoint=False)
def ask_for_needs(
    collaboration: Collaboration, lines: list[NeedLine], *, form_code: str, version: int, actor: Actor, at: datetime
) -> None:
    """Take over a form's resource list: new lines are asked, changed ones asked again, missing ones dropped.

    Records ``NeedsAsked``.
    """
    known = {need.line_id: need for need in collaboration.needs.all()}
    created, changed = [], []
    for position, line in enumerate(lines):
        if line.department is None:
            continue  # a submitted list names every provider; an imported one need not
        columns = _columns(line)
        need = known.pop(line.row, None)
        if need is None:
            created.append(Need(collaboration=collaboration, line_id=line.row, position=position, **columns))
        elif need.state == NeedState.DROPPED:
            created.append(_ask_again(need, position=position, **columns))
        elif any(getattr(need, name) != value for name, value in columns.items()):
            changed.append(_ask_again(need, **columns))
    Need.objects.bulk_create(need for need in created if need.pk is None)
    asked = [*created, *changed]
    owners = organisation.signatories_for({need.provider_id for need in asked}, at, besides=None) if asked else {}
    close_loops_of((need.subject for need in changed), at=at)
    ends = ends_of(map(_owed, asked), collaboration, at=at)
    wanted = [_answer_of(collaboration, need, owners[need.provider_id], ends.get(_owed(need))) for need in asked]
    open_loops(collaboration, wanted, at=at)
    dropped = [need for need in known.values() if need.state not in ENDED]
    if dropped:
        gone = Need.objects.filter(pk__in=[need.pk for need in dropped])
        gone.update(state=NeedState.DROPPED, revision=F("revision") + 1)
        close_loops_of((need.subject for need in dropped), at=at)
    ledger.record(
        facts.NeedsAsked(
            form_code=form_code,
            version=version,
            created=tuple(need.pk for need in created),
            changed=tuple(need.pk for need in changed),
            dropped=tuple(need.pk for need in dropped),
        ),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )


def _columns(line: NeedLine) -> dict[str, Any]:
    return {
        "provider_id": line.department.id if line.department else None,
        "type": line.type,
        "spec": line.spec,
        "quantity": line.quantity,
        "unit": line.unit,
        "amount": line.amount,
        "starts_on": line.start,
        "ends_on": line.end,
        "purpose": line.purpose,
    }


def _ask_again(need: Need, **columns: Any) -> Need:
    Need.objects.filter(pk=need.pk).update(**columns, **UNANSWERED, state=NeedState.ASKED, revision=F("revision") + 1)
    need.refresh_from_db()
    return need


def _owed(need: Need) -> tuple[str, date | None]:
    """It is there when its first day is over at the place of the department that gives it."""
    return principals.department(need.provider_id), need.starts_on


def _open(
    collaboration: Collaboration, need: Need, kind: LoopKind, due_at: datetime | None, *, owner: str, gate: str
) -> Wanted:
    return Wanted(
        kind=kind,
        subject=need.subject,
        owner=owner,
        asked_by=principals.person(collaboration.lead_id) if collaboration.lead_id else "",
        gate=gate,
        due_at=due_at,
        params={"what": need.what, "purpose": need.purpose},
    )


def _wait(collaboration: Collaboration, need: Need, kind: LoopKind, *, owner: str, gate: str, at: datetime) -> None:
    due_at = instant_so_far(need.subject) or ends_of([_owed(need)], collaboration, at=at).get(_owed(need))
    open_loops(collaboration, [_open(collaboration, need, kind, due_at, owner=owner, gate=gate)], at=at)


def _answer_of(collaboration: Collaboration, need: Need, owner: str, due_at: datetime | None) -> Wanted:
    gate = answered_before(plan_of(collaboration))
    return _open(collaboration, need, LoopKind.NEED_ANSWER, due_at, owner=owner, gate=gate)


def _wait_for_the_lead(collaboration: Collaboration, need: Need, *, at: datetime) -> None:
    """A refusal or another offer is the lead's to take up."""
    owner = principals.person(collaboration.lead_id) if collaboration.lead_id else principals.PMO
    gate = f"leave:{step_of_supply(plan_of(collaboration))}"
    _wait(collaboration, need, LoopKind.NEED_SETTLE, owner=owner, gate=gate, at=at)


@transaction.atomic
def answer_need(
    need: Need,
    *,
    answer: Answer,
    text: str = "",
    offer: str = "",
    named_person_id: int | None = None,
    seen_revision: int,
    actor: Actor,
    at: datetime,
) -> Need:
    """The provider promises, offers something else, or refuses. Records ``NeedAnswered``.

    Raises ``NotTheProvider``, ``HasEnded``, ``StaleNeed``, ``Refused``: a refusal without reason, an offer without
    words, people promised without a name.
    """
    if not may_answer(actor, need):
        raise NotTheProvider
    people = need.type == "PEOPLE"
    _refuse(
        [
            *answer_findings(answer, text=text, offer=offer, needs_name=people, is_named=named_person_id is not None),
            *_person_findings(named_person_id),
        ]
    )
    _move(
        need,
        seen_revision,
        (NeedState.ASKED,),
        state=STATE_AFTER[Answer(answer)],
        answer=text.strip(),
        offer=offer.strip(),
        named_person_id=named_person_id,
        answered_by_id=actor.person_id,
        answered_at=at,
    )
    close_loops(subject=need.subject, at=at)
    if need.state in OPEN_QUESTIONS:
        _wait_for_the_lead(need.collaboration, need, at=at)
    elif _is_needed_now(need.collaboration):
        wait_until_in_place(need, at=at)
    fact = facts.NeedAnswered(
        **_about(need), answer=Answer(answer).value, text=need.answer, offer=need.offer, named_person_id=named_person_id
    )
    return _tell(need, fact, actor=actor, at=at)


def _person_findings(person_id: int | None) -> list[Finding]:
    if person_id is None or Person.objects.filter(pk=person_id, is_active=True).exists():
        return []
    return [error("resources.person_unknown", "named_person")]


@transaction.atomic
def accept_offer(need: Need, *, seen_revision: int, actor: Actor, at: datetime) -> Need:
    """Who carries the matter takes the other offer. Records ``OfferAccepted``."""
    if not requests(actor, need):
        raise NotTheRequester
    _move(need, seen_revision, (NeedState.COUNTERED,), state=NeedState.PROMISED)
    close_loops(subject=need.subject, at=at)
    if _is_needed_now(need.collaboration):
        wait_until_in_place(need, at=at)
    return _tell(need, facts.OfferAccepted(**_about(need), offer=need.offer), actor=actor, at=at)


@transaction.atomic
def drop_need(need: Need, *, reason: str, seen_revision: int, actor: Actor, at: datetime) -> Need:
    """Who carries the matter does without. Records ``NeedDropped``."""
    if not requests(actor, need):
        raise NotTheRequester
    _refuse([] if reason.strip() else [error("resources.reason_missing", "reason")])
    _move(need, seen_revision, DROPPABLE, state=NeedState.DROPPED, reason=reason.strip())
    close_loops(subject=need.subject, at=at)
    return _tell(need, facts.NeedDropped(**_about(need), reason=need.reason), actor=actor, at=at)


def drop_all(collaboration: Collaboration, *, reason: str, actor: Actor, at: datetime) -> None:
    """The work was ended early: what is not in place is not needed. Records ``NeedDropped`` for each.

    What is in place goes back before the matter is closed. The route of the early end has said who may.
    """
    unmet = collaboration.needs.filter(state__in=DROPPABLE).select_related("collaboration__playbook_version")
    for need in unmet.order_by("pk"):
        _move(need, need.revision, DROPPABLE, state=NeedState.DROPPED, reason=reason)
        close_loops(subject=need.subject, at=at)
        _record(need, facts.NeedDropped(**_about(need), reason=reason), actor=actor, at=at)


def _is_needed_now(collaboration: Collaboration) -> bool:
    """In the step of supply, and behind it where a matter was adopted later and makes up for its plan."""
    run, plan = current_run(collaboration), plan_of(collaboration)
    supply = step_of_supply(plan)
    return run is not None and plan.has(supply) and not plan.is_before(run.step, supply)


def wait_until_in_place(need: Need, *, at: datetime) -> None:
    """From the step of supply on the provider owes what was promised."""
    owner = organisation.signatory_for(need.provider_id, at, besides=None)
    gate = f"leave:{step_of_supply(plan_of(need.collaboration))}"
    _wait(need.collaboration, need, LoopKind.NEED_IN_PLACE, owner=owner, gate=gate, at=at)


def wait_until_released(need: Need, *, at: datetime) -> None:
    """Before a matter is closed, what it used goes back (G26); what comes round uses it from year to year."""
    owner = organisation.signatory_for(need.provider_id, at, besides=None)
    gate = f"enter:{FINAL}" if plan_of(need.collaboration).recurs else f"leave:{ARCHIVE}"
    _wait(need.collaboration, need, LoopKind.NEED_RELEASE, owner=owner, gate=gate, at=at)


@transaction.atomic
def put_in_place(need: Need, *, evidence: str, seen_revision: int, actor: Actor, at: datetime) -> Need:
    """The provider says that the resource is there, and where it can be seen. Records ``NeedInPlace``.

    Raises ``NotTheProvider``, ``NotYetNeeded`` before the plan is filed, ``StaleNeed``, ``Refused``.
    """
    if not provides(actor, need):
        raise NotTheProvider
    if not is_needed_by_now(need):
        raise NotYetNeeded
    _refuse([] if evidence.strip() else [error("resources.evidence_missing", "evidence")])
    _move(
        need, seen_revision, (NeedState.PROMISED,), state=NeedState.IN_PLACE, evidence=evidence.strip(), in_place_at=at
    )
    close_loops(subject=need.subject, at=at)
    return _tell(need, facts.NeedInPlace(**_about(need), evidence=need.evidence), actor=actor, at=at)


@transaction.atomic
def release_need(need: Need, *, seen_revision: int, actor: Actor, at: datetime) -> Need:
    """The provider has it back, or the matter gives it back. Records ``NeedReleased``."""
    if not provides(actor, need) and not requests(actor, need):
        raise NotTheProvider
    _move(need, seen_revision, (NeedState.IN_PLACE,), state=NeedState.RELEASED, released_at=at)
    close_loops(subject=need.subject, at=at)
    return _tell(need, facts.NeedReleased(**_about(need)), actor=actor, at=at)


@transaction.atomic
def pass_on(need_id: int, change: HandOver) -> Need:
    """Who was promised to a matter leaves; another person is given. Records ``NamedPersonChanged``.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`). Raises ``StaleNeed``.
    """
    need = Need.objects.select_related("collaboration").get(pk=need_id)
    ledger.lock_chain(root_of(need.collaboration))
    named = Need.objects.filter(pk=need_id, named_person=change.before).exclude(state__in=ENDED)
    if not named.update(named_person_id=change.after, revision=F("revision") + 1):
        raise StaleNeed
    need.refresh_from_db()
    fact = facts.NamedPersonChanged(**_about(need), before=change.before, after=change.after, reason=change.reason)
    return _tell(need, fact, actor=change.actor, at=change.at)


def _about(need: Need) -> dict[str, Any]:
    return {"need_id": need.pk, "what": need.what, "provider_id": need.provider_id}


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _move(need: Need, seen_revision: int, expected: tuple[NeedState, ...], **changes: Any) -> None:
    ledger.lock_chain(root_of(need.collaboration))
    is_given_back = changes["state"] in ENDED
    if not is_given_back and current_run(need.collaboration) is None:
        raise HasEnded
    rows = Need.objects.filter(pk=need.pk, state__in=expected, revision=seen_revision)
    if not rows.update(revision=F("revision") + 1, **changes):
        raise StaleNeed
    need.refresh_from_db()


def _tell(need: Need, fact: facts.NeedFact, *, actor: Actor, at: datetime) -> Need:
    _record(need, fact, actor=actor, at=at)
    settle(need.collaboration, actor=actor, at=at)
    return need


def _record(need: Need, fact: facts.NeedFact, *, actor: Actor, at: datetime) -> None:
    ledger.record(
        fact,
        actor=actor,
        root=root_of(need.collaboration),
        subject=need.subject,
        scope_id=need.collaboration.scope_id,
        at=at,
    )


def change_department(collaboration_id: int, *, before: int, after: int) -> None:
    """What is still to be given goes with its department after a reorganisation, whose fact tells it."""
    mine = Need.objects.filter(collaboration=collaboration_id, provider=before).exclude(state__in=ENDED)
    mine.update(provider_id=after, revision=F("revision") + 1)
