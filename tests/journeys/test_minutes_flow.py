"""How minutes and reports go out: who is sent them, when, who has read them, and what one who is sent them may read."""

from datetime import timedelta

import pytest

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.policy.playbook_check import check_playbook
from bihuan.collaborations.policy.playbook_diff import Change, Changed, changes
from bihuan.collaborations.policy.playbook_edit import worded
from bihuan.collaborations.policy.playbook_text import read_text, shaped, write_text
from bihuan.collaborations.queries.migration import behind
from bihuan.collaborations.queries.playbooks import newest
from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.collaborations.queries.walking_through import walk_through
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from bihuan.records.models import Copy
from bihuan.records.queries import findings_of
from scripts.playbook_table import shipped
from tests import forms_samples as samples
from tests.api.conftest import program  # noqa: F401
from tests.problem import SeedD
from tests.seeds import Seed
from tests.witness import facts_since, last_entry, refused

SENT = "records.record.sent"
CONCERNED = {"产品部负责人", "市场部负责人", "技术部负责人", "运营部负责人", "推广经理", "开发组长", "运营经理"}


def sent_to(matter) -> set[str]:
    posts = {person.pk: post for post, person in matter.company.people.items()}
    return {posts[pk] for pk in Copy.objects.values_list("person", flat=True)}


def at_kickoff(playbook, company, at) -> Seed:
    matter = Seed.on(playbook, company, at)
    matter.carry_to("KICKOFF")
    return matter


def test_minutes_that_are_sent_first_go_out_when_they_are_filed(company, playbooks, at, client_for, program):  # noqa: F811
    matter = at_kickoff("SEED_C", company, at)
    before = last_entry()
    version = matter.minutes()
    (fact,) = facts_since(before, SENT)
    assert (fact["form_code"], fact["version"], fact["left_out"]) == ("F07", 1, [])
    assert set(fact["person_ids"]) == {matter.company[post].pk for post in CONCERNED}
    assert sent_to(matter) == CONCERNED
    told = Notice.objects.filter(kind="collaborations.minutes").values_list("person", flat=True)
    assert set(told) == set(fact["person_ids"])
    out = Deadline.objects.get(root_id=matter.collaboration.pk, rule="T04")
    assert (out.state, out.started_at) == ("KEPT", matter.at - timedelta(hours=1))

    page = f"/records/{version.record_id}"
    lead, head = client_for(company["产品经理"]), client_for(company["技术部负责人"])
    assert "未读" in lead.get(page).content.decode()
    head.get(page)
    (read,) = Copy.objects.exclude(read_at=None)
    assert read.person == company["技术部负责人"]
    head.get(page)
    assert Copy.objects.get(pk=read.pk).read_at == read.read_at
    for place in (page, f"{page}/print"):
        shown = lead.get(place).content.decode()
        assert (company["技术部负责人"].name in shown, 'id="copies"' in shown) == (True, True)
    called = program("推广经理").get(f"/records/{version.record_id}/versions/1").json()
    assert (len(called["copies"]), len([one for one in called["copies"] if one["read_at"]])) == (7, 2)
    printed = program("产品经理").get(f"/records/{version.record_id}/versions/1/paper").json()
    assert printed["copies"] == called["copies"]
    assert "阅读" in lead.get(f"/matters/{matter.collaboration.pk}/timeline").content.decode()


def test_minutes_that_are_signed_first_go_out_with_the_last_signature(company, playbooks, at):
    matter = at_kickoff("SEED_A", company, at)
    matter.paper("F07", **samples.kickoff(matter.cast, matter.start))
    heads = ("产品部负责人", "市场部负责人", "技术部负责人")
    for post in heads:
        matter.decide("F07", "MINUTES", post, opinion="同意")
    assert (Copy.objects.count(), matter.actions()) == (0, [])
    before = last_entry()
    matter.decide("F07", "MINUTES", "运营部负责人", opinion="同意")
    assert sent_to(matter) == CONCERNED
    assert (len(facts_since(before, SENT)), len(matter.actions())) == (1, 2)
    assert not Deadline.objects.filter(root_id=matter.collaboration.pk, rule__in=["T04", "T05"]).exists()


def test_refused_minutes_that_are_signed_first_never_go_out_and_a_new_version_does(company, playbooks, at):
    matter = at_kickoff("SEED_A", company, at)
    matter.minutes()
    matter.decide("F07", "MINUTES", "市场部负责人", decision=Decision.REFUSE, opinion="日期不可行")
    assert Copy.objects.count() == 0
    matter.minutes()
    matter.sign_all("F07", "MINUTES")
    assert set(Copy.objects.values_list("version__version", flat=True)) == {2}


