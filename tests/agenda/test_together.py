"""A calendar changes while somebody counts by it."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from bihuan.agenda import operations
from bihuan.agenda.models import Recount
from bihuan.agenda.operations import Change
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import operations as organisation
from bihuan.organisation.operations import DayValues
from bihuan.outbox import operations as outbox
from bihuan.worker import jobs
from tests.approvals.cast import AT, make_cast
from tests.deadlines.running import begin

pytestmark = pytest.mark.django_db(transaction=True)
CLOSED = date(2026, 11, 23)


def close_a_day() -> None:
    organisation.set_day(
        None, day=CLOSED, values=DayValues(kind="CLOSED"), seen_revision=0, actor=SYSTEM, at=AT
    )  # fmt: skip


@pytest.mark.parametrize("fenced", [True, False])
def test_what_is_counted_by_the_old_calendar_and_committed_behind_its_change_is_counted_anew(
    fenced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite, where one writes after the other, it is committed before the change. On PostgreSQL it is lost when
    nobody asks who is counting: the fault that has to show."""
    assert jobs.recount is not None
    overlaps = connection.vendor == "postgresql"
    if not fenced:
        monkeypatch.setattr("bihuan.deadlines.operations.is_anybody_counting", lambda: False)
    cast = make_cast()
    has_counted, may_commit = Event(), Event()

    def begin_slowly() -> None:
        with transaction.atomic():
            begin(cast)
            has_counted.set()
            assert may_commit.wait(30)
        connection.close()

    slow = Thread(target=begin_slowly)
    slow.start()
    assert has_counted.wait(30)
    if not overlaps:
        may_commit.set()
        slow.join(30)
    late = begin(cast, subject=SubjectRef("signoff", 6), root=SubjectRef("collaboration", 78))
    operations.change_calendar(Change(close_a_day, {}, None, "closed"), seen=None, actor=SYSTEM, at=AT)
    if overlaps:
        outbox.run_once(at=AT, limit=5)
        moved = timedelta(days=0 if fenced else 1)
        assert (bool(Recount.objects.get().last_id), Deadline.objects.get().due_at) == (not fenced, late.due_at + moved)
        may_commit.set()
        slow.join(30)
    for wait in (0, 10, 20):
        outbox.run_once(at=AT + timedelta(seconds=wait), limit=50)
    is_lost = overlaps and not fenced
    assert Recount.objects.get().moved == (1 if is_lost else 2)
    found = set(Deadline.objects.values_list("due_at", flat=True))
    assert found == {late.due_at + timedelta(days=1)} | ({late.due_at} if is_lost else set())
