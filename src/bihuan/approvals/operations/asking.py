"""Asking somebody else: for good, for advice, or besides. Who is asked to sign decides that, nobody for him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import transaction

from bihuan.approvals import errors, facts, policy, rules
from bihuan.approvals.enums import Moved, RemarkKind, SignoffState, SlotState
from bihuan.approvals.models import Remark, Signoff, Slot
from bihuan.approvals.operations import recording
from bihuan.approvals.operations.placing import let_read, may_be_told
from bihuan.approvals.policy import moving
from bihuan.approvals.policy.moving import findings_of_words
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation

BEFORE, AFTER = "BEFORE", "AFTER"


@dataclass(frozen=True, slots=True)
class _Held:
    """A sign-off under its lock, and what of it one party has open."""

    signoff: Signoff
    slots: list[Slot]
    mine: list[Slot]

    @property
    def pks(self) -> tuple[int, ...]:
        return tuple(slot.pk for slot in self.mine)


@transaction.atomic
def transfer(slot: Slot, *, person_id: int, reason: str, actor: Actor, at: datetime) -> Slot:
    """Pass on what one is asked to somebody else for good (转办): he decides now. Records `SlotsTransferred`.

    All open lines of the party go along. Raises `NotTheSignatory`, `SignoffClosed`, `StaleSlot`, `AuthorSigns`, and
    `Refused` without a reason, for the author, oneself, somebody who is not here or is asked or has signed already.
    """
    held, reason = _held(slot, actor, at), policy.clean(reason)
    recording.refuse([*_person_findings(held, person_id, actor, at), *findings_of_words(reason, place="reason")])
    before, after = held.mine[0].principal, principals.person(person_id)
    _move(held, principal=after, instead_of="", moved=Moved.NOT)
    let_read(held.signoff, after, at)
    fact = facts.SlotsTransferred(
        signoff_id=held.signoff.pk, route=held.signoff.route, slots=held.pks, before=before, after=after, reason=reason
    )
    recording.record(held.signoff, fact, actor, at)
    return held.mine[0]


@transaction.atomic
def consult(slot: Slot, *, person_id: int, reason: str, actor: Actor, at: datetime) -> Slot:
    """Have somebody look at it first (委派): he advises, one decides oneself. Records `SlotsConsulted`.

    `reason` is the question put to him. Raises as `transfer`.
    """
    held, reason = _held(slot, actor, at), policy.clean(reason)
    findings = [*_person_findings(held, person_id, actor, at), *findings_of_words(reason, place="reason")]
    recording.refuse(findings)
    office, after = held.mine[0].office, principals.person(person_id)
    _move(held, principal=after, instead_of=office, moved=Moved.CONSULTED)
    let_read(held.signoff, after, at)
    _note(held, {"kind": RemarkKind.QUESTION, "text": reason, "addressed": [person_id]}, actor, at)
    fact = facts.SlotsConsulted(
        signoff_id=held.signoff.pk, route=held.signoff.route, slots=held.pks, before=office, after=after, reason=reason
    )
    recording.record(held.signoff, fact, actor, at)
    return held.mine[0]


@transaction.atomic
def advise(slot: Slot, *, text: str, actor: Actor, at: datetime) -> Slot:
    """Answer who asked for advice; the decision is his again. Records `SlotsGivenBack`.

    Raises `NotTheSignatory` for who was not consulted or is no longer, `SignoffClosed`, `Refused` without words.
    """
    held, text = _locked(slot), policy.clean(text)
    if not rules.is_consulted(actor, held.mine[0]) or organisation.actor_now(actor.person_id or 0, at) is None:
        raise errors.NotTheSignatory(who=slot.label)
    _check_open(held)
    recording.refuse(findings_of_words(text, place="text", limit=moving.TEXT_LIMIT))
    _note(held, {"kind": RemarkKind.ADVICE, "text": text}, actor, at)
    return _give_back(held, text, actor, at)


@transaction.atomic
def get_back(slot: Slot, *, actor: Actor, at: datetime) -> Slot:
    """Wait no longer for the advice. Records `SlotsGivenBack`.

    Raises `NotTheSignatory`, `SignoffClosed`, `StaleSlot` when nobody is consulted any more.
    """
    held = _held(slot, actor, at)
    if held.mine[0].moved != Moved.CONSULTED:
        raise errors.StaleSlot
    return _give_back(held, "", actor, at)


def _give_back(held: _Held, text: str, actor: Actor, at: datetime) -> Slot:
    before, office = held.mine[0].principal, held.mine[0].office
    _move(held, principal=office, instead_of="", moved=Moved.NOT)
    fact = facts.SlotsGivenBack(
        signoff_id=held.signoff.pk, route=held.signoff.route, slots=held.pks, before=before, after=office, reason=text
    )
    recording.record(held.signoff, fact, actor, at)
    return held.mine[0]


@transaction.atomic
def add_signer(slot: Slot, *, person_id: int, where: str, reason: str, actor: Actor, at: datetime) -> Slot:
    """Ask for one more signature before or after one's own (加签); it must be given like every other.

    On each open line of the party. Records `SignerAdded`. Raises as `transfer`; `Refused` also for a place that is
    neither, when somebody stands before one already, and beyond ten added signatures.
    """
    held, reason = _held(slot, actor, at), policy.clean(reason)
    recording.refuse(
        [
            *_person_findings(held, person_id, actor, at),
            *_place_findings(held, where),
            *findings_of_words(reason, place="reason"),
        ]
    )
    after = principals.person(person_id)
    name = organisation.directory([person_id], [], at).people[person_id].name
    party = _Added(after, _free_key(held, after), name, where)
    added = [_beside(each, party, actor) for each in held.mine]
    let_read(held.signoff, after, at)
    fact = facts.SignerAdded(
        signoff_id=held.signoff.pk, route=held.signoff.route, slots=tuple(one.pk for one in added), beside=held.pks,
        where=where, after=after, reason=reason,
    )  # fmt: skip
    recording.record(held.signoff, fact, actor, at)
    return added[0]


@dataclass(frozen=True, slots=True)
class _Added:
    principal: str
    key: str
    name: str
    where: str


def _free_key(held: _Held, principal: str) -> str:
    """Who was taken out again and is asked once more has a second name: what he was asked before stays as it was."""
    taken = {slot.key for slot in held.slots if slot.step == held.mine[0].step}
    return next(key for key in chain([principal], (f"{principal}~{number}" for number in count(2))) if key not in taken)


def _beside(slot: Slot, party: _Added, actor: Actor) -> Slot:
    new = Slot.objects.create(
        signoff_id=slot.signoff_id, step=slot.step, key=party.key, principal=party.principal, label=party.name,
        part=slot.part, digest=slot.digest, group=f"+{slot.pk}", added_by_id=actor.person_id,
        waits_for=slot if party.where == AFTER else None,
    )  # fmt: skip
    if party.where == BEFORE:
        slot.waits_for = new
        slot.save(update_fields=["waits_for"])
    return new


@transaction.atomic
def remove_signer(slot: Slot, *, reason: str, actor: Actor, at: datetime) -> Slot:
    """Take out a signature that one added oneself, while it is not given (减签). Records `SignerRemoved`.

    Raises `NotTheSignatory` for who did not add it, `SignoffClosed`, `StaleSlot` when it is answered, `Refused`
    without a reason.
    """
    held, reason = _locked(slot), policy.clean(reason)
    if actor.person_id is None or held.mine[0].added_by_id != actor.person_id:
        raise errors.NotTheSignatory(who=slot.label)
    _check_open(held)
    recording.refuse(findings_of_words(reason, place="reason"))
    for each in held.mine:
        beside = next(one for one in held.slots if f"+{one.pk}" == each.group)
        each.state, each.group, each.need = SlotState.VOID, beside.group, beside.need
        each.save(update_fields=["state", "group", "need"])
    fact = facts.SignerRemoved(
        signoff_id=held.signoff.pk,
        route=held.signoff.route,
        slots=held.pks,
        before=held.mine[0].principal,
        reason=reason,
    )
    recording.record(held.signoff, fact, actor, at)
    return held.mine[0]


# Under the lock ---------------------------------------------------------------------------------------------------


def _locked(slot: Slot) -> _Held:
    signoff, slots = recording.locked(slot.signoff_id, slot.signoff.root)
    now = next(each for each in slots if each.pk == slot.pk)
    mine = [each for each in slots if each.key == now.key and each.step == now.step]
    return _Held(
        signoff, slots, [now, *(each for each in mine if each.state == SlotState.PENDING and each.pk != now.pk)]
    )


def _check_open(held: _Held) -> None:
    if held.signoff.state != SignoffState.OPEN:
        raise errors.SignoffClosed
    if held.mine[0].state != SlotState.PENDING:
        raise errors.StaleSlot


def _held(slot: Slot, actor: Actor, at: datetime) -> _Held:
    """What the actor is asked to sign at this moment; a deputy may pass it on as he may sign it."""
    held = _locked(slot)
    if rules.is_author(actor, held.signoff):
        raise errors.AuthorSigns
    now = held.mine[0]
    if not rules.answers_to(actor, now) or rules.right_now(actor, now, held.signoff, at) is None:
        raise errors.NotTheSignatory(who=now.label)
    _check_open(held)
    return held


def _move(held: _Held, *, principal: str, instead_of: str, moved: Moved) -> None:
    for slot in held.mine:
        slot.principal, slot.instead_of, slot.moved, slot.by_rule = principal, instead_of, moved, {}
        slot.save(update_fields=["principal", "instead_of", "moved", "by_rule"])


def _note(held: _Held, said: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    Remark.objects.create(
        signoff=held.signoff, slot=held.mine[0], person_id=actor.person_id, name=actor.name, at=at, **said
    )


def _person_findings(held: _Held, person_id: int, actor: Actor, at: datetime) -> list[Finding]:
    """Whom one may ask: somebody who is here, not the author, not oneself, and not asked or heard already."""
    key = principals.person(person_id)
    if not organisation.holders_of([key], at)[key]:
        return [error("approvals.signer_outside", "person", who=str(person_id))]
    if person_id == held.signoff.author_id:
        return [error("approvals.author_signs", "person")]
    if person_id == actor.person_id:
        return [error("approvals.asks_himself", "person")]
    if not may_be_told(held.signoff, [person_id], at):
        return [error("approvals.cannot_read", "person")]
    return [error("approvals.already_asked", "person")] if _is_asked(held, person_id, at) else []


def _is_asked(held: _Held, person_id: int, at: datetime) -> bool:
    others = [slot for slot in held.slots if slot.step == held.mine[0].step and slot.state != SlotState.VOID]
    own = organisation.holders_of({slot.office for slot in others}, at)
    return any(slot.decided_by_id == person_id or person_id in own.get(slot.office, ()) for slot in others)


def _place_findings(held: _Held, where: str) -> list[Finding]:
    if where not in {BEFORE, AFTER}:
        return [error("approvals.place_unknown", "where")]
    held_up = moving.waiting(slot.seat for slot in held.slots)
    if where == BEFORE and any(slot.pk in held_up for slot in held.mine):
        return [error("approvals.somebody_is_before", "where")]
    added = {slot.key for slot in held.slots if slot.added_by_id is not None}
    return (
        [error("approvals.too_many_added", "where", limit=moving.ADDED_LIMIT)]
        if len(added) >= moving.ADDED_LIMIT
        else []
    )
