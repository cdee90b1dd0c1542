"""What must hold of the outbox, as plain functions. `tests/planted` breaks the product and sees them turn red."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction

from bihuan.outbox import jobs, operations
from bihuan.outbox.enums import State
from bihuan.outbox.models import Delivery
from bihuan.outbox.policy import LEASE


@contextmanager
def job_for(topic: str, handle: jobs.Job) -> Iterator[None]:
    jobs.job(topic)(handle)
    try:
        yield
    finally:
        del jobs._JOBS[topic]


def leave_mark(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """An effect in the database that would show if it happened twice: a row of its own."""
    count = Session.objects.filter(session_key__startswith=f"{payload['mark']}-").count()
    Session.objects.create(session_key=f"{payload['mark']}-{count}", session_data="", expire_date=at)


def marks() -> Counter[str]:
    return Counter(key.split("-")[0] for key in Session.objects.values_list("session_key", flat=True))


def post_marks(count: int, at: datetime) -> None:
    for number in range(count):
        operations.post("tests.mark", {"mark": f"m{number}"}, at=at)


def in_threads(count: int, act: Callable[[], object]) -> list[BaseException]:
    """Run `act` in several threads that begin together; what they raised."""
    errors: list[BaseException] = []
    barrier = Barrier(count)

    def run() -> None:
        try:
            barrier.wait(10)
            act()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def check_two_workers_do_each_delivery_exactly_once(at: datetime, *, deliveries: int = 30) -> None:
    with job_for("tests.mark", leave_mark):
        post_marks(deliveries, at)
        assert in_threads(2, lambda: operations.run_once(at=at)) == []
    assert marks() == Counter({f"m{number}": 1 for number in range(deliveries)})
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.DONE, 1)}


def check_a_failed_job_leaves_no_effect_and_is_tried_again(at: datetime) -> None:
    def fail_once(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
        leave_mark(payload, at, delivery_id)
        if Delivery.objects.get(key=delivery_id).attempts == 1:
            raise ConnectionError("仓库 is away")

    with job_for("tests.mark", fail_once):
        post_marks(1, at)
        assert operations.run_once(at=at) == 1
        row = Delivery.objects.get()
        assert (row.state, row.attempts, row.next_at, row.lease_until) == (
            State.PENDING, 1, at + timedelta(seconds=5), None,
        )  # fmt: skip
        assert row.last_error.endswith("ConnectionError: 仓库 is away\n")
        assert marks() == Counter()
        assert operations.run_once(at=at + timedelta(seconds=4)) == 0
        assert operations.run_once(at=at + timedelta(seconds=5)) == 1
    assert marks() == Counter({"m0": 1})
    assert Delivery.objects.get().state == State.DONE


def check_a_killed_worker_s_delivery_is_taken_up_when_the_lease_ends(at: datetime) -> None:
    with job_for("tests.mark", leave_mark):
        post_marks(1, at)
        assert operations.claim_next(at=at) is not None  # and then the process is gone
        assert operations.run_once(at=at + LEASE - timedelta(seconds=1)) == 0
        assert operations.run_once(at=at + LEASE) == 1
    assert marks() == Counter({"m0": 1})


def check_a_late_worker_is_fenced(at: datetime) -> None:
    """The first worker wakes after its lease is over and another has the delivery: its effect is undone."""
    with job_for("tests.mark", leave_mark):
        post_marks(1, at)
        late = operations.claim_next(at=at)
        assert late is not None
        other = operations.claim_next(at=at + LEASE)
        assert other is not None
        assert (late.token, other.token) == (1, 2)
        assert operations.carry_out(late, at=at + LEASE) is False
        assert marks() == Counter()
        assert operations.carry_out(other, at=at + LEASE) is True
        assert operations.carry_out(late, at=at + LEASE) is False
    assert marks() == Counter({"m0": 1})
    assert Delivery.objects.get().state == State.DONE


def check_a_late_failure_does_not_disturb_the_new_owner(at: datetime) -> None:
    post_marks(1, at)
    late = operations.claim_next(at=at)
    other = operations.claim_next(at=at + LEASE)
    assert late is not None
    assert other is not None
    operations.note_failure(late, RuntimeError("late"), at=at + LEASE)
    row = Delivery.objects.get()
    assert (row.last_error, row.lease_until) == ("", at + LEASE + LEASE)


def check_a_delivery_is_given_up_after_the_last_attempt(at: datetime) -> None:
    def fail(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
        raise ConnectionError("away")

    with job_for("tests.mark", fail):
        post_marks(1, at)
        pauses = []
        while (row := Delivery.objects.get()).state == State.PENDING:
            pauses.append(int((row.next_at - at).total_seconds()))
            at = row.next_at
            assert operations.run_once(at=at) == 1
    assert pauses == [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600]
    assert (row.state, row.attempts) == (State.DEAD, 15)
    assert operations.run_once(at=at + timedelta(days=30)) == 0


def check_a_delivery_exists_exactly_when_the_change_committed(at: datetime) -> None:
    def change(*, fails: bool) -> None:
        with transaction.atomic():
            Session.objects.create(session_key=f"change{fails}", session_data="", expire_date=at)
            posted = Delivery.objects.count()
            operations.post("tests.mark", {"mark": "x"}, at=at)
            assert Delivery.objects.count() == posted + 1
            if fails:
                raise ArithmeticError

    change(fails=False)
    with suppress(ArithmeticError):
        change(fails=True)
    assert (Session.objects.count(), Delivery.objects.count()) == (1, 1)


def check_a_worker_killed_at_any_statement_loses_and_doubles_nothing(at: datetime) -> None:
    """kill -9 before the first statement of an attempt, before the second, … until one attempt survives."""
    with job_for("tests.mark", leave_mark):
        for statement in range(1, 20):
            at += LEASE
            operations.post("tests.mark", {"mark": f"m{statement}"}, at=at)
            survived = in_a_process_killed_at(statement, lambda at=at: operations.run_once(at=at))
            at += LEASE
            operations.run_once(at=at)
            assert marks()[f"m{statement}"] == 1
            if survived:
                break
    assert survived
    assert statement > 4
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DONE}


def in_a_process_killed_at(statement: int, act: Callable[[], object]) -> bool:
    """Run `act` in a child that kills itself instead of sending its nth statement. True when it came to the end."""
    connections.close_all()  # a child must not touch its parent's connection
    child = os.fork()
    if child == 0:
        sent = iter(range(1, statement))

        def count(execute: Callable[..., object], *arguments: object) -> object:
            if next(sent, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*arguments)

        try:
            with connection.execute_wrapper(count):
                act()
        except BaseException:  # noqa: BLE001  the child is a copy of the whole test run and must not go on with it
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status == 0


ALL = [
    check_a_worker_killed_at_any_statement_loses_and_doubles_nothing,
    check_two_workers_do_each_delivery_exactly_once,
    check_a_failed_job_leaves_no_effect_and_is_tried_again,
    check_a_killed_worker_s_delivery_is_taken_up_when_the_lease_ends,
    check_a_late_worker_is_fenced,
    check_a_late_failure_does_not_disturb_the_new_owner,
    check_a_delivery_is_given_up_after_the_last_attempt,
    check_a_delivery_exists_exactly_when_the_change_committed,
]
