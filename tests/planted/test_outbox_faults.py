"""An outbox that marks first, does not fence, does not lease: each check must notice."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from bihuan.outbox import operations
from bihuan.outbox.enums import State
from bihuan.outbox.models import Delivery
from bihuan.outbox.operations import Claim
from tests.outbox import checks

Patch = pytest.MonkeyPatch
Check = Callable[[datetime], None]
pytestmark = pytest.mark.django_db(transaction=True)


def read_then_write(monkeypatch: Patch) -> None:
    """Look for a delivery first, take it afterwards: two workers take the same one."""

    def claim_next(*, at: datetime) -> Claim | None:
        row = Delivery.objects.filter(state=State.PENDING, next_at__lte=at).order_by("id").first()
        if row is None:
            return None
        Delivery.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
        return Claim(row.pk, row.attempts + 1, row.last_attempt, row.topic, row.key, row.payload)

    monkeypatch.setattr(operations, "claim_next", claim_next)
    do_not_fence(monkeypatch)


def do_not_fence(monkeypatch: Patch) -> None:
    def finish(claim: Claim, *, at: datetime) -> None:
        Delivery.objects.filter(pk=claim.id).update(state=State.DONE, done_at=at)

    monkeypatch.setattr(operations, "finish", finish)


def do_not_fence_failures(monkeypatch: Patch) -> None:
    def note_failure(claim: Claim, error: Exception, *, at: datetime) -> None:
        Delivery.objects.filter(pk=claim.id).update(last_error=str(error), lease_until=None)

    monkeypatch.setattr(operations, "note_failure", note_failure)


def mark_first(monkeypatch: Patch) -> None:
    """Done before it is done: what dies in between is lost."""
    claim_next = operations.claim_next

    def claim_and_mark(*, at: datetime) -> Claim | None:
        claim = claim_next(at=at)
        if claim is not None:
            Delivery.objects.filter(pk=claim.id).update(state=State.DONE)
        return claim

    monkeypatch.setattr(operations, "claim_next", claim_and_mark)


def effect_outside_the_transaction(monkeypatch: Patch) -> None:
    def attempt(claim: Claim, *, at: datetime) -> None:
        operations.job_for(claim.topic)(operations.payload_of(claim.payload), at, claim.key)
        with transaction.atomic():
            operations.finish(claim, at=at)

    monkeypatch.setattr(operations, "attempt", attempt)


def never_give_up(monkeypatch: Patch) -> None:
    def note_failure(claim: Claim, error: Exception, *, at: datetime) -> None:
        delay = operations.policy.delay_after(claim.token, claim.last_attempt)
        Delivery.objects.filter(pk=claim.id).update(
            next_at=at + delay,
            lease_until=None,
            state=State.DEAD if claim.token > claim.last_attempt else State.PENDING,
        )

    monkeypatch.setattr(operations, "note_failure", note_failure)


def post_after_the_commit(monkeypatch: Patch) -> None:
    """Whoever dies between the commit and the posting loses the delivery."""
    post = operations.post

    def late(topic: str, payload: dict[str, str], *, at: datetime) -> None:
        transaction.on_commit(lambda: post(topic, payload, at=at))

    monkeypatch.setattr(operations, "post", late)


PLANTED: list[tuple[Check, Callable[[Patch], None]]] = [
    (checks.check_a_worker_killed_at_any_statement_loses_and_doubles_nothing, mark_first),
    (checks.check_a_worker_killed_at_any_statement_loses_and_doubles_nothing, effect_outside_the_transaction),
    (checks.check_two_workers_do_each_delivery_exactly_once, read_then_write),
    (checks.check_a_failed_job_leaves_no_effect_and_is_tried_again, effect_outside_the_transaction),
    (checks.check_a_killed_worker_s_delivery_is_taken_up_when_the_lease_ends, mark_first),
    (checks.check_a_late_worker_is_fenced, do_not_fence),
    (checks.check_a_late_failure_does_not_disturb_the_new_owner, do_not_fence_failures),
    (checks.check_a_delivery_is_given_up_after_the_last_attempt, never_give_up),
    (checks.check_a_delivery_exists_exactly_when_the_change_committed, post_after_the_commit),
]


@pytest.mark.parametrize(("check", "plant"), PLANTED, ids=lambda value: value.__name__)
def test_an_outbox_that_is_careless_turns_the_check_red(
    check: Check, plant: Callable[[Patch], None], at: datetime, monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        check(at)


def test_every_check_of_the_outbox_has_a_planted_fault() -> None:
    assert {check for check, _ in PLANTED} == set(checks.ALL)
