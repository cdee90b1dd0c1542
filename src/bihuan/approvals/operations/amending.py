"""Another text for a line: wanted by a party that is asked about it, taken over or declined by who wrote the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.approvals import errors, facts, policy
from bihuan.approvals.enums import Answer, Decision, SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import placing, recording
from bihuan.approvals.policy import PartDecision, moving
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.records import queries as records
from bihuan.records.models import Version
from bihuan.records.queries import Amended


@dataclass(frozen=True, slots=True)
class Wanted:
    """By slot: what the line would say, and what is wrong about it."""

    texts: Mapping[int, Amended] = field(default_factory=dict)
    wrong: Mapping[int, Sequence[Finding]] = field(default_factory=dict)

    def findings(self, slot_id: int) -> Sequence[Finding]:
        return self.wrong.get(slot_id, ())

    def amendment(self, slot_id: int) -> dict[str, Any] | None:
        text = self.texts.get(slot_id)
        if text is None:
            return None
        return {
            "state": Answer.OPEN, "digest": text.digest, "signed": text.signed, "title": text.title, "was": text.was,
            "row": text.row,
        }  # fmt: skip


def wanted(signoff: Signoff, slots: Sequence[Slot], said: Sequence[PartDecision], at: datetime) -> Wanted:
    """Read the amendments among these decisions. No query where there is none."""
    texts: dict[int, Amended] = {}
    wrong: dict[int, Sequence[Finding]] = {}
    for slot, one in zip(slots, said, strict=True):
        if one.decision is not Decision.AMEND:
            wrong[slot.pk] = [error("approvals.amendment_unwanted", "amendment")] if one.amendment else ()
        elif not slot.part or slot.added_by_id is not None or signoff.subject_kind != "record":
            wrong[slot.pk] = [error("approvals.amendment_not_here", "decision")]
        else:
            texts[slot.pk] = records.amended(_version(signoff), slot.part, one.amendment, at=at)
            wrong[slot.pk] = texts[slot.pk].findings or _idle(slot, texts[slot.pk])
    return Wanted(texts, wrong)


def _version(signoff: Signoff) -> Version:
    found = Version.objects.filter(record=signoff.subject_id, digest=signoff.digest)
    return found.select_related("record").order_by("-version")[0]


def _idle(slot: Slot, text: Amended) -> list[Finding]:
    if text.digest == slot.digest:
        return [error("approvals.amendment_changes_nothing", "amendment")]
    is_same = slot.amendment.get("digest") == text.digest and slot.amendment.get("state") == Answer.DECLINED
    return [error("approvals.amendment_declined_before", "amendment")] if is_same else []


def told(slot: Slot) -> dict[str, Any]:
    """What the fact of a decision says of the amendment; nothing of any other decision."""
    return {"amendment": dict(slot.amendment)} if slot.state == SlotState.AMENDED else {}


def in_next(old: Slot, *, same_digest: bool, is_as_amended: bool) -> dict[str, Any]:
    """What the next version keeps of an amendment: it stays beside the line until the line says something else."""
    if old.state == SlotState.AMENDED and is_as_amended:
        return {**old.amendment, "state": Answer.TAKEN}
    if old.state == SlotState.AMENDED and not same_digest:
        return {**old.amendment, "state": Answer.LAPSED}
    return dict(old.amendment) if same_digest else {}


@dataclass(frozen=True, slots=True)
class AmendmentAnswer:
    """`seen_digest` is that of the wanted text; without `is_taken` it is declined, for a reason."""

    slot_id: int
    seen_digest: str
    is_taken: bool
    reason: str = ""


@transaction.atomic
def answer_amendments(
    signoff: Signoff, answers: Sequence[AmendmentAnswer], *, actor: Actor, at: datetime
) -> list[Slot]:
    """Take over or decline what parties want for their lines, all or none. Returns what is taken over: the caller
    hands in the next version, which opens the sign-off anew.

    Who is declined is asked again. That the actor may is checked by the caller. Records `AmendmentDeclined` and
    `AmendmentTaken`. Raises `NotFound` for a slot of another sign-off, `SignoffClosed`, `StaleSlot` when it was
    answered or is another text than was seen, `Refused` without a reason or when two want one line otherwise.
    """
    fresh, slots = recording.locked(signoff.pk, signoff.root)
    by_id = {slot.pk: slot for slot in slots}
    if any(answer.slot_id not in by_id for answer in answers):
        raise NotFound
    if fresh.state != SignoffState.OPEN:
        raise errors.SignoffClosed
    for answer in answers:
        slot = by_id[answer.slot_id]
        if not slot.waits_for_author or slot.amendment["digest"] != answer.seen_digest:
            raise errors.StaleSlot
    recording.refuse(_findings(answers, by_id))
    for answer in answers:
        slot = by_id[answer.slot_id]
        if answer.is_taken:
            _note_taken(fresh, slot, actor, at)
        else:
            _decline(fresh, slot, policy.clean(answer.reason), actor, at)
    return [by_id[answer.slot_id] for answer in answers if answer.is_taken]


def _findings(answers: Sequence[AmendmentAnswer], slots: Mapping[int, Slot]) -> list[Finding]:
    if not answers:
        return [error("approvals.amendments_unanswered", "answers")]
    if len({answer.slot_id for answer in answers}) < len(answers):
        return [error("approvals.decided_twice", "answers")]
    found = []
    taken: dict[str, str] = {}
    for answer in answers:
        slot = slots[answer.slot_id]
        if not answer.is_taken:
            wrong = moving.findings_of_words(policy.clean(answer.reason), place=f"answers.{answer.slot_id}.reason")
            found += wrong
        elif taken.setdefault(slot.part, slot.amendment["digest"]) != slot.amendment["digest"]:
            found.append(error("approvals.amendments_collide", f"answers.{answer.slot_id}"))
    return found


def _answered(slot: Slot, answer: Answer, actor: Actor, at: datetime, reason: str = "") -> dict[str, Any]:
    by = {"answered_by": actor.name, "answered_at": at.isoformat(), "reason": reason}
    asked = {"wanted_by": slot.decided_by_name, "wanted_at": slot.decided_at and slot.decided_at.isoformat()}
    return {**slot.amendment, **asked, **by, "state": answer}


def _note_taken(signoff: Signoff, slot: Slot, actor: Actor, at: datetime) -> None:
    _change(slot, {"amendment": _answered(slot, Answer.TAKEN, actor, at)})
    recording.record(signoff, facts.AmendmentTaken(**_said(signoff, slot)), actor, at)


def _decline(signoff: Signoff, slot: Slot, reason: str, actor: Actor, at: datetime) -> None:
    said = _said(signoff, slot)
    _change(slot, {**recording.UNDECIDED, "amendment": _answered(slot, Answer.DECLINED, actor, at, reason)})
    placing.seat(signoff, [slot], at)
    recording.record(signoff, facts.AmendmentDeclined(**said, reason=reason), actor, at)


def _change(slot: Slot, changes: Mapping[str, Any]) -> None:
    """Conditional, so that of two answers only the first one counts, even where the lock above is not there."""
    if not Slot.objects.filter(pk=slot.pk, state=SlotState.AMENDED, digest=slot.digest).update(**changes):
        raise errors.StaleSlot
    for name, value in changes.items():
        setattr(slot, name, value)


def _said(signoff: Signoff, slot: Slot) -> dict[str, Any]:
    return {
        "signoff_id": signoff.pk, "route": signoff.route, "slot_id": slot.pk, "key": slot.key, "part": slot.part,
        "digest": slot.digest, "amended": slot.amendment["digest"], "what": slot.amendment["title"],
    }  # fmt: skip
