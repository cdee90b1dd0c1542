"""The clocks a playbook sets: refused where they could not run, and what they change for its matters."""

import json
from datetime import timedelta
from importlib.resources import files

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_clocks import COUNTED, check_clocks, terms_of
from bihuan.collaborations.policy.playbook_diff import Change, Changed, changes
from bihuan.collaborations.policy.playbook_text import read_text, shaped, write_text
from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.collaborations.queries.walking_through import walk_through
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.table import RULES
from bihuan.kernel.errors import Refused
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.seeds import Seed
from tests.witness import everything

SEED_B, SEED_D, EMERGENCY = (
    json.loads((files("bihuan.collaborations") / "playbooks" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("seed_b", "seed_d", "emergency")
)
TYPED = {"T24", "T34"}
"""Rules with a limit whose instant a form says, or the obligation they belong to."""


def found(*clocks, body=SEED_B):
    said = check_clocks(read_playbook({**body, "clocks": list(clocks)}))
    return [(each.code.removeprefix("collaborations.playbook_clock_"), each.place) for each in said]


def test_every_rule_that_is_counted_can_be_set_and_no_other():
    assert COUNTED.keys() == {rule.id for rule in RULES.values() if rule.is_bound and rule.limits} - TYPED


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ({"rule": "T99", "limit": "2h"}, ("unknown", "rule")),
        ({"rule": "T24", "limit": "2h"}, ("unknown", "rule")),
        ({"rule": "T01", "limit": "2h"}, ("unknown", "rule")),
        ({"rule": "T07", "limit": "2wd"}, ("never_begins", "rule")),
        ({"rule": "T29", "kind": "HIGH", "limit": "2wd"}, ("kind", "kind")),
        ({"rule": "T29"}, ("says_nothing", "")),
        ({"rule": "T29", "limit": "2wd", "profile": "WORK_AWARE"}, ("profile", "profile")),
        ({"rule": "T29", "limit": "soon"}, ("limit", "limit")),
        ({"rule": "T29", "limit": "0wd"}, ("limit", "limit")),
        ({"rule": "T29", "limit": "1.5h"}, ("limit", "limit")),
        ({"rule": "T29", "limit": "251wd"}, ("absurd", "limit")),
        ({"rule": "T29", "limit": "9999wd"}, ("absurd", "limit")),
        ({"rule": "T35", "limit": "1wd"}, ("counted_back", "limit")),
    ],
)
def test_a_clock_that_cannot_run_is_refused_at_its_place(clock, told):
    code, place = told
    assert found(clock) == [(code, f"clocks.0.{place}" if place else "clocks.0")]


def test_urgent_clocks_run_day_and_night_and_a_clock_is_set_once_for_a_kind():
    assert found({"rule": "T06", "limit": "8wh"}, body=SEED_D) == [("urgent", "clocks.0.limit")]
    assert found({"rule": "T06", "limit": "8h"}, body=SEED_D) == []
    both = [{"rule": "T29", "limit": "1wd"}, {"rule": "T29", "kind": "EXECUTIVE", "limit": "2wd"}]
    assert found(*both) == []
    assert found(*both, {"rule": "T29", "limit": "3wd"}) == [("twice", "clocks.2.rule")]


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (("SEED_D", "ACCEPT"), [("T07", "ACCEPT"), ("T08", "ACCEPT")]),
        (("EMERGENCY", "PLAN"), [("T03", "F15")]),
    ],
)
def test_a_clock_that_begins_and_that_nothing_stops_is_named_where_it_begins(gone, told):
    key, step = gone
    body = SEED_D if key == "SEED_D" else EMERGENCY
    assert found(body=body) == []
    said = check_clocks(read_playbook({**body, "steps": [one for one in body["steps"] if one["key"] != step]}))
    stops = [(each.params["rule"], each.params["stop"], each.place) for each in said]
    assert stops == [(*each, "steps.0.forms.0") for each in told]


def test_a_kind_nobody_set_keeps_the_limit_of_the_rule():
    plan = read_playbook(
        {**SEED_B, "clocks": [{"rule": "T29", "limit": "1wd"}, {"rule": "T35", "profile": "WORK_AWARE"}]}
    )
    terms, rule = terms_of(plan, "X 2"), RULES["T29"]
    assert [str(terms.limit_of(rule, kind)) for kind in ("", "EXECUTIVE", "URGENT", "OTHER")] == [
        "1wd", "3wd", "1wd", "1wd"
    ]  # fmt: skip
    assert [terms.name_for(rule, kind) for kind in ("", "EXECUTIVE")] == ["X 2", ""]
    assert str(terms.limit_of(RULES["T31"])) == "5wd"
    assert terms.profile_of(RULES["T35"], "", None) == "work-aware"


