"""Two people, or one person twice, at the same moment. Each check is also run with a fault planted (tests/planted)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bench.signing_races import KINDS, race
from bihuan.approvals import operations
from bihuan.approvals.enums import Decision
from bihuan.approvals.errors import SignoffClosed, StaleSlot
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import SlotSpec
from bihuan.ledger.models import Entry
from tests.approvals.cast import AT, DIGEST, Cast, make_cast, open_for

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all acts at the same moment in threads of their own; what each came to, in their order."""
    start = threading.Barrier(len(acts))
    results = [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            act()
            results[place] = "done"
        except (StaleSlot, SignoffClosed) as refusal:
            results[place] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def two_slots(cast: Cast) -> Signoff:
    specs = (("m", cast.head_key), ("t", cast.other_key))
    slots = [SlotSpec(key=key, principal=principal, label=key, digest=DIGEST) for key, principal in specs]
    return open_for(cast, *slots)


def facts_recorded() -> int:
    return Entry.objects.exclude(name="approvals.signoff.opened").count()


def check_one_person_approving_twice_counts_once(cast: Cast) -> None:
    """AT18: two tabs, one signature, one fact, the second is told."""
    signoff = two_slots(cast)
    before, actor = facts_recorded(), cast.actor("head")

    def approve() -> None:
        slot = Slot.objects.get(signoff=signoff, key="m")
        operations.decide(slot, decision=Decision.APPROVE, seen_digest=DIGEST, actor=actor, at=AT)

    assert sorted(at_once(approve, approve)) == ["StaleSlot", "done"]
    assert facts_recorded() == before + 1
    assert Slot.objects.filter(signoff=signoff, state="APPROVED").count() == 1
    assert Signoff.objects.get(pk=signoff.pk).state == "OPEN"
    operations.void(signoff, reason="下一轮", actor=cast.actor("author"), at=AT)


def check_the_two_last_signatures_close_it(cast: Cast) -> None:
    """Neither of the two last signatories may think that the other one is still missing."""
    signoff = two_slots(cast)
    slots = {slot.key: slot for slot in signoff.slots.all()}
    head, other = cast.actor("head"), cast.actor("other_head")
    results = at_once(
        lambda: operations.decide(slots["m"], decision=Decision.APPROVE, seen_digest=DIGEST, actor=head, at=AT),
        lambda: operations.decide(slots["t"], decision=Decision.APPROVE, seen_digest=DIGEST, actor=other, at=AT),
    )
    assert results == ["done", "done"]
    assert Signoff.objects.get(pk=signoff.pk).state == "APPROVED"


def check_approval_and_withdrawal_do_not_both_win(cast: Cast) -> None:
    """Whoever comes first ends a sign-off of one slot; the other is told, and the two rows agree."""
    spec = SlotSpec(key="m", principal=cast.head_key, label="m", digest=DIGEST)
    signoff = open_for(cast, spec)
    slot, before = signoff.slots.get(), facts_recorded()
    head, author = cast.actor("head"), cast.actor("author")
    results = at_once(
        lambda: operations.decide(slot, decision=Decision.APPROVE, seen_digest=DIGEST, actor=head, at=AT),
        lambda: operations.void(signoff, reason="撤回", actor=author, at=AT),
    )
    assert sorted(results) == ["SignoffClosed", "done"]
    assert facts_recorded() == before + 1
    states = (Signoff.objects.get(pk=signoff.pk).state, Slot.objects.get(pk=slot.pk).state)
    assert states in {("APPROVED", "APPROVED"), ("VOID", "VOID")}


CHECKS = [
    check_one_person_approving_twice_counts_once,
    check_the_two_last_signatures_close_it,
    check_approval_and_withdrawal_do_not_both_win,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_who_comes_first_decides(check):
    cast = make_cast()
    for _round in range(ROUNDS):
        check(cast)


def check_each_pair_is_explained_by_one_of_its_orders(cast: Cast, rounds: int) -> None:
    """Approve against approve, withdraw, edit, reassign, escalate, as in `python -m bench.signing_races`."""
    both = threading.Barrier(2)

    def leave(_hand: int) -> None:
        both.wait(timeout=20)
        connection.close()

    with ThreadPoolExecutor(2) as hands:
        try:
            for number in range(rounds * len(KINDS)):
                found = race(cast, KINDS[number % len(KINDS)], hands, turned=number // len(KINDS) % 2)
                assert found.is_explained, found
        finally:
            list(hands.map(leave, range(2)))


def test_five_kinds_of_pairs_come_to_one_outcome():
    check_each_pair_is_explained_by_one_of_its_orders(make_cast(), 2)
