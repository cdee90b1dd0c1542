"""Handing over what a person holds, and leaving once nothing would stay with nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, HandOver
from bihuan.organisation.facts import ROOT, PostHandedOver
from bihuan.organisation.models import Charge, Person, Post
from bihuan.organisation.operations.posts import take_charge
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.duties import MOST, departments_above
from bihuan.organisation.queries.effective import not_ended
from bihuan.organisation.rules import is_self, may_administer, may_hand_over_for

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Succession:
    """One duty (by its key) and who takes it over."""

    key: str
    successor_id: int | None


@transaction.atomic
def hand_over_duties(
    person_id: int, *, successions: Iterable[Succession], reason: str, actor: Actor, at: datetime
) -> int:
    """Hand over what a person holds to one or several successors, all of it or nothing. Returns how many.

    Each room moves its own and records its own fact. At most a hundred at a time. Raises NotFound; NotAllowed unless
    the actor is that person, a superior head or an administrator; Refused, by line, for a duty no longer held, a
    successor who cannot take it, and for an administrator who would take it himself.
    """
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    above = frozenset(departments_above(person_id, at))
    if not may_hand_over_for(actor, person_id, above):
        raise NotAllowed
    chosen, reason = list(successions)[:MOST], clean(reason)
    refuse(_reason_findings(reason, chosen))
    held = {duty.key: duty for duty in duties.held_by(person_id, at)}
    ledger.lock_chains({held[one.key].root for one in chosen if one.key in held} | {ROOT})
    refuse(_successor_findings(chosen, held, person_id, actor, is_superior=_is_superior(actor, person_id, above)))
    change = HandOver(before=person_id, after=0, reason=reason, actor=actor, at=at)
    refuse(finding for one in chosen for finding in _move(held[one.key], replace(change, after=one.successor_id or 0)))
    return len(chosen)


def _move(duty: Duty, change: HandOver) -> list[Finding]:
    """What the room objects to this successor; the place is the line."""
    try:
        with transaction.atomic():
            duties.registered()[duty.kind].hand_over(duty.id, change)
    except Refused as refusal:
        return [replace(finding, place=f"to.{duty.key}") for finding in refusal.findings]
    return []


def _is_superior(actor: Actor, person_id: int, above: frozenset[int]) -> bool:
    is_other = not is_self(actor, person_id) and not may_administer(actor)
    return is_other and may_hand_over_for(actor, person_id, above)


def _reason_findings(reason: str, chosen: list[Succession]) -> list[Finding]:
    found = [] if chosen else [error("organisation.nothing_chosen", "to_all")]
    if not reason:
        found.append(error("organisation.reason_missing", "reason"))
    if len(reason) > REASON_LIMIT:
        found.append(error("organisation.reason_too_long", "reason", limit=REASON_LIMIT))
    return found


def _successor_findings(
    chosen: list[Succession], held: Mapping[str, Duty], person_id: int, actor: Actor, *, is_superior: bool
) -> list[Finding]:
    wanted = {one.successor_id for one in chosen if one.successor_id}
    working = set(Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    found = []
    for one in chosen:
        place = f"to.{one.key}"
        if one.key not in held:
            found.append(error("organisation.duty_unknown", place))
        elif one.successor_id not in working:
            found.append(error("organisation.person_unknown", place))
        elif one.successor_id == person_id:
            found.append(error("organisation.same_person", place))
        elif is_self(actor, one.successor_id) and not is_superior:
            found.append(error("organisation.not_to_oneself", place))
    return found


def left_with_nobody(person_id: int, at: datetime) -> list[Finding]:
    """A finding for each duty that nobody else holds."""
    labels = {kind: str(holding.label) for kind, holding in duties.registered().items()}
    return [
        error("organisation.still_holds", f"to.{duty.key}", kind=labels[duty.kind], what=duty.number)
        for duty in duties.held_by(person_id, at)
        if not duty.is_shared
    ]


def hand_over_post(post_id: int, change: HandOver) -> Post:
    """End one person's post today and give the same one to another; beside his own when he has one, whose site goes on
    to decide when he works. Fact PostHandedOver. Raises NotFound."""
    day = day_of(change.at)
    post = Post.objects.select_for_update().filter(not_ended(change.at), pk=post_id, person=change.before).first()
    if post is None:
        raise NotFound
    post.ends_on = max(day, post.starts_on)
    post.save(update_fields=["ends_on"])
    held = {"person_id": change.after, "department_id": post.department_id, "title": post.title, "kind": post.kind}
    new = Post.objects.filter(not_ended(change.at), **held).first()
    if new is None:
        has_own = Post.objects.filter(not_ended(change.at), person=change.after, is_main=True).exists()
        new = Post.objects.create(**held, starts_on=max(day, post.starts_on), is_main=not has_own)
    fact = PostHandedOver(
        post_id=post.pk, new_post_id=new.pk, department_id=post.department_id, before=change.before,
        after=change.after, title=post.title, kind=str(post.kind), reason=change.reason,
    )  # fmt: skip
    record(fact, "post", post.pk, actor=change.actor, at=change.at)
    return new


def hand_over_charge(charge_id: int, change: HandOver) -> None:
    """Put another executive in charge from today. Fact ExecutivePutInCharge. Raises NotFound."""
    charge = Charge.objects.filter(not_ended(change.at), pk=charge_id, person=change.before).first()
    if charge is None:
        raise NotFound
    take_charge(charge.department_id, change.after, day=day_of(change.at), actor=change.actor, at=change.at)
