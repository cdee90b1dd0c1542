"""What is due is told: never early, never twice, never lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import scanning
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from tests.approvals.cast import ROOT, facts_named
from tests.deadlines.running import SIGNOFF, begin, instant

TICK = timedelta(microseconds=1)
WARNED = "deadlines.deadline.warned"
DUE = instant("2026-11-24 18:00")


def levels() -> list[int]:
    return [fact["level"] for fact in facts_named(WARNED)]


def test_each_rung_is_told_once_at_its_instant_and_not_before(cast):
    made = begin(cast)
    for level, reached_at in made.rungs:
        assert operations.scan(at=reached_at - TICK) == 0
        assert (operations.scan(at=reached_at), operations.scan(at=reached_at)) == (1, 0)
        assert Deadline.objects.get().level == level
    assert levels() == [1, 2, 3, 4, 5]
    row = Deadline.objects.get()
    assert (row.next_at, row.fence, row.state) == (None, 5, "RUNNING")


def test_whoever_was_away_is_told_the_highest_rung_alone(cast):
    made = begin(cast)
    monday = instant("2026-11-30 09:00")
    assert (operations.scan(at=monday), operations.scan(at=monday)) == (1, 0)
    assert facts_named(WARNED) == [
        {
            "deadline_id": made.pk, "rule": "T29", "owner": cast.head_key, "what": "会签 F01", "level": 5,
            "due_at": "2026-11-24T10:00:00+00:00",
        }
    ]  # fmt: skip
    entry = Entry.objects.get(name=WARNED)
    assert (entry.actor_kind, entry.subject_kind, entry.subject_id, entry.scope_id) == (
        "SYSTEM", "deadline", made.pk, cast.scope_id,
    )  # fmt: skip


@pytest.mark.parametrize("done", ["KEPT", "CANCELLED"])
def test_what_is_done_or_not_owed_is_told_no_more(cast, done):
    begin(cast)
    end = operations.fulfil if done == "KEPT" else operations.cancel
    end(SIGNOFF, rules=["T29"], root=ROOT, actor=cast.actor("head"), at=DUE)
    assert operations.scan(at=DUE + timedelta(days=9)) == 0
    assert levels() == []


def test_urgent_ones_come_first_then_the_oldest(cast):
    names = {}
    for number, (day, urgent) in enumerate([("2026-12-03", False), ("2026-12-02", False), ("2026-12-04", True)]):
        subject = SubjectRef("task", number)
        made = begin(cast, "T21", subject=subject, due_at=instant(f"{day} 18:00"), is_urgent=urgent)
        names[made.pk] = day
    late = instant("2026-12-20 09:00")
    while operations.scan(at=late, limit=1):
        pass
    told = [names[fact["deadline_id"]] for fact in facts_named(WARNED)]
    assert told == ["2026-12-04", "2026-12-02", "2026-12-03"]


def test_what_began_overdue_is_told_at_once(cast):
    begin(cast, "T21", due_at=instant("2026-11-19 18:00"), at=instant("2026-11-20 10:00"))
    assert operations.scan(at=instant("2026-11-20 10:00")) == 1
    assert levels() == [4]


def test_one_that_cannot_be_told_holds_up_no_other(cast, monkeypatch, caplog):
    poor, well = begin(cast, part="1"), begin(cast, part="2")
    tell = scanning._fact

    def fails_for_one(row, level):
        if row.pk == poor.pk:
            raise RuntimeError("broken row")
        return tell(row, level)

    monkeypatch.setattr(scanning, "_fact", fails_for_one)
    late = DUE + TICK
    assert operations.scan(at=late) == 2
    assert [fact["deadline_id"] for fact in facts_named(WARNED)] == [well.pk]
    poor.refresh_from_db()
    assert (poor.level, poor.next_at) == (0, late + timedelta(minutes=5))
    assert f"deadline {poor.pk} could not be told" in caplog.text
    monkeypatch.undo()
    assert operations.scan(at=late + timedelta(minutes=5)) == 1
    assert levels() == [4, 4]


def test_the_number_of_queries_does_not_grow_within_a_matter(cast):
    def scanned(first, count):
        for number in range(count):
            begin(cast, subject=SubjectRef("signoff", first + number))
        with CaptureQueriesContext(connection) as made:
            assert operations.scan(at=instant("2026-12-10 09:00")) == count
        return len(made)

    assert scanned(100, 1) == scanned(200, 3)
