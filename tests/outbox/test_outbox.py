from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from bihuan.kernel.errors import NotFound
from bihuan.outbox import jobs, operations, queries, waking
from bihuan.outbox.enums import State
from bihuan.outbox.errors import NotDead, NotNow
from bihuan.outbox.models import Delivery
from bihuan.outbox.policy import LEASE, MOST_ATTEMPTS
from tests.outbox import checks

COMMITTED = pytest.mark.django_db(transaction=True)


@COMMITTED
@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_nothing_is_lost_and_nothing_happens_twice(check: Callable[[datetime], None], at: datetime) -> None:
    check(at)


@pytest.mark.django_db
def test_a_posted_key_is_owed_once(at: datetime) -> None:
    first = operations.post("t", {"n": 1}, at=at, key="report:1")
    second = operations.post("t", {"n": 2}, at=at, key="report:1")
    assert first.pk == second.pk
    assert Delivery.objects.get().payload == '{"n":1}'


@pytest.mark.django_db
def test_a_delivery_is_not_due_before_its_instant(at: datetime) -> None:
    operations.post("t", {}, at=at, not_before=at + timedelta(hours=1))
    assert operations.run_once(at=at + timedelta(minutes=59)) == 0
    assert queries.backlog(at) == queries.Backlog(pending=1, due=0, oldest_due=None, dead=0)
    assert queries.backlog(at + timedelta(hours=1)).oldest_due == at + timedelta(hours=1)


@pytest.mark.django_db
def test_the_oldest_due_delivery_comes_first(at: datetime) -> None:
    operations.post("t", {}, at=at, key="later", not_before=at + timedelta(seconds=1))
    operations.post("t", {}, at=at, key="sooner")
    claims = [operations.claim_next(at=at + timedelta(minutes=1)) for _ in range(3)]
    assert [claim and claim.key for claim in claims] == ["sooner", "later", None]


@pytest.mark.django_db
def test_a_topic_without_a_job_fails_aloud(at: datetime) -> None:
    operations.post("nobody", {}, at=at)
    operations.run_once(at=at)
    assert Delivery.objects.get().last_error.endswith("UnknownTopic: nobody\n")


@pytest.mark.django_db
def test_a_delivery_that_kills_its_worker_each_time_is_given_up(at: datetime) -> None:
    operations.post("t", {}, at=at)
    for _ in range(MOST_ATTEMPTS):
        assert operations.claim_next(at=at) is not None
        at += LEASE
    operations.run_once(at=at)
    row = Delivery.objects.get()
    assert (row.state, row.last_error.splitlines()[-1]) == (
        State.DEAD, "bihuan.outbox.errors.EveryAttemptDied",
    )  # fmt: skip


@pytest.mark.django_db
def test_what_has_to_wait_uses_up_no_attempt(at: datetime) -> None:
    later = at + timedelta(hours=2)

    def wait(_payload: Mapping[str, Any], now: datetime, _key: str) -> None:
        if now < later:
            raise NotNow(later)

    with checks.job_for("tests.wait", wait):
        operations.post("tests.wait", {}, at=at)
        operations.run_once(at=at)
        row = Delivery.objects.get()
        assert (row.state, row.next_at, row.lease_until, row.last_error) == (State.PENDING, later, None, "")
        assert row.last_attempt - row.attempts == MOST_ATTEMPTS
        operations.run_once(at=later)
    assert Delivery.objects.get().state == State.DONE


@pytest.mark.django_db
def test_a_dead_letter_is_seen_and_owed_again_with_all_its_attempts(at: datetime) -> None:
    key = operations.post("t", {"n": 1}, at=at).key
    Delivery.objects.update(state=State.DEAD, attempts=15, last_error="boom")
    assert [(card.id, card.attempts, card.payload) for card in queries.dead_letters()] == [(key, 15, {"n": 1})]
    later = at + timedelta(days=1)
    row = operations.replay(key, at=later)
    assert (row.state, row.attempts, row.last_attempt, row.next_at) == (State.PENDING, 15, 30, later)
    operations.run_once(at=later)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.next_at) == (State.PENDING, 16, later + timedelta(seconds=5))


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.PENDING, State.DONE])
def test_only_a_dead_letter_is_replayed(at: datetime, state: State) -> None:
    key = operations.post("t", {}, at=at).key
    Delivery.objects.update(state=state)
    before = list(Delivery.objects.values())
    with pytest.raises(NotDead):
        operations.replay(key, at=at)
    with pytest.raises(NotFound):
        operations.replay("nothing", at=at)
    assert list(Delivery.objects.values()) == before


@pytest.mark.django_db
def test_only_what_was_done_long_ago_is_forgotten(at: datetime) -> None:
    for state, done_at in ((State.DONE, at), (State.DONE, at - timedelta(days=8)), (State.DEAD, None)):
        Delivery.objects.filter(pk=operations.post("t", {}, at=at).pk).update(state=state, done_at=done_at)
    assert operations.forget_done(before=at - timedelta(days=7)) == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["DEAD", "DONE"]


@COMMITTED
def test_the_bell_rings_when_the_change_commits_and_not_before(at: datetime) -> None:
    bell = Event()
    waking.hang(bell)
    try:
        with transaction.atomic():
            operations.post("t", {}, at=at)
            assert not bell.is_set()
        assert bell.is_set()
    finally:
        waking.remove(bell)


def test_a_topic_has_one_job() -> None:
    with checks.job_for("tests.one", checks.leave_mark), pytest.raises(jobs.DuplicateTopic):
        jobs.job("tests.one")(lambda payload, at, delivery_id: None)