def test_a_new_version_of_minutes_sent_first_goes_out_again(company, playbooks, at):
    trouble = SeedD.begin(company, at, "SEED_D")
    trouble.carry_to("KICKOFF")
    trouble.paper("F07", "运营经理")
    first = Copy.objects.count()
    assert first > 0
    late = Deadline.objects.get(root_id=trouble.collaboration.pk, rule="T05")
    trouble.decide("F07", "MINUTES", "技术部负责人", decision=Decision.REFUSE, opinion="缺一条决议")
    trouble.paper("F07", "运营经理", summary="补上第三条决议")
    assert Copy.objects.filter(version__version=2).count() == first
    assert list(Deadline.objects.filter(root_id=trouble.collaboration.pk, rule="T05")) == [late]


def test_minutes_late_by_a_day_are_taken_and_their_lateness_stands(company, playbooks, at):
    """AS09: 24 hours since the meeting ended, day and night; sent late they count late."""
    matter = at_kickoff("SEED_C", company, at)
    ended = matter.at - timedelta(hours=25, minutes=30)
    matter.paper("F07", **samples.kickoff(matter.cast, matter.start), ended_at=ended.isoformat())
    out = Deadline.objects.get(root_id=matter.collaboration.pk, rule="T04")
    assert (out.state, out.due_at, out.ended_at - out.due_at) == (
        "LATE", ended + timedelta(hours=24), timedelta(hours=1, minutes=30),
    )  # fmt: skip


def test_the_end_of_the_meeting_is_said_and_has_come(company, playbooks, at):
    matter = at_kickoff("SEED_C", company, at)
    with refused(Refused, "collaborations.minutes_without_end"):
        matter.paper("F07", **samples.kickoff(matter.cast, matter.start), ended_at="")
    with refused(Refused, "collaborations.minutes_ahead"):
        ahead = (matter.at + timedelta(hours=1)).isoformat()
        matter.paper("F07", **samples.kickoff(matter.cast, matter.start), ended_at=ahead)


def owned_by(matter, post):
    action = {"id": "a9", "text": "核对预算", "owner": matter.company[post].pk, "due": (matter.start).isoformat()}
    return samples.kickoff(matter.cast, matter.start) | {"actions": [action]}


def test_the_owner_of_an_action_reads_the_matter_and_keeps_reading_it(company, playbooks, at):
    matter = at_kickoff("SEED_C", company, at)
    outsider, scope = matter.actor("财务部负责人"), matter.collaboration.scope_id
    assert access.levels(outsider, [scope], at=matter.at) == {}
    for post, said in (("财务部负责人", ["actions.0.owner"]), ("市场部负责人", [])):
        record = matter.fill("F07", owned_by(matter, post))
        found = findings_of(record, record.draft, at=matter.at)
        assert [one.place for one in found if one.code == "collaborations.action_from_outside"] == said
        assert not [one for one in found if one.place.startswith("actions") and one.is_error]
    matter.paper("F07", **owned_by(matter, "财务部负责人"))
    assert "财务部负责人" in sent_to(matter)
    assert access.levels(outsider, [scope], at=matter.at) == {scope: Level.READ}
    sync_members(matter.refreshed(), at=matter.at)
    assert access.levels(outsider, [scope], at=matter.at) == {scope: Level.READ}


def test_of_what_is_secret_nobody_is_sent_what_he_may_not_read(company, playbooks, at):
    matter = at_kickoff("SEED_C", company, at)
    Collaboration.objects.filter(pk=matter.collaboration.pk).update(secrecy="SECRET")
    matter.collaboration.scope.__class__.objects.filter(pk=matter.collaboration.scope_id).update(secrecy="SECRET")
    before = last_entry()
    matter.paper("F07", **owned_by(matter, "财务部负责人"))
    (fact,) = facts_since(before, SENT)
    assert fact["left_out"] == [company["财务部负责人"].pk]
    assert company["财务部负责人"].pk not in fact["person_ids"]
    assert access.levels(matter.actor("财务部负责人"), [matter.collaboration.scope_id], at=matter.at) == {}


def test_the_report_on_a_solved_problem_goes_to_the_heads_and_where_said_to_the_executive(company, playbooks, at):
    trouble = SeedD.begin(company, at, "SEED_D")
    trouble.carry_to("RETRO")
    Copy.objects.all().delete()
    version = trouble.report(to_management="yes")
    heads = {row["person"]["id"] for row in version.data["heads"]}
    copies = set(Copy.objects.values_list("person", flat=True))
    assert heads - {version.submitted_by_id} < copies
    assert "分管副总" in sent_to(trouble)
    told = set(Notice.objects.filter(kind="collaborations.reported").values_list("person", flat=True))
    assert told == copies


WITH = shipped()["SEED_A"]


def found_in(body):
    return [(each.code, each.place) for each in _check(body) if each.place == "minutes_flow"]


def _check(body):
    names = {code for step in body["steps"] for form in step.get("forms", ()) for code in [form["code"]]}
    routes = {route["code"] for step in body["steps"] for route in step.get("routes", ())}
    held = {guard for step in body["steps"] for guard in step.get("guards", ())}
    return check_playbook(
        body, forms=frozenset(names), guards=frozenset(held), routes=frozenset(routes), questions=frozenset()
    )


