"""A problem is classed urgent, or no longer so: what runs already is due by its new class (domain Q3, Q12)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bihuan.clock import Profile, Schedule, parse_limit
from bihuan.clock.zones import MICROSECOND
from bihuan.collaborations.models import Loop
from bihuan.collaborations.operations import problems
from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import Counting
from bihuan.deadlines.policy.reclassing import anew
from bihuan.deadlines.queries import explained
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice
from bihuan.organisation.queries import schedule_of_site
from bihuan.web import middleware
from tests.problem import HEAD, REPORTER, Trouble
from tests.witness import facts_since, last_entry

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGUN = "2026-11-17 10:00"  # a Tuesday
FACT = "deadlines.deadlines.reclassed"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def said(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.fixture
def schedule(db) -> Schedule:
    return schedule_of_site(None)


@pytest.mark.parametrize(
    ("limit", "ran_until", "at", "urgent", "due"),
    [
        ("1wd", "2026-11-19 18:00", "2026-11-17 12:00", True, "11-18 18:00"),  # from its own start
        ("1wd", "2026-11-20 18:00", "2026-11-19 09:00", True, "11-20 18:00*"),  # over already: from now, and no later
        ("1wd", "2026-11-24 18:00", "2026-11-19 09:00", True, "11-20 18:00"),  # over already: from now
        ("4h", "2026-11-18 18:00", "2026-11-17 12:00", True, "11-17 14:00"),  # day and night
        ("5wd", "2026-11-19 18:00", "2026-11-17 12:00", True, "11-19 18:00*"),  # the earlier one holds
        ("2wd", "2026-11-18 18:00", "2026-11-18 09:00", False, "11-19 18:00"),  # calmer: the whole limit
        ("2wd", "2026-11-18 18:00", "2026-11-18 18:00:01", False, "11-18 18:00*"),  # a breach stays one
        ("4h", "2026-11-18 18:00", "2026-11-18 09:00", False, "11-18 18:00*"),  # nobody is late by being classed
    ],
)
def test_becoming_urgent_gives_nobody_more_time_and_becoming_calmer_undoes_no_breach(
    schedule, limit, ran_until, at, urgent, due
):
    wanted = Counting(local(BEGUN), parse_limit(limit), Profile.LITERAL)
    found = anew(wanted, local(ran_until), local(at), schedule, urgent=urgent)
    assert (said(found[1].at) if found else f"{said(local(ran_until))}*") == due


def test_what_stood_still_before_gets_nothing_back(schedule):
    wanted = Counting(local(BEGUN), parse_limit("3wd"), Profile.LITERAL)
    ran_until, at = local("2026-11-18 18:00"), local("2026-11-17 12:00")
    assert anew(wanted, ran_until, at, schedule, urgent=False, has_stood=True) is None
    assert anew(wanted, ran_until, at, schedule, urgent=False) is not None


def reclassify(trouble: Trouble, urgency: str, reason: str) -> list[dict]:
    before = last_entry()
    problems.reclassify_problem(
        trouble.refreshed(), urgency=urgency, reason=reason, actor=trouble.actor(HEAD), at=trouble.at
    )
    return facts_since(before, FACT)


def signature(trouble: Trouble) -> Deadline:
    return Deadline.objects.get(rule="T29", root_id=trouble.collaboration.pk, state__in=["RUNNING", "PAUSED"])


def loop_of(row: Deadline) -> Loop:
    return Loop.objects.get(
        subject_kind=row.subject_kind, subject_id=row.subject_id, part=row.part, closed_at__isnull=True
    )


def told(row: Deadline):
    return Notice.objects.filter(kind="deadlines.moved", subject_id=row.pk).order_by("pk")


def test_a_signature_that_is_waited_for_is_due_by_the_new_class_told_explained_and_kept(
    trouble: Trouble, client_for, monkeypatch
):
    trouble.assess()
    calm = signature(trouble)
    trouble.wait(hours=2)
    (fact,) = reclassify(trouble, "URGENT", "投诉激增")
    row = signature(trouble)
    day = calm.due_at - timedelta(days=1)
    assert (row.pk, row.limit, row.kind, row.is_urgent) == (calm.pk, "1wd", "URGENT", True)
    assert (row.started_at, row.counts_from, row.due_at) == (calm.started_at, calm.started_at, day)
    assert loop_of(row).due_at == day
    assert fact["reason"] == "投诉激增"
    (each,) = fact["deadlines"]
    assert {key: each[key] for key in ("deadline_id", "limit_before", "limit", "is_urgent")} == {
        "deadline_id": row.pk, "limit_before": "2wd", "limit": "1wd", "is_urgent": True,
    }  # fmt: skip
    assert [datetime.fromisoformat(each[key]) for key in ("due_before", "due_at")] == [calm.due_at, day]
    assert "+ 1 个工作日" in explained(row)["zh-hans"]
    assert row.rungs[-1][1] == day + timedelta(hours=2) + MICROSECOND
    concerned = {(trouble.company[post].pk, Urgency.URGENT) for post in (HEAD, REPORTER)}
    assert set(told(row).values_list("person", "urgency")) == concerned

    monkeypatch.setattr(middleware, "now", lambda: trouble.at)
    head: Client = client_for(trouble.company[HEAD])
    assert "问题改定为紧急" in head.get("/inbox/").content.decode()
    shown = head.get(f"/deadlines/{row.pk}/").content.decode()
    assert "+ 1 个工作日" in shown
    story = head.get(f"/matters/{trouble.collaboration.pk}/timeline").content.decode()
    assert "因紧急程度改变" in story

    assert len(reclassify(trouble, "ROUTINE", "已缓解")) == 1
    row = signature(trouble)
    assert (row.limit, row.kind, row.is_urgent, row.due_at) == ("2wd", "", False, calm.due_at)
    assert (row.rungs, loop_of(row).due_at) == (calm.rungs, calm.due_at)
    assert (told(row).count(), told(row).last().urgency) == (4, Urgency.NORMAL)
    assert "问题不再紧急" in head.get("/inbox/").content.decode()
    assert reclassify(trouble, "IMPORTANT", "又一次") == []


def test_an_urgent_clock_stands_still_no_longer_and_an_overdue_one_stays_overdue(trouble: Trouble):
    trouble.assess()
    row = signature(trouble)
    operations.pause(
        row, reason="等待仓库盘点", seen_revision=row.revision, actor=trouble.actor(HEAD), at=trouble.at
    )  # fmt: skip
    trouble.wait(days=2)
    reclassify(trouble, "URGENT", "投诉激增")
    row = signature(trouble)
    assert (row.state, row.pause_reason, row.paused_for) == ("RUNNING", "", timedelta(days=2))
    assert (row.counts_from, loop_of(row).due_at) == (trouble.at, row.due_at)
    assert "改定" not in explained(row)["zh-hans"]
    due_at = row.due_at
    trouble.at = due_at + timedelta(hours=1)
    reclassify(trouble, "ROUTINE", "已缓解")
    row = signature(trouble)
    assert (row.is_urgent, row.due_at, row.limit) == (False, due_at, "1wd")


def test_what_the_urgent_limit_would_have_ended_already_is_counted_from_the_classing_and_says_so(trouble: Trouble):
    trouble.assess()
    row = signature(trouble)
    Deadline.objects.filter(pk=row.pk).update(limit="9wd", counts="9wd", due_at=row.due_at + timedelta(days=20))
    trouble.wait(days=3)
    reclassify(trouble, "URGENT", "投诉激增")
    row = signature(trouble)
    assert (row.counts_from, row.limit, row.due_at > trouble.at) == (trouble.at, "1wd", True)
    assert "10:00 改定为紧急 + 1 个工作日" in explained(row)["zh-hans"]
    assert "classed urgent" in explained(row)["en"]
    reclassify(trouble, "IMPORTANT", "已缓解")
    assert signature(trouble).due_at == row.due_at  # two days from its start would be over: it stays


def test_nothing_of_another_matter_or_of_an_answered_question_moves(trouble: Trouble):
    trouble.assess()
    trouble.sign()
    kept = Deadline.objects.get(rule="T29", root_id=trouble.collaboration.pk)
    assert kept.state == "KEPT"
    assert reclassify(trouble, "URGENT", "投诉激增") == []
    kept.refresh_from_db()
    assert (kept.limit, kept.is_urgent) == ("2wd", False)
    assert REPORTER
