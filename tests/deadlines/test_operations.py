from datetime import timedelta

import pytest

from bihuan.deadlines import errors, operations, queries
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import Start
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Calendar as SiteCalendar
from bihuan.organisation.models import CalendarDay, Site
from tests.approvals.cast import AT, ROOT, facts_named
from tests.deadlines.running import SIGNOFF, begin, instant
from tests.witness import refused

STARTED, KEPT = "deadlines.deadlines.started", "deadlines.deadlines.kept"
MOVED = "deadlines.deadlines.moved"


def by(cast, part="author", at=AT):
    return {"root": ROOT, "actor": cast.actor(part), "at": at}


def test_a_deadline_is_one_row_and_one_fact(cast):
    made = begin(cast)
    row = Deadline.objects.get()
    assert (row.rule, row.subject, row.root, row.owner, row.state, row.limit, row.counts, row.due_at, row.level) == (
        "T29", SIGNOFF, ROOT, cast.head_key, "RUNNING", "2wd", "2wd", instant("2026-11-24 18:00"), 0,
    )  # fmt: skip
    assert row.next_at == instant("2026-11-23 14:30")  # half of 7 + 8 + 8 hours of work
    assert facts_named(STARTED) == [
        {
            "rule": "T29",
            "deadlines": [
                {
                    "deadline_id": made.pk, "subject": "signoff:5", "part": "", "owner": cast.head_key,
                    "what": "会签 F01", "started_at": "2026-11-20T02:00:00+00:00", "limit": "2wd",
                    "profile": "literal", "due_at": "2026-11-24T10:00:00+00:00",
                }
            ],
        }
    ]  # fmt: skip


def test_starting_twice_changes_nothing(cast):
    begin(cast)
    before = (list(Deadline.objects.values()), Entry.objects.count())
    again = [Start(subject=SIGNOFF, owner=cast.other_key, what="anderes")]
    assert operations.start("T29", again, scope_id=cast.scope_id, **by(cast)) == []
    assert (list(Deadline.objects.values()), Entry.objects.count()) == before


def test_many_cost_as_many_queries_as_one(cast, django_assert_num_queries, django_assert_max_num_queries):
    def start(first, count):
        wanted = [Start(subject=SubjectRef("signoff", first + n), owner=cast.head_key, what="") for n in range(count)]
        operations.start("T29", wanted, scope_id=cast.scope_id, **by(cast))

    start(50, 1)
    with django_assert_max_num_queries(17) as one:
        start(100, 1)
    with django_assert_num_queries(len(one)):
        start(200, 3)


@pytest.mark.parametrize(
    ("done", "state", "minutes"), [("2026-11-24 18:00", "KEPT", 0), ("2026-11-24 18:00:01", "LATE", 1)]
)
def test_an_act_at_the_very_instant_is_in_time_and_a_late_one_is_marked(cast, done, state, minutes):
    made = begin(cast)
    operations.fulfil(SIGNOFF, rules=["T29"], **by(cast, "head", instant(done)))
    row = Deadline.objects.get()
    assert (row.state, row.late_minutes, row.kept_at, row.next_at) == (state, minutes, instant(done), None)
    assert facts_named(KEPT) == [
        {
            "deadlines": [
                {
                    "deadline_id": made.pk, "rule": "T29", "subject": "signoff:5", "part": "", "what": "会签 F01",
                    "late_minutes": minutes, "owner": cast.head_key,
                }
            ]
        }
    ]  # fmt: skip


def test_what_does_not_run_is_not_fulfilled(cast):
    assert operations.fulfil(SIGNOFF, rules=["T29"], **by(cast)) == []
    assert Entry.objects.count() == 0


def test_only_the_parts_named_are_fulfilled(cast):
    begin(cast, part="1")
    begin(cast, part="2")
    operations.fulfil(SIGNOFF, rules=["T29"], parts=["2"], **by(cast))
    assert list(Deadline.objects.order_by("part").values_list("part", "state")) == [("1", "RUNNING"), ("2", "KEPT")]


def test_what_was_never_done_is_missed_when_due_and_else_no_longer_owed(cast):
    begin(cast)
    due = begin(cast, "T13", due_at=instant("2026-11-20 17:00"))
    operations.give_up(SIGNOFF, rules=["T13", "T29"], **by(cast, at=instant("2026-11-23 09:00")))
    assert list(Deadline.objects.order_by("rule").values_list("rule", "state", "late_minutes", "kept_at")) == [
        ("T13", "LATE", 3840, None), ("T29", "CANCELLED", 0, None),
    ]  # fmt: skip
    (missed,) = facts_named("deadlines.deadlines.missed")
    assert [each["deadline_id"] for each in missed["deadlines"]] == [due.pk]