def test_a_clock_is_written_read_compared_and_refused_with_its_line():
    body = {**SEED_B, "clocks": [{"rule": "T29", "kind": "EXECUTIVE", "limit": "2wd"}]}
    assert shaped(read_text(write_text(body)).body) == (body, [])
    assert changes(SEED_B, body) == [Change(Changed.SET, word="clocks", after="T29 EXECUTIVE 2wd")]
    assert changes(body, body) == []
    for said, code, place in [
        ({"rule": "29"}, "pattern", "rule"), ({"limit": "1h"}, "missing", "rule"),
        ({"rule": "T29", "profile": "SLOW"}, "pattern", "profile"), ({"rule": "T29", "limit": ["1h"]}, "text", "limit"),
        ({"rule": "T29", "colour": "red"}, "unknown", "colour"),
    ]:  # fmt: skip
        (finding,) = shaped({**SEED_B, "clocks": [said]})[1]
        assert (finding.code, finding.place) == (f"collaborations.playbook_word_{code}", f"clocks.0.{place}")


def published(company, at, *clocks, text=""):
    body = {**queries.newest("SEED_B").body, "clocks": list(clocks)}
    return operations.write_playbook(text or write_text(body), note="更快", actor=company.actor("PMO专员", at), at=at)


def decisions(matter):
    rows = Deadline.objects.filter(root_kind="collaboration", root_id=matter.pk, rule="T29").order_by("pk")
    return {(row.limit, row.said_by) for row in rows}, {row.due_at for row in rows}


def test_a_wrong_clock_is_refused_with_its_line_and_nothing_is_written(company, at, playbooks):
    text = write_text(queries.newest("SEED_B").body) + "clocks:\n- {rule: T29,\n   limit: 900wd}\n"
    before = everything()
    with pytest.raises(Refused) as refusal:
        published(company, at, text=text)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.params["line"]) == (
        "collaborations.playbook_clock_absurd", text[: text.index("limit: 900wd")].count("\n") + 1
    )  # fmt: skip
    assert everything() == before


def test_the_matters_of_a_version_run_by_its_clocks_and_others_by_theirs(company, at, playbooks, client_for):
    earlier = Campaign.begin(company, at)
    published(company, at, {"rule": "T29", "limit": "4wh"})
    later = Campaign.begin(company, at)
    earlier.request()
    later.submit("F01", samples.request(later.cast, later.start) | {"title": "2024年Q4用户增长活动"})
    (usual, slow), (own, quick) = decisions(earlier.collaboration), decisions(later.collaboration)
    assert (usual, own) == ({("2wd", "")}, {("4wh", "SEED_B 2")})
    assert max(quick) < min(slow)
    waiting = later.collaboration.loops.filter(kind="SIGNOFF", closed_at__isnull=True)
    assert {loop.due_at for loop in waiting} == quick
    row = Deadline.objects.filter(root_id=later.collaboration.pk, rule="T29").first()
    page = client_for(company["PMO专员"]).get(f"/deadlines/{row.pk}/").content.decode()
    assert "由手册 SEED_B 第 2 版规定" in page
    assert 'href="/playbooks/SEED_B/2"' in page


def test_minutes_are_signed_within_the_time_their_playbook_says(company, at, playbooks):
    supposed = Supposed(company["产品经理"].pk, company.departments["产品部"].pk)

    def spans():
        way = {one.step.key: one for one in walk_through(queries.newest("SEED_A"), supposed, at)}
        return {key: way[key].due_at - way[key].begins for key in ("ALIGN", "KICKOFF")}

    before = spans()
    clocks = [{"rule": "T30", "limit": "3h"}]
    body = {**queries.newest("SEED_A").body, "clocks": clocks}
    operations.write_playbook(write_text(body), note="快签", actor=company.actor("PMO专员", at), at=at)
    after = spans()
    assert (after["ALIGN"], after["KICKOFF"]) == (before["ALIGN"], timedelta(hours=3))


def test_signatures_under_minutes_are_due_by_the_clock_of_minutes(company, at, playbooks):
    clocks = [{"rule": "T30", "limit": "3h"}]
    body = {**queries.newest("SEED_A").body, "clocks": clocks}
    operations.write_playbook(write_text(body), note="快签", actor=company.actor("PMO专员", at), at=at)
    matter = Seed.on("SEED_A", company, at)
    matter.carry_to("KICKOFF")
    assert decisions(matter.collaboration)[0] == {("2wd", "")}
    matter.minutes()
    waiting = matter.collaboration.loops.filter(kind="SIGNOFF", closed_at__isnull=True)
    assert {loop.due_at for loop in waiting} == {matter.at + timedelta(hours=3)}
    under = Deadline.objects.filter(root_id=matter.collaboration.pk, rule="T30")
    assert {(row.limit, row.said_by) for row in under} == {("3h", "SEED_A 2")}


