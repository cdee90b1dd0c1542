"""A key of somebody outside: done once, answered the same for ever, the effect and the answer together."""

import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection

from bihuan.kernel.errors import NotFound
from bihuan.outbox import operations
from bihuan.outbox.errors import BeingAnswered, KeyReused
from bihuan.outbox.models import Delivery, Promised
from bihuan.outbox.operations import Answer

COMMITTED = pytest.mark.django_db(transaction=True)


def effect(at):
    def act() -> Answer:
        operations.post("test.once", {}, at=at)
        return Answer(201, '{"id":1}')

    return act


def ask(at, act, *, caller="p:1", key="key-0001", asked="a" * 64):
    return operations.once(caller=caller, key=key, asked=asked, at=at, act=act)


@pytest.mark.django_db
def test_the_second_time_nothing_is_done_and_the_answer_is_the_same(at):
    first, second = ask(at, effect(at)), ask(at, effect(at))
    assert first == Answer(201, '{"id":1}')
    assert second == Answer(201, '{"id":1}', is_replay=True)
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_another_request_under_the_key_is_refused_and_writes_nothing(at):
    ask(at, effect(at))
    with pytest.raises(KeyReused):
        ask(at, effect(at), asked="b" * 64)
    assert (Delivery.objects.count(), Promised.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_keys_belong_to_their_callers(at):
    ask(at, effect(at))
    assert ask(at, effect(at), caller="p:2", asked="b" * 64).is_replay is False


@pytest.mark.django_db
def test_a_refusal_leaves_neither_effect_nor_key(at):
    def refused() -> Answer:
        operations.post("test.once", {}, at=at)
        raise NotFound

    with pytest.raises(NotFound):
        ask(at, refused)
    assert (Delivery.objects.count(), Promised.objects.count()) == (0, 0)
    assert ask(at, effect(at)).is_replay is False


@pytest.mark.django_db
def test_old_answers_are_forgotten(at):
    ask(at, effect(at))
    assert operations.forget_answers(before=at) == 0
    assert operations.forget_answers(before=at + timedelta(seconds=1)) == 1
    assert ask(at, effect(at)).is_replay is False


@COMMITTED
def test_while_one_is_at_work_the_same_key_is_told_to_wait(at):
    is_inside, may_go_on = threading.Event(), threading.Event()

    def slow() -> Answer:
        is_inside.set()
        assert may_go_on.wait(10)
        return effect(at)()

    with in_thread(lambda: ask(at, slow)) as first:
        assert is_inside.wait(10)
        with pytest.raises(BeingAnswered):
            ask(at, effect(at))
        may_go_on.set()
    assert first == [Answer(201, '{"id":1}')]
    assert ask(at, effect(at)).is_replay is True
    assert Delivery.objects.count() == 1


@COMMITTED
def test_another_process_waits_for_the_first_one_and_answers_the_same(at, monkeypatch):
    """The memory of this process does not help there: the database decides."""
    monkeypatch.setattr(operations, "_in_hand", lambda caller, key: nullcontext())
    is_inside, may_go_on = threading.Event(), threading.Event()

    def slow() -> Answer:
        is_inside.set()
        assert may_go_on.wait(10)
        return effect(at)()

    with in_thread(lambda: ask(at, slow)) as first:
        assert is_inside.wait(10)
        with in_thread(lambda: ask(at, effect(at))) as second:
            threading.Timer(0.3, may_go_on.set).start()
    assert first == [Answer(201, '{"id":1}')]
    assert second == [Answer(201, '{"id":1}', is_replay=True)]
    assert Delivery.objects.count() == 1


class in_thread:  # noqa: N801  reads as a word of the test
    """Run it beside the block; what it returned, or raised, is in the list afterwards."""

    def __init__(self, run):
        self.said = []
        self.thread = threading.Thread(target=self._run, args=(run,))

    def _run(self, run):
        try:
            self.said.append(run())
        except Exception as raised:  # noqa: BLE001  shown by the assertion
            self.said.append(raised)
        finally:
            connection.close()

    def __enter__(self):
        self.thread.start()
        return self.said

    def __exit__(self, *_):
        self.thread.join(20)
