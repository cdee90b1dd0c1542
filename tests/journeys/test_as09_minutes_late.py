"""AS09: a decision meeting ends on Tuesday at four, its minutes are due 24 hours later. Forward: the clock warns, runs
out and counts on while nobody sends them. Backward: sent after all they are taken, late by as much.

No room knows of a meeting before its minutes are filed: the one that will is stood in for by `meeting_ended`.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.deadlines import operations as deadlines
from bihuan.deadlines import queries
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import Start
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.models import Notice
from bihuan.records.models import Copy
from bihuan.web import middleware
from tests import forms_samples as samples
from tests.seeds import Seed
from tests.witness import facts_since, last_entry

RECORDER, CHAIR = "产品经理", "产品部负责人"


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def meeting(company, playbooks, at) -> Seed:
    matter = Seed.on("SEED_C", company, at)
    matter.carry_to("KICKOFF")
    assert matter.at <= local("17 16:00")
    return matter


def meeting_ended(meeting: Seed, ended: str) -> Deadline:
    """The recorder has the minutes before him, the chair waits for them."""
    meeting.at = local(ended)
    record = meeting.fill("F07", samples.kickoff(meeting.cast, meeting.start), RECORDER)
    owed = Start(
        subject=SubjectRef("record", record.pk), owner=principals.person(meeting.company[RECORDER].pk),
        asked_by=principals.person(meeting.company[CHAIR].pk), what="启动会纪要",
    )  # fmt: skip
    scope = meeting.refreshed().scope_id
    (made,) = deadlines.start("T04", [owed], root=meeting.root, scope_id=scope, actor=SYSTEM, at=meeting.at)
    return made


def send(meeting: Seed, at: str, ended: str) -> Deadline:
    meeting.at = local(at)
    body = samples.kickoff(meeting.cast, meeting.start) | {"ended_at": local(ended).isoformat()}
    meeting.paper("F07", RECORDER, **body)
    return Deadline.objects.exclude(state="CANCELLED").get(rule="T04", root_id=meeting.collaboration.pk)


def told(row: Deadline, kind: str) -> set[int]:
    found = Notice.objects.filter(subject_kind="deadline", subject_id=row.pk, kind=kind)
    return set(found.values_list("person", flat=True))


def test_minutes_nobody_sends_run_out_after_a_day_and_sent_at_half_past_five_are_late_by_as_much(
    meeting, client_for, monkeypatch
):
    """Forward from the end of the meeting, with a page that counts on; then the act that ends it."""
    out = meeting_ended(meeting, "17 16:00")
    both = {meeting.company[post].pk for post in (RECORDER, CHAIR)}
    assert (out.due_at, out.limit) == (local("18 16:00"), "24h")
    assert "会议结束 + 24 小时" in queries.explained(out)["zh-hans"]

    deadlines.scan(at=local("18 15:00"))
    assert both <= told(out, "deadlines.soon")
    before = last_entry()
    deadlines.scan(at=local("18 16:00"))
    assert (told(out, "deadlines.overdue"), facts_since(before, "deadlines.deadline.warned")) == (set(), [])
    deadlines.scan(at=local("18 16:00") + timedelta(microseconds=1))
    (fact,) = facts_since(before, "deadlines.deadline.warned")
    assert (fact["rule"], fact["level"], both <= told(out, "deadlines.overdue")) == ("T04", 4, True)

    client = client_for(meeting.company[RECORDER])
    for at, late in (("18 16:31", "逾期 31 分钟"), ("18 17:29", "逾期 1 小时 29 分")):
        monkeypatch.setattr(middleware, "now", lambda at=at: local(at))
        assert late in client.get(f"/deadlines/{out.pk}/").content.decode()

    before = last_entry()
    row = send(meeting, "18 17:30", "17 16:00")
    assert (row.pk, row.state, row.late_minutes, row.kept_at) == (out.pk, "LATE", 90, local("18 17:30"))
    (kept,) = facts_since(before, "deadlines.deadlines.kept")
    assert [(each["rule"], each["late_minutes"]) for each in kept["deadlines"]] == [("T04", 90)]
    assert Copy.objects.exists()
    assert "迟到 1 小时 30 分" in client.get(f"/deadlines/{out.pk}/").content.decode()
    before = last_entry()
    deadlines.scan(at=local("20 18:00"))
    assert [one for one in facts_since(before, "deadlines.deadline.warned") if one["rule"] == "T04"] == []


@pytest.mark.parametrize(
    ("profile", "due", "sent", "late"),
    [
        ("literal", "21 16:00", "21 16:00", 0),
        ("literal", "21 16:00", "23 16:00", 48 * 60),
        ("work-aware", "23 16:00", "23 16:00", 0),
        ("work-aware", "23 16:00", "23 17:30", 90),
    ],
)
def test_minutes_of_friday_are_due_on_saturday_or_on_monday_whether_the_clock_ran_or_is_counted_back(
    meeting, profile, due, sent, late
):
    deadlines.choose_profile("T04", profile=profile, seen_revision=0, actor=SYSTEM, at=meeting.at)
    ahead = meeting_ended(meeting, "20 16:00")
    assert ahead.due_at == local(due)
    deadlines.cancel(ahead.subject, rules=["T04"], root=meeting.root, actor=SYSTEM, at=meeting.at)
    row = send(meeting, sent, "20 16:00")
    assert (row.due_at, row.late_minutes, row.state) == (local(due), late, "LATE" if late else "KEPT")
    assert row.started_at == local("20 16:00")
