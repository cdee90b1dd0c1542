"""Faults planted into signing; the race tests must turn red."""

import threading

import pytest

from bench import signing_races
from bihuan.approvals import operations
from bihuan.approvals.enums import SlotState
from bihuan.approvals.errors import SignoffClosed, StaleSlot
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import deciding, recording
from tests.approvals import test_races as races
from tests.approvals.cast import make_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.planted]


@pytest.fixture
def read_before(monkeypatch):
    """The reading that every careless implementation does: before the transaction, both at the same moment."""
    both_have_read = threading.Barrier(2)
    real_decide, real_void = operations.decide, operations.void
    seen = threading.local()

    def remember(signoff_id):
        seen.rows = Signoff.objects.get(pk=signoff_id), list(Slot.objects.filter(signoff=signoff_id).order_by("pk"))
        both_have_read.wait(timeout=20)

    def decide(slot, **arguments):
        remember(slot.signoff_id)
        return real_decide(slot, **arguments)

    def void(signoff, **arguments):
        if arguments["reason"] == "撤回":
            remember(signoff.pk)
        return real_void(signoff, **arguments)

    monkeypatch.setattr(operations, "decide", decide)
    monkeypatch.setattr(operations, "void", void)
    monkeypatch.setattr(recording, "locked", lambda *_known: seen.rows)


def take_without_looking(slot, changes):
    if slot.state != SlotState.PENDING:
        raise StaleSlot
    Slot.objects.filter(pk=slot.pk).update(**changes)


def close_without_looking(signoff, state, at):
    if signoff.state != "OPEN":
        raise SignoffClosed
    Signoff.objects.filter(pk=signoff.pk).update(state=state, closed_at=at)
    Slot.objects.filter(signoff_id=signoff.pk, state=SlotState.PENDING).update(state=SlotState.VOID)


def test_read_then_write_lets_one_person_sign_twice(read_before, monkeypatch):
    monkeypatch.setattr(deciding, "_take", take_without_looking)
    with pytest.raises(AssertionError):
        races.check_one_person_approving_twice_counts_once(make_cast())


def test_without_the_lock_the_last_two_signatures_leave_it_open(read_before):
    with pytest.raises(AssertionError):
        races.check_the_two_last_signatures_close_it(make_cast())


def test_read_then_write_lets_approval_and_withdrawal_both_win(read_before, monkeypatch):
    monkeypatch.setattr(deciding, "_take", take_without_looking)
    monkeypatch.setattr(recording, "close", close_without_looking)
    with pytest.raises(AssertionError):
        races.check_approval_and_withdrawal_do_not_both_win(make_cast())


def test_reading_before_the_lock_and_writing_without_looking_leaves_pairs_that_no_order_explains(monkeypatch):
    signing_races.plant(monkeypatch.setattr)
    with pytest.raises(AssertionError):
        races.check_each_pair_is_explained_by_one_of_its_orders(make_cast(), 20)