def test_minutes_keep_their_clock_on_a_route_that_other_forms_take_too(company, at, playbooks):
    body = queries.newest("SEED_A").body
    steps = [
        {**step, "routes": [{"code": "MINUTES", "form": step["routes"][0]["form"]}]}
        if step["key"] == "ACCEPT"
        else step
        for step in body["steps"]
    ]
    operations.write_playbook(
        write_text({**body, "steps": steps}), note="同一路线", actor=company.actor("PMO专员", at), at=at
    )
    assert queries.plan_in(queries.newest("SEED_A")).forms_on("MINUTES") == {"F07", "F16"}
    matter = Seed.on("SEED_A", company, at)
    matter.carry_to("KICKOFF")
    matter.minutes()
    signed = matter.signoff("F07", "MINUTES").pk
    assert set(Deadline.objects.filter(subject_id=signed).values_list("rule", "limit")) == {("T30", "1wd")}


def test_a_matter_that_goes_on_by_a_version_keeps_the_clocks_that_run(company, at, playbooks, client_for):
    begun = Campaign.begin(company, at)
    begun.request()
    published(company, at, {"rule": "T29", "limit": "4wh"})
    before = decisions(begun.collaboration)
    (behind,) = queries.behind("SEED_B", actor=company.actor("PMO专员", at), at=at)
    assert (behind.findings, behind.running) == ([], 3)
    assert behind.changed == [Change(Changed.SET, word="clocks", after="T29 4wh")]
    page = client_for(company["PMO专员"]).get("/playbooks/SEED_B/matters").content.decode()
    assert "T29 4wh" in page
    assert "3 个已在计时的截止时间不变" in page
    operations.migrate_collaborations(
        "SEED_B", [begun.collaboration.pk], seen_version=2, reason="约定", actor=company.actor("PMO专员", at), at=at
    )
    assert decisions(begun.collaboration) == before


def test_only_the_deadlines_of_the_kind_that_changes_are_counted(company, at, playbooks):
    """Heads and the executive decide by one rule; another limit for the executive moves none of the heads'."""
    begun = Campaign.begin(company, at)
    begun.request()

    def counted(*clocks) -> int:
        published(company, at, *clocks)
        (behind,) = queries.behind("SEED_B", actor=company.actor("PMO专员", at), at=at)
        assert behind.changed
        return behind.running

    executive = {"rule": "T29", "kind": "EXECUTIVE", "limit": "1wd"}
    assert counted(executive) == 0
    assert counted(executive, {"rule": "T29", "limit": "4wh"}) == 3
    assert counted(executive, {"rule": "T29", "limit": "2wd"}) == 0, "the limit of the rule itself"
    one = Deadline.objects.filter(root_id=begun.collaboration.pk, rule="T29", state="RUNNING").first()
    Deadline.objects.filter(pk=one.pk).update(kind="EXECUTIVE")
    assert counted(executive) == 1
    assert counted({"rule": "T29", "limit": "4wh"}) == 2


def test_a_dry_run_counts_by_the_clocks_of_the_playbook(company, at, playbooks):
    supposed = Supposed(company["产品经理"].pk, company.departments["产品部"].pk)

    def walked():
        way = {one.step.key: one for one in walk_through(queries.newest("SEED_B"), supposed, at)}
        ticking = {step: [(each.rule, each.limit, each.said_by) for each in way[step].clocks] for step in way}
        return way, {step: clocks for step, clocks in ticking.items() if clocks}

    before, ticking = walked()
    assert ticking == {"RETRO": [("T31", "5wd", "")], "ARCHIVE": [("T32", "5wd", "")]}
    published(company, at, {"rule": "T29", "kind": "EXECUTIVE", "limit": "1h"}, {"rule": "T31", "limit": "2d"})
    after, ticking = walked()
    assert ticking["RETRO"] == [("T31", "2d", "SEED_B 2")]
    assert after["RETRO"].clocks[0].due_at == after["RETRO"].begins + timedelta(days=2)
    executive = after["APPROVAL"]
    assert (
        executive.due_at - executive.begins
        == timedelta(hours=1)
        < before["APPROVAL"].due_at - before["APPROVAL"].begins
    )
