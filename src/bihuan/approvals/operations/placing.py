"""Asking deputies and superiors while those who hold an office are away, and asking the office again afterwards."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.access import operations as access
from bihuan.access import queries as reading
from bihuan.access.enums import HIDDEN, Level, Role
from bihuan.access.models import Scope
from bihuan.approvals import facts, rules
from bihuan.approvals.enums import Moved, SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import recording
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import StandIn

PLACE_ALL, ESCALATE = "approvals.place_all", "approvals.escalate"
VIA = "signoff"
NOBODY = StandIn("", {})
BY_ITSELF = (Moved.NOT, Moved.DEPUTY, Moved.SUPERIOR)


def seat(signoff: Signoff, slots: Sequence[Slot], at: datetime) -> None:
    """Ask the stand-ins at once where an office is away when a sign-off opens. One query when nobody is away."""
    if organisation.away_today(at):
        _place(signoff, slots, at)


@transaction.atomic
def place_slots(signoff_id: int, *, at: datetime) -> int:
    """Let each open slot be asked of whoever stands in now, or of its office again. Returns how many moved.

    Nothing that is secret is asked of a deputy. An office that nobody holds any more follows the route (`empty`).
    The machine's act: records `SlotsPlaced` for each office that moved, `OfficeVacated` for each that became empty.
    """
    signoff, slots = recording.locked(signoff_id)
    if signoff.state != SignoffState.OPEN:
        return 0
    before = {slot.pk: slot.principal for slot in slots}
    moved = _place(signoff, slots, at)
    for pair in sorted({(before[slot.pk], slot.principal, slot.moved) for slot in moved}):
        same = tuple(slot.pk for slot in moved if (before[slot.pk], slot.principal, slot.moved) == pair)
        fact = facts.SlotsPlaced(
            signoff_id=signoff.pk, route=signoff.route, slots=same, before=pair[0], after=pair[1], why=pair[2],
            rule=dict(next(slot.by_rule for slot in moved if slot.pk == same[0])), reason="",
        )  # fmt: skip
        recording.record(signoff, fact, SYSTEM, at)
    _note_vacant(signoff, slots, at)
    return len(moved)


def _note_vacant(signoff: Signoff, slots: Sequence[Slot], at: datetime) -> None:
    """Once for each office that became empty; forgotten when somebody holds it again."""
    waiting = [slot for slot in slots if slot.state == SlotState.PENDING]
    held = organisation.holders_of({slot.office for slot in waiting}, at)
    for office in sorted({slot.office for slot in waiting} & held.keys()):
        known = {slot.vacant_at is not None for slot in waiting if slot.office == office}
        mine = [slot for slot in waiting if slot.office == office]
        if bool(held[office]) is (True not in known):
            continue
        Slot.objects.filter(pk__in=[slot.pk for slot in mine]).update(vacant_at=None if held[office] else at)
        if not held[office]:
            fact = facts.OfficeVacated(
                signoff_id=signoff.pk, route=signoff.route, slots=tuple(slot.pk for slot in mine), office=office,
                label=mine[0].label, empty=rules.empty_of(signoff), after=mine[0].principal,
            )  # fmt: skip
            recording.record(signoff, fact, SYSTEM, at)


def _place(signoff: Signoff, slots: Sequence[Slot], at: datetime) -> list[Slot]:
    if Scope.objects.filter(pk=signoff.scope_id, secrecy__in=HIDDEN).exists():
        return []
    waiting = [slot for slot in slots if slot.state == SlotState.PENDING and slot.moved in BY_ITSELF]
    wanted = {slot.office: rules.in_place_of(slot, signoff, at) or NOBODY for slot in waiting}
    return [slot for slot in waiting if _ask(signoff, slot, wanted[slot.office], at)]


def _ask(signoff: Signoff, slot: Slot, found: StandIn, at: datetime) -> bool:
    """Write down who is asked, and let who stands in read what he decides on. Whether anything changed."""
    office, before = slot.office, slot.principal
    after = found.principal or office
    if after == before:
        return False
    if slot.moved:
        access.dismiss(signoff.scope_id, before, role=Role.READER, via=f"{VIA}:{signoff.pk}", at=at)
    slot.principal, slot.by_rule = after, dict(found.line)
    slot.instead_of = office if found.principal else ""
    slot.moved = Moved.NOT if not found.principal else Moved.DEPUTY if found.line else Moved.SUPERIOR
    if found.principal:
        let_read(signoff, after, at)
    slot.save(update_fields=["principal", "instead_of", "moved", "by_rule"])
    return True


@transaction.atomic
def escalate(signoff_id: int, key: str, *, to_pmo: bool, at: datetime) -> int:
    """Nobody answered in time for a party (T29): the next superior is asked as well as the office, at last the PMO.

    The machine's act, never a decision. Records `SlotsPlaced` with `why` LATE; nothing when nobody higher is left.
    """
    signoff, slots = recording.locked(signoff_id)
    late = [slot for slot in slots if slot.key == key and slot.state == SlotState.PENDING]
    if signoff.state != SignoffState.OPEN or not late:
        return 0
    office, before = late[0].office, late[0].principal
    asked = organisation.holders_of([office], at).get(office, frozenset[int]())
    besides = organisation.away_today(at) | asked | {signoff.author_id or 0}
    after = principals.PMO if to_pmo else organisation.superior_office(office, besides=besides, at=at)
    if after in {before, office} or before == principals.PMO:
        return 0
    for slot in late:
        slot.principal, slot.instead_of, slot.moved, slot.by_rule = after, office, Moved.LATE, {}
        slot.save(update_fields=["principal", "instead_of", "moved", "by_rule"])
    let_read(signoff, after, at)
    fact = facts.SlotsPlaced(
        signoff_id=signoff.pk, route=signoff.route, slots=tuple(slot.pk for slot in late), before=before, after=after,
        why=Moved.LATE, rule={}, reason="",
    )  # fmt: skip
    recording.record(signoff, fact, SYSTEM, at)
    return len(late)


def let_read(signoff: Signoff, principal: str, at: datetime) -> None:
    """Who is asked reads what it is about."""
    via = f"{VIA}:{signoff.pk}"
    access.admit(signoff.scope_id, principal, role=Role.READER, level=Level.READ, via=via, at=at)


def may_be_told(signoff: Signoff, people: Collection[int], at: datetime) -> bool:
    """Who signs may show what is not secret to whom he asks; what is secret only to who reads it anyway."""
    if not Scope.objects.filter(pk=signoff.scope_id, secrecy__in=HIDDEN).exists():
        return True
    return are_readers(signoff, people, at)


def are_readers(signoff: Signoff, people: Collection[int], at: datetime) -> bool:
    actors = [organisation.actor_now(pk, at) for pk in people]
    return all(actor and reading.levels(actor, [signoff.scope_id], at=at) for actor in actors)


def signoffs_to_place(at: datetime) -> list[int]:
    """The open sign-offs in which somebody else may have to be asked: an office that nobody besides the author is here
    to hold, or a stand-in who may be needed no longer. A fixed number of queries."""
    pending = Slot.objects.filter(state=SlotState.PENDING, signoff__state=SignoffState.OPEN)
    known = Q(moved__in=[Moved.DEPUTY, Moved.SUPERIOR]) | Q(vacant_at__isnull=False)
    moved = set(pending.filter(known).values_list("signoff", flat=True))
    asked = pending.filter(moved=Moved.NOT)
    pairs = set(asked.values_list("principal", "signoff__author").order_by().distinct())
    empty = _unmanned(pairs, at)
    rows = asked.filter(principal__in={office for office, _ in empty}).values_list(
        "signoff", "principal", "signoff__author"
    )
    return sorted(moved | {pk for pk, office, author in rows if (office, author) in empty})


def _unmanned(pairs: Iterable[tuple[str, int | None]], at: datetime) -> set[tuple[str, int | None]]:
    held, away = organisation.holders_of({office for office, _ in pairs}, at), organisation.away_today(at)
    return {(office, author) for office, author in pairs if office in held and not held[office] - away - {author}}