def test_nothing_of_a_matter_runs_on_when_it_is_given_up(cast):
    begin(cast)
    begin(cast, "T31", subject=ROOT)
    operations.cancel_of_root(ROOT, reason="撤回", actor=cast.actor("author"), at=AT)
    assert set(Deadline.objects.values_list("state", "next_at")) == {("CANCELLED", None)}
    (fact,) = facts_named("deadlines.deadlines.cancelled")
    assert (len(fact["deadlines"]), fact["reason"]) == (2, "撤回")


def test_a_typed_instant_is_moved_by_people_only(cast):
    made = begin(cast, "T21", due_at=instant("2026-11-27 18:00"))
    assert queries.recomputed(made, None) is None
    assert operations.recompute([made.pk], reason="calendar", **by(cast)) == 0
    assert operations.move({made.pk: instant("2026-12-01 18:00")}, reason="等待设计稿", **by(cast)) == 1
    row = Deadline.objects.get()
    assert (row.due_at, row.next_at) == (instant("2026-12-01 18:00"), instant("2026-11-26 18:00"))
    assert facts_named(MOVED) == [
        {
            "deadlines": [
                {
                    "deadline_id": made.pk, "rule": "T21", "what": "会签 F01",
                    "due_before": "2026-11-27T10:00:00+00:00", "due_at": "2026-12-01T10:00:00+00:00",
                }
            ],
            "reason": "等待设计稿",
        }
    ]  # fmt: skip


def test_a_calendar_that_changes_moves_what_runs_on_it_when_asked(cast):
    site = Site.objects.create(name="上海", time_zone="Asia/Shanghai")
    type(cast.market).objects.filter(pk=cast.market.pk).update(site=site)
    made = begin(cast)
    assert made.site_id == site.pk
    calendar = SiteCalendar.objects.create(site=site)
    CalendarDay.objects.create(calendar=calendar, day="2026-11-24", kind="CLOSED", name="厂休")
    assert Deadline.objects.get().due_at == instant("2026-11-24 18:00")
    assert queries.explained(Deadline.objects.get()) == {
        "zh-hans": "2026年11月20日 周五 10:00 收到 + 2 个工作日 → 2026年11月24日 周二 18:00（上海），按当时的日历",
        "en": "received Fri 20 Nov 2026 10:00 + 2 working days → Tue 24 Nov 2026 18:00 in 上海, "
        "by the calendar of that time",
    }
    assert operations.recompute([made.pk], reason="厂休", **by(cast)) == 1
    assert Deadline.objects.get().due_at == instant("2026-11-25 18:00")
    told = queries.explained(Deadline.objects.get())
    assert "厂休" in told["zh-hans"]
    assert operations.recompute([made.pk], reason="again", **by(cast)) == 0


def test_a_clock_stops_and_goes_on_with_what_was_left(cast):
    made = begin(cast, asked_by=f"p:{cast.author.pk}")
    stopped, on = instant("2026-11-23 10:00"), instant("2026-11-26 10:00")
    who = {"actor": cast.actor("author")}
    operations.pause(made, reason=" 等供应商报价\x00", seen_revision=0, at=stopped, **who)
    row = Deadline.objects.get()
    assert (row.state, row.pause_reason, row.paused_at, row.next_at) == ("PAUSED", "等供应商报价", stopped, None)
    assert operations.scan(at=instant("2026-12-30 10:00")) == 0
    operations.resume(row, seen_revision=1, at=on, **who)
    row = Deadline.objects.get()
    assert (row.state, row.counts, row.limit, row.due_at, row.paused_for) == (
        "RUNNING", "1wd", "2wd", instant("2026-11-27 18:00"), timedelta(days=3),
    )  # fmt: skip
    assert facts_named("deadlines.deadline.resumed") == [
        {
            "deadline_id": made.pk, "rule": "T29", "what": "会签 F01", "due_before": "2026-11-24T10:00:00+00:00",
            "due_at": "2026-11-27T10:00:00+00:00", "paused_minutes": 4320,
        }
    ]  # fmt: skip


def test_where_two_limits_apply_the_earlier_is_shown_and_each_goes_on(cast):
    friday = instant("2026-11-20 16:30")
    later, earlier = begin(cast, "T28", kind="HIGH", at=friday), begin(cast, "T18", at=friday)
    assert (later.due_at, earlier.due_at) == (instant("2026-11-23 18:00"), instant("2026-11-21 16:30"))
    place = ("signoff", 5, "")
    assert queries.of_subjects([place]) == {place: earlier}
    operations.fulfil(SIGNOFF, rules=["T18"], **by(cast, at=friday))
    assert queries.of_subjects([place]) == {place: later}


def test_what_is_done_while_its_clock_stands_still_is_in_time(cast):
    made = begin(cast)
    operations.pause(made, reason="等报价", seen_revision=0, actor=cast.actor("head"), at=instant("2026-11-23 10:00"))
    operations.fulfil(SIGNOFF, rules=["T29"], **by(cast, "head", instant("2026-12-03 10:00")))
    row = Deadline.objects.get()
    assert (row.state, row.late_minutes, row.due_at, row.paused_for, row.paused_at, row.pause_reason) == (
        "KEPT", 0, instant("2026-12-04 18:00"), timedelta(days=10), None, "",
    )  # fmt: skip
    (kept,) = facts_named(KEPT)
    assert [each["late_minutes"] for each in kept["deadlines"]] == [0]


