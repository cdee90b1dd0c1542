"""The worker: posts what is due, warns of deadlines, drains the outbox, sleeps until something comes."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connections

from bihuan.deadlines import operations as deadlines
from bihuan.ledger.enums import KeyState
from bihuan.ledger.rotation import key_state
from bihuan.ledger.sealing import seal_all
from bihuan.outbox import operations as outbox
from bihuan.outbox import waking
from bihuan.worker import periodic
from bihuan.worker.clock import database_now
from bihuan.worker.jobs import register_jobs_of_rooms

log = logging.getLogger(__name__)
PAUSE = 1.0
PAUSE_AFTER_ERROR = 5.0
BATCH = 20
LONG, BREATH = 0.1, 0.25  # seconds
KEPT = timedelta(days=7)


def register_own_jobs() -> None:
    """What no room but the worker itself can ask for."""
    periodic.register("ledger.seal", every=timedelta(seconds=60), run=seal_what_grew)
    periodic.register("outbox.forget_done", every=timedelta(hours=1), run=forget_done)
    register_jobs_of_rooms()


def seal_what_grew(at: datetime) -> None:
    """A key that is gone does not come back by trying: `bihuan doctor` and the page of evidence say so instead."""
    if key_state() in {KeyState.LOST, KeyState.REPLACED}:
        log.error("nothing is sealed: the key in the data directory is not the one the ledger knows")
        return
    seal_all(at=at)


def forget_done(at: datetime) -> int:
    return outbox.forget_done(before=at - KEPT) + outbox.forget_answers(before=at - KEPT)


class Worker:
    """One loop in one thread. `stop` may be called from any thread and from a signal handler."""

    def __init__(self) -> None:
        self._bell, self._outer_bell = threading.Event(), threading.Event()
        self._stopping = threading.Event()
        self._posted: dict[str, datetime] = {}

    def stop(self) -> None:
        self._stopping.set()
        self._bell.set()
        self._outer_bell.set()

    def run(self) -> None:
        """Work until stopped. A database that is away is asked again later.

        What waits for other machines has a thread of its own, so that a slow one holds up nothing here.
        """
        register_own_jobs()
        sender = threading.Thread(target=self._rounds, args=(self._outer_bell, self._send), name="sender", daemon=True)
        sender.start()
        try:
            self._rounds(self._bell, self._work)
        finally:
            sender.join(PAUSE_AFTER_ERROR)  # a server that does not answer is left alone; the lease ends by itself

    def _rounds(self, bell: threading.Event, work: Callable[[], int]) -> None:
        waking.hang(bell)
        try:
            while not self._stopping.is_set():
                bell.wait(self._pause_after(work, bell))
        finally:
            waking.remove(bell)
            connections.close_all()

    def drain(self) -> int:
        """Do what is due now and return how many deadlines were told and deliveries tried."""
        register_own_jobs()
        done = 0
        while batch := self._work() + self._send():
            done += batch
        return done

    def _pause_after(self, work: Callable[[], int], bell: threading.Event) -> float:
        bell.clear()
        try:
            close_old_connections()
            return 0.0 if work() else PAUSE
        except Error as error:
            log.warning("the database did not answer: %s", error)
            connections.close_all()
            return PAUSE_AFTER_ERROR

    def _work(self) -> int:
        """One batch of deadlines and one of deliveries; stops between two deliveries when asked to."""
        at = database_now()
        periodic.tick(at=at, posted=self._posted)
        warned = deadlines.scan(at=at)
        for tried in range(BATCH):
            began = time.monotonic()
            if self._stopping.is_set() or not outbox.run_once(at=database_now(), limit=1, outside=False):
                return warned + tried
            self._let_others_in(time.monotonic() - began)
        return warned + BATCH

    def _send(self) -> int:
        return 0 if self._stopping.is_set() else outbox.run_once(at=database_now(), limit=1, outside=True)

    def _let_others_in(self, seconds: float) -> None:
        """SQLite lets whoever asks again at once in before those who wait, until these give up."""
        if seconds > LONG:
            self._stopping.wait(min(seconds, BREATH))
