"""What an hour of a rule is: chosen by the PMO, for what begins from then on."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bihuan.cli.main import main
from bihuan.clock.limits import Profile
from bihuan.deadlines import operations, queries
from bihuan.deadlines.errors import RuleStale
from bihuan.deadlines.models import Deadline, RuleChoice
from bihuan.deadlines.policy.table import TABLE
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.kernel.subjects import SubjectRef
from tests.api.conftest import program  # noqa: F401  a program that calls the API
from tests.approvals.cast import AT, facts_named
from tests.deadlines.running import begin, instant
from tests.witness import everything, refused

FRIDAY = instant("2026-11-20 16:00")
CHOSEN = "deadlines.profile.chosen"


def choose(rule: str, profile: str, *, seen: int = 0, actor=SYSTEM) -> RuleChoice:
    return operations.choose_profile(rule, profile=profile, seen_revision=seen, actor=actor, at=AT)


def test_hours_are_day_and_night_until_the_company_chooses_and_what_runs_keeps_what_it_began_by(cast):
    before = begin(cast, "T01", at=FRIDAY)
    made = choose("T01", "Work_Aware")
    after = begin(cast, "T01", at=FRIDAY, subject=SubjectRef("signoff", 6))
    assert (before.due_at, after.due_at) == (instant("2026-11-20 18:00"), instant("2026-11-20 18:00"))
    later = begin(cast, "T02", at=FRIDAY, subject=SubjectRef("signoff", 7))
    assert (later.due_at, later.profile) == (instant("2026-11-21 16:00"), Profile.LITERAL)
    assert (before.profile, after.profile) == (Profile.LITERAL, Profile.WORK_AWARE)
    assert "工作小时" in queries.explained(after)["zh-hans"]
    before.refresh_from_db()
    assert (before.profile, before.revision) == (Profile.LITERAL, 0)
    assert (made.profile, made.revision) == ("work-aware", 1)
    assert facts_named(CHOSEN) == [{"rule": "T01", "before": "", "after": "work-aware"}]
    assert choose("T01", "work-aware", seen=1).revision == 1
    assert choose("T01", "", seen=1).revision == 2
    assert [(fact["before"], fact["after"]) for fact in facts_named(CHOSEN)][-1] == ("work-aware", "")


def test_who_may_not_what_may_not_and_who_comes_too_late_are_refused(cast):
    with refused(NotAllowed):
        choose("T01", "work-aware", actor=cast.actor("head"))
    for rule in ("T03", "T18", "T29"):
        with refused(Refused, "deadlines.hours_not_open"):
            choose(rule, "work-aware")
    with refused(NotFound):
        choose("T99", "work-aware")
    with refused(Refused, "clock.profile_unknown"):
        choose("T01", "sometimes")
    choose("T01", "work-aware")
    with refused(RuleStale):
        choose("T01", "literal")


def test_the_page_lets_the_pmo_choose_and_everybody_look(company, client_for):
    pmo, other = client_for(company["PMO专员"]), client_for(company["产品经理"])
    address = "/deadlines/rules/T35/profile"
    assert address not in other.get("/deadlines/rules/").content.decode()
    page = pmo.get("/deadlines/rules/").content.decode()
    bound = sum(rule.is_bound for rule in TABLE)
    assert (page.count("data-row"), page.count(address)) == (bound, 1)
    assert "2 个工作日；分管领导：3 个工作日；紧急：1 个工作日" in page
    filing = page.partition('id="T18"')[2].partition("</tr>")[0]
    assert ("昼夜连续计时" in filing, "工作日，到责任方" in filing) == (True, False)
    synced = page.partition('id="T37"')[2].partition("</tr>")[0]
    assert ("只计工作时间" in synced, "昼夜" in synced) == (True, False)
    weekly = page.partition('id="T13"')[2].partition("</tr>")[0]
    assert "按手册的周期到来" in weekly
    assert page.count("按手册的周期到来") == 2
    words = {"profile": "work-aware", "seen_revision": "0"}
    assert pmo.post(address, words).headers["Location"] == "/deadlines/rules/"
    shown = pmo.get("/deadlines/rules/").content.decode()
    assert '<option value="work-aware" selected>' in shown
    assert "出厂设置：昼夜连续计时 → 只计工作时间" in shown
    stale, before = pmo.post(address, words), everything()
    assert (stale.status_code, "刚被别人改过" in stale.content.decode()) == (409, True)
    wrong = pmo.post(address, {"profile": "x", "seen_revision": "1"})
    assert (wrong.status_code, everything()) == (422, before)
    assert "literal" in wrong.content.decode()
    with CaptureQueriesContext(connection) as few:
        pmo.get("/deadlines/rules/")
    RuleChoice.objects.create(rule="T01", profile="literal")
    with CaptureQueriesContext(connection) as more:
        pmo.get("/deadlines/rules/")
    assert len(more) == len(few)


def test_programs_and_the_command_line_choose_too(program, capsys):  # noqa: F811
    pmo = program("PMO专员")
    found = {row["id"]: row for row in pmo.get("/deadlines/rules").json()["items"]}
    assert (found["T35"]["profile"], found["T35"]["may_choose"], found["T18"]["may_choose"]) == ("literal", True, False)
    sent = {"profile": "work-aware", "seen_revision": 0}
    done = pmo.post("/deadlines/rules/T35/profile", sent).json()
    assert (done["kind"], done["id"], done["state"], done["revision"]) == ("time_rule", 35, "work-aware", 1)
    again = pmo.post("/deadlines/rules/T35/profile", sent)
    assert (again.status_code, again.json()["code"]) == (409, "deadlines.rule_stale")
    capsys.readouterr()
    with translation.override("en"):
        assert main(["deadlines", "choose", "t35", "literal"]) == 0
        assert main(["deadlines", "choose", "T29", "literal"]) == 1
        assert main(["deadlines", "rules", "--json"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("T29: What an hour is cannot be chosen for T29")
    rows = json.loads(said.out.partition("\n")[2])["rules"]
    assert {row["id"]: row["profile"] for row in rows}["T35"] == "literal"
    assert Deadline.objects.count() == 0


@pytest.mark.parametrize("profile", list(Profile))
def test_what_is_counted_back_agrees_with_what_is_counted_on(cast, profile):
    choose("T35", profile)
    monday = instant("2026-11-23 10:00")
    made = begin(cast, "T35", at=instant("2026-11-16 09:00"), ahead_of=monday)
    due = {Profile.LITERAL: "2026-11-23 06:00", Profile.WORK_AWARE: "2026-11-20 15:00"}[profile]
    assert (made.due_at, made.limit, made.counts, made.profile) == (instant(due), "4h", "", profile)