@pytest.mark.parametrize(
    ("flow", "change", "code"),
    [
        ("SIGN_THEN_DISTRIBUTE", "forms", "collaborations.playbook_minutes_none"),
        ("DISTRIBUTE_THEN_SIGN", "forms", "collaborations.playbook_minutes_none"),
        ("SIGN_THEN_DISTRIBUTE", "routes", "collaborations.playbook_minutes_unsigned"),
        ("DISTRIBUTE_THEN_SIGN", "routes", ""),
        ("SIGN_THEN_DISTRIBUTE", "", ""),
        ("", "forms", ""),
    ],
)
def test_a_flow_nobody_could_keep_is_refused_at_its_word(flow, change, code):
    steps = [
        {**step, change: [each for each in step[change] if "F07" not in each.values()]} if step.get(change) else step
        for step in WITH["steps"]
    ]
    body = {**WITH, "steps": steps, "minutes_flow": flow}
    assert found_in(body) == ([(code, "minutes_flow")] if code else [])


def test_the_word_is_written_read_compared_and_another_is_refused_with_its_line():
    text = write_text(WITH)
    assert shaped(read_text(text).body) == (WITH, [])
    other = {**WITH, "minutes_flow": "DISTRIBUTE_THEN_SIGN"}
    assert changes(WITH, other) == [
        Change(Changed.SET, word="minutes_flow", before="SIGN_THEN_DISTRIBUTE", after="DISTRIBUTE_THEN_SIGN")
    ]
    written = read_text(text.replace("SIGN_THEN_DISTRIBUTE", "SIGNED"))
    (finding,) = shaped(written.body)[1]
    assert (finding.code, finding.place) == ("collaborations.playbook_word_pattern", "minutes_flow")
    assert text.splitlines()[written.with_line(finding).params["line"] - 1].startswith("minutes_flow")


def test_every_shipped_playbook_with_minutes_says_how_they_flow():
    assert {key: body.get("minutes_flow") for key, body in shipped().items() if "F07" in str(body)} == {
        "SEED_A": "SIGN_THEN_DISTRIBUTE",
        **dict.fromkeys(("SEED_C", "SEED_D", "PROJECT", "EMERGENCY", "RECURRING"), "DISTRIBUTE_THEN_SIGN"),
    }


def test_a_dry_run_says_when_the_minutes_go_out(company, playbooks, at):
    supposed = Supposed(company["产品经理"].pk, company.departments["产品部"].pk, (company.departments["市场部"].pk,))
    out = {}
    for key in ("SEED_A", "SEED_C", "SEED_B"):
        way = walk_through(newest(key), supposed, at)
        out[key] = [(each.sent_at - each.begins, each.due_at - each.begins) for each in way if each.sent_at]
    assert out["SEED_B"] == []
    ((sent, signed),) = out["SEED_A"]
    assert sent == signed > timedelta(0)
    ((sent, signed),) = out["SEED_C"]
    assert (sent, signed > timedelta(0)) == (timedelta(0), True)


def test_the_matrix_is_signed_by_heads_with_r_or_a_and_an_edit_voids_what_they_signed(company, playbooks, at):
    matter = at_kickoff("SEED_C", company, at)
    matter.promise_needs()
    matter.minutes()
    draft = samples.matrix(matter.cast, matter.start, matter.draft("F06", "产品经理").draft)
    version = matter.submit("F06", draft)
    held = {row["dept"]["id"] for row in version.data["cells"] if row["letter"] in {"R", "A", "RA"}}
    signoff = matter.signoff("F06", "RACI")
    assert {slot.key for slot in signoff.slots.all()} == {str(pk) for pk in held}
    assert "collaborations.open_signoff" in {code for code, _ in matter.in_the_way()}
    matter.sign_all("F06", "RACI")
    assert matter.signoff("F06", "RACI").state == "APPROVED"
    operations.revise_form(
        matter.refreshed(), form_code="F06", reason="换标准", actor=matter.actor("产品经理"), at=matter.at
    )
    draft["tasks"][0] = {**draft["tasks"][0], "standard": "另一标准"}
    matter.submit("F06", draft)
    again = matter.signoff("F06", "RACI")
    assert (again.pk != signoff.pk, again.state) == (True, "OPEN")
    assert {slot.state for slot in again.slots.all()} == {"PENDING"}


def test_who_goes_on_by_another_version_is_told_that_the_minutes_flow_otherwise(company, playbooks, at):
    matter = Seed.on("SEED_A", company, at)
    matter.carry_to("FIRST_REVIEW")
    other = worded(WITH, {"minutes_flow": "DISTRIBUTE_THEN_SIGN"})
    operations.publish_playbook(other, actor=SYSTEM, at=at)
    (found,) = behind("SEED_A", actor=matter.actor("PMO专员"), at=at)
    assert (found.findings, [change.word for change in found.changed]) == ([], ["minutes_flow"])
