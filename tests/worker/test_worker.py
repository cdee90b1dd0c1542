from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotFound
from bihuan.ledger.models import Entry, Seal
from bihuan.ledger.verification import verify
from bihuan.outbox import operations as outbox
from bihuan.outbox.enums import State
from bihuan.outbox.errors import NotDead
from bihuan.outbox.models import Delivery
from bihuan.outbox.policy import LEASE
from bihuan.worker import periodic
from bihuan.worker.clock import database_now
from bihuan.worker.loop import BREATH, LONG, Worker
from bihuan.worker.replaying import replay_delivery
from tests.ledger.facts import FIRST, note
from tests.outbox.checks import job_for
from tests.worker import checks

COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def runs() -> Iterator[list[datetime]]:
    done: list[datetime] = []
    periodic.register("tests.hourly", every=timedelta(hours=1), run=done.append)
    yield done
    periodic.unregister("tests.hourly")


@COMMITTED
def test_a_due_job_runs_once_with_several_workers(at: datetime) -> None:
    checks.check_a_due_job_runs_once_with_several_workers(at)


@pytest.mark.django_db
def test_a_job_runs_again_in_the_next_period_and_not_before(at: datetime, runs: list[datetime]) -> None:
    for minutes in (0, 30, 59, 60, 61):
        moment = at + timedelta(minutes=minutes)
        periodic.tick(at=moment, posted={})
        outbox.run_once(at=moment)
    assert runs == [at, at + timedelta(hours=1)]


@pytest.mark.django_db
def test_a_job_that_a_later_period_has_replaced_is_left_out(at: datetime, runs: list[datetime]) -> None:
    periodic.tick(at=at, posted={})
    outbox.run_once(at=at + timedelta(hours=3))
    assert (runs, Delivery.objects.get().state) == ([], State.DONE)


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_by_the_outbox(at: datetime) -> None:
    def fail(at: datetime) -> None:
        raise RuntimeError("no")

    periodic.register("tests.failing", every=timedelta(hours=1), run=fail)
    try:
        periodic.tick(at=at, posted={})
        outbox.run_once(at=at)
    finally:
        periodic.unregister("tests.failing")
    assert Delivery.objects.get(key__startswith="periodic:tests.failing").last_error.endswith("RuntimeError: no\n")


@pytest.mark.parametrize("every", [timedelta(0), timedelta(days=2)])
def test_a_period_is_longer_than_nothing_and_at_most_a_day(every: timedelta) -> None:
    with pytest.raises(ValueError, match=r"tests\.odd"):
        periodic.register("tests.odd", every=every, run=print)


@pytest.mark.django_db
def test_the_clock_is_the_database_s_and_aware() -> None:
    assert abs(database_now() - datetime.now(UTC)) < timedelta(seconds=5)


@COMMITTED
def test_a_running_worker_is_woken_by_a_commit_and_stops_when_told(at: datetime) -> None:
    done = Event()
    worker = Worker()
    thread = Thread(target=worker.run)
    with job_for("tests.ring", lambda payload, at, delivery_id: done.set()):
        thread.start()
        with transaction.atomic():
            outbox.post("tests.ring", {}, at=database_now())
        assert done.wait(5)
        worker.stop()
        thread.join(5)
    assert not thread.is_alive()
    assert Delivery.objects.get(topic="tests.ring").state == State.DONE


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "breaths"), [(LONG, []), (1.5 * LONG, [1.5 * LONG]), (2 * BREATH, [BREATH])])
def test_after_long_work_the_database_is_left_to_others(
    seconds: float, breaths: list[float], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, waited, elapsed = Worker(), list[float](), [0.0]
    monkeypatch.setattr("bihuan.worker.loop.time", SimpleNamespace(monotonic=lambda: elapsed[0]))
    monkeypatch.setattr(worker._stopping, "wait", waited.append)

    def work(_payload: Any, _at: datetime, _delivery_id: str) -> None:
        elapsed[0] += seconds

    with job_for("tests.long", work):
        outbox.post("tests.long", {}, at=at)
        worker.drain()
    assert waited == breaths


@COMMITTED
def test_a_worker_seals_the_ledger(at: datetime) -> None:
    note(FIRST, at)
    Worker().drain()
    assert Seal.objects.get().leaves == 1
    assert verify().problems == []
    assert Delivery.objects.filter(state=State.DONE, key__startswith="periodic:ledger.seal").count() == 1


@pytest.mark.django_db
def test_a_replayed_dead_letter_stands_in_the_ledger(at: datetime) -> None:
    row = outbox.post("t", {}, at=at)
    Delivery.objects.update(state=State.DEAD, attempts=15)
    replay_delivery(row.key, actor=SYSTEM, at=at + LEASE)
    entry = Entry.objects.select_related("body").get()
    assert (entry.name, entry.subject_kind, entry.subject_id) == ("outbox.delivery_replayed", "delivery", row.pk)
    assert entry.body.body == f'{{"attempts":15,"delivery_id":"{row.key}","topic":"t"}}'
    assert Delivery.objects.get().state == State.PENDING


@pytest.mark.django_db
def test_a_refused_replay_writes_nothing(at: datetime) -> None:
    row = outbox.post("t", {}, at=at)
    with pytest.raises(NotDead):
        replay_delivery(row.key, actor=SYSTEM, at=at)
    with pytest.raises(NotFound):
        replay_delivery("nothing", actor=SYSTEM, at=at)
    assert Entry.objects.count() == 0