def test_a_clock_that_goes_on_by_another_calendar_loses_nothing(cast):
    site = Site.objects.create(name="上海", time_zone="Asia/Shanghai")
    type(cast.market).objects.filter(pk=cast.market.pk).update(site=site)
    made = begin(cast)
    operations.pause(made, reason="等报价", seen_revision=0, actor=cast.actor("head"), at=instant("2026-11-23 10:00"))
    CalendarDay.objects.create(
        calendar=SiteCalendar.objects.create(site=site), day="2026-11-24", kind="CLOSED", name="厂休"
    )
    operations.resume(made, seen_revision=1, actor=cast.actor("head"), at=instant("2026-11-26 10:00"))
    row = Deadline.objects.get()
    assert (row.counts, row.due_at) == ("1wd", instant("2026-11-27 18:00"))
    assert row.next_at == instant("2026-11-27 09:30")  # half of what is left: seven hours of work, and eight


def test_only_who_owes_or_waits_stops_a_clock_and_says_why(cast):
    made = begin(cast, asked_by=f"p:{cast.author.pk}")
    with refused(errors.NotYoursToPause, "deadlines.not_yours_to_pause"):
        operations.pause(made, reason="等", seen_revision=0, actor=cast.actor("stranger"), at=AT)
    with refused(Refused, "deadlines.reason_missing"):
        operations.pause(made, reason=" ", seen_revision=0, actor=cast.actor("head"), at=AT)
    with refused(errors.DeadlineStale, "deadlines.stale"):
        operations.pause(made, reason="等", seen_revision=7, actor=cast.actor("head"), at=AT)


@pytest.mark.parametrize(
    ("rule", "changes", "at"),
    [
        ("T29", {"is_urgent": True}, AT),
        ("T29", {}, instant("2026-11-24 18:00")),
        ("T38", {"due_at": instant("2026-11-30 18:00")}, AT),
        ("T28", {"kind": "HIGH"}, AT),
    ],
)
def test_urgent_typed_and_overdue_clocks_are_not_stopped(cast, rule, changes, at):
    made = begin(cast, rule, **changes)
    with refused(errors.MayNotPause, "deadlines.may_not_pause"):
        operations.pause(made, reason="等", seen_revision=0, actor=cast.actor("head"), at=at)


def test_another_owner_has_the_same_instant(cast):
    made = begin(cast)
    assert operations.hand_over({made.pk: "p:9"}, **by(cast)) == 1
    row = Deadline.objects.get()
    assert (row.owner, row.due_at) == ("p:9", made.due_at)
    assert facts_named("deadlines.deadlines.handed_over") == [
        {"deadlines": [
            {"deadline_id": made.pk, "rule": "T29", "what": "会签 F01", "before": cast.head_key, "after": "p:9"}
        ]}
    ]  # fmt: skip
    assert operations.hand_over({made.pk: "p:9"}, **by(cast)) == 0


def test_who_does_not_read_the_matter_sees_no_deadline_of_it(cast):
    made = begin(cast)
    assert queries.deadline_for(cast.actor("head"), made.pk, at=AT) == made
    assert list(queries.watched_by(cast.actor("head"), at=AT, everybody=False)) == [made]
    assert list(queries.watched_by(cast.actor("author"), at=AT)) == [made]
    assert list(queries.watched_by(cast.actor("author"), at=AT, everybody=False)) == []
    assert list(queries.watched_by(cast.actor("author"), at=AT, overdue=True)) == []
    with pytest.raises(NotFound):
        queries.deadline_for(cast.actor("stranger"), made.pk, at=AT)
    assert not queries.watched_by(cast.actor("stranger"), at=AT).exists()


def test_people_are_where_their_last_post_began_and_offices_where_their_department_is(cast):
    berlin = Site.objects.create(name="柏林", time_zone="Europe/Berlin")
    type(cast.technology).objects.filter(pk=cast.technology.pk).update(site=berlin)
    cast.author.posts.create(department=cast.technology, kind="STAFF", starts_on="2026-11-01")
    lent = f"p:{cast.author.pk}"
    technology, nowhere = queries.Whereabouts(cast.technology.pk, berlin.pk), queries.Whereabouts()
    assert queries.whereabouts_of([lent, cast.head_key, cast.other_key, "g:pmo", "all"], AT) == {
        lent: technology, cast.head_key: queries.Whereabouts(cast.market.pk), cast.other_key: technology,
        "g:pmo": nowhere, "all": nowhere,
    }  # fmt: skip
    assert begin(cast, owner=cast.other_key).due_at.isoformat() == "2026-11-24T18:00:00+01:00"
