"""Several workers look at the same moment, and one is held up between its claim and its effect."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, transaction

from bihuan.deadlines import operations
from bihuan.deadlines.enums import Level
from bihuan.deadlines.errors import Fenced
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import scanning
from bihuan.kernel.subjects import SubjectRef
from tests.approvals.cast import ROOT, facts_named, make_cast
from tests.deadlines.running import begin, instant

pytestmark = pytest.mark.django_db(transaction=True)
LATE = instant("2026-12-10 09:00")
WORKERS, MATTERS, EACH = 3, 4, 5


def look_until_nothing_is_due(barrier: Barrier) -> None:
    """As the worker does: what it could not have this time it asks for again."""
    barrier.wait()
    try:
        while Deadline.objects.filter(next_at__lte=LATE).exists():
            try:
                operations.scan(at=LATE, limit=4)
            except OperationalError:
                continue
    finally:
        connection.close()


def test_each_is_told_once_however_many_workers_look() -> None:
    cast = make_cast()
    for number in range(MATTERS * EACH):
        root = SubjectRef(ROOT.kind, ROOT.id + number % MATTERS)
        begin(cast, subject=SubjectRef("signoff", number), root=root)
    barrier = Barrier(WORKERS)
    threads = [Thread(target=look_until_nothing_is_due, args=(barrier,)) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    told = Counter(fact["deadline_id"] for fact in facts_named("deadlines.deadline.warned"))
    assert told == dict.fromkeys(Deadline.objects.values_list("pk", flat=True), 1)
    assert set(Deadline.objects.values_list("level", "next_at", "fence")) == {(Level.RED_PLUS, None, 1)}


def test_what_another_worker_told_between_look_and_claim_is_left_alone() -> None:
    begin(make_cast())
    seen = scanning._due(LATE, 10)
    assert operations.scan(at=LATE) == 1
    before = Deadline.objects.values().get()
    assert (len(seen), scanning._climb(seen, LATE)) == (1, 0)
    assert Deadline.objects.values().get() == before


def test_whoever_was_held_up_after_the_claim_changes_nothing() -> None:
    made = begin(make_cast())
    with transaction.atomic():
        (held,) = scanning._claimed([made.pk], LATE)
    assert operations.scan(at=LATE) == 1
    before = Deadline.objects.values().get()
    with pytest.raises(Fenced), transaction.atomic():
        scanning._write([held], {held.pk: Level.RED}, LATE + timedelta(days=1))
    assert Deadline.objects.values().get() == before
