"""What is due is told: never early, never twice, never lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import scanning
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice
from bihuan.notifications.registry import kind_called
from bihuan.organisation.models import Charge
from bihuan.worker.loop import Worker
from tests.approvals.cast import AT, ROOT, facts_named, make_person
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
            begin(cast, "T29", subject=SubjectRef("signoff", first + number))
        with CaptureQueriesContext(connection) as made:
            assert operations.scan(at=instant("2026-12-10 09:00")) == count
        return len(made)

    assert scanned(100, 1) == scanned(200, 3)


def notices() -> set[tuple[str, str, int]]:
    return {(row.person.name, row.kind, row.urgency) for row in Notice.objects.select_related("person")}


def test_the_higher_the_rung_the_more_people_hear_of_it(cast):
    executive = make_person("徐国栋", cast.technology)
    Charge.objects.create(person=executive, department=cast.market, starts_on="2026-01-01")
    speaker, lead = make_person("高洁", cast.market), make_person("林晓彤", cast.technology)
    for person, role, via in (
        (speaker, Role.CONTACT, f"contact:{cast.market.pk}"), (lead, Role.LEAD, "lead"),
        (executive, Role.CONTACT, f"contact:{cast.technology.pk}"),
    ):  # fmt: skip
        access.admit(cast.scope_id, f"p:{person.pk}", role=role, level=Level.READ, via=via, at=AT)
    made = begin(cast, asked_by=f"p:{cast.author.pk}")
    heard = []
    for _level, reached_at in made.rungs:
        Notice.objects.all().delete()
        operations.scan(at=reached_at)
        heard.append(notices())
    assert heard == [
        {("王敏", "deadlines.reminder", Urgency.DIGEST)},
        {(name, "deadlines.reminder", Urgency.DIGEST) for name in ("王敏", "高洁")},
        {(name, "deadlines.soon", Urgency.NORMAL) for name in ("王敏", "高洁", "周明", "林晓彤")},
        {(name, "deadlines.overdue", Urgency.NORMAL) for name in ("王敏", "高洁", "周明", "林晓彤")},
        {(name, "deadlines.overdue", Urgency.NORMAL) for name in ("王敏", "高洁", "周明", "林晓彤", "徐国栋")},
    ]


def test_what_is_urgent_is_told_at_any_hour(cast):
    begin(cast, is_urgent=True)
    operations.scan(at=instant("2026-12-10 03:00"))
    assert notices() == {("王敏", "deadlines.overdue", Urgency.URGENT)}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "已逾期（2026-11-24 18:00 到期）：审批与签署：会签 F01"),
        ("en", "Overdue since 2026-11-24 18:00 – decision: 会签 F01"),
    ],
)
def test_a_notice_says_what_is_due_and_when(cast, language, said):
    begin(cast)
    operations.scan(at=instant("2026-12-10 09:00"))
    notice = Notice.objects.first()
    with override(language):
        assert kind_called(notice.kind).say(notice.params) == said


def test_the_worker_tells_what_is_due_by_the_clock_of_the_database(cast):
    begin(cast, "T21", due_at=instant("2026-11-06 18:00"), at=instant("2026-11-05 09:00"))
    assert Worker().drain() > 0
    assert levels() == [5]
