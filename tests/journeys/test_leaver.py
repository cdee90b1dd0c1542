"""Somebody leaves in the middle of everything: nothing stays with nobody, and his access ends at once."""

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.approvals.models import Slot
from bihuan.collaborations import queries
from bihuan.collaborations.models import Collaboration, Loop, Party
from bihuan.commitments.models import Commitment
from bihuan.issues import operations as issues
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.kernel.now import now
from bihuan.ledger.verification import verify
from bihuan.organisation import duties, operations
from bihuan.organisation.models import Post
from bihuan.organisation.operations import Succession
from bihuan.organisation.queries import day_of
from bihuan.plans.models import Task
from bihuan.progress.models import Report
from bihuan.records.models import Record
from tests.witness import facts_since, last_entry, refused

pytestmark = pytest.mark.django_db


def kinds(person, at):
    return sorted({duty.kind for duty in duties.held_by(person.pk, at)})


def hand_everything(campaign, person, successor, actor):
    chosen = [Succession(duty.key, successor.pk) for duty in duties.held_by(person.pk, campaign.at)]
    return operations.hand_over_duties(person.pk, successions=chosen, reason="离职交接", actor=actor, at=campaign.at)


@pytest.fixture
def at_work(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def named_in_loops(person):
    return list(Loop.objects.filter(owner=f"p:{person.pk}", closed_at__isnull=True).values_list("kind", flat=True))


def test_the_lead_of_a_running_matter_hands_over_all_he_holds_in_one_act(at_work):
    company, at = at_work.company, at_work.at
    lead, successor = company["产品经理"], company["推广经理"]
    record = issues.start_risk(at_work.refreshed(), actor=at_work.actor("产品经理"), at=at)
    held = kinds(lead, at)
    assert {"collaborations.initiator", "collaborations.lead", "organisation.post", "records.draft"} <= set(held)
    with refused(Refused, "organisation.still_holds"):
        operations.deactivate_person(lead.pk, actor=company.actor("管理员", at), at=at)
    before = last_entry()
    moved = hand_everything(at_work, lead, successor, company.actor("产品部负责人", at))
    assert moved == len(facts_since(before)) - len(facts_since(before, "collaborations.step.entered"))
    matter = Collaboration.objects.get(pk=at_work.collaboration.pk)
    assert (matter.lead_id, matter.initiator_id) == (successor.pk, successor.pk)
    assert Record.objects.get(pk=record.pk).filler_id == successor.pk
    assert duties.held_by(lead.pk, at) == []
    assert named_in_loops(lead) == []
    assert not Loop.objects.filter(asked_by=f"p:{lead.pk}", closed_at__isnull=True).exists()
    assert operations.deactivate_person(lead.pk, actor=company.actor("管理员", at), at=at).is_active is False
    assert verify().problems == []


def test_the_successor_sees_and_carries_the_matter_and_the_leaver_does_not(at_work):
    company, at = at_work.company, at_work.at
    lead, successor = company["产品经理"], company["财务专员"]
    pk = at_work.collaboration.pk
    hand_everything(at_work, lead, successor, company.actor("产品部负责人", at))
    assert queries.collaboration_for(at_work.actor("财务专员"), pk, at=at).lead_id == successor.pk
    operations.deactivate_person(lead.pk, actor=SYSTEM, at=at)
    assert at_work.actor("产品经理").principals == frozenset()


def test_a_contact_person_hands_over_tasks_weeks_and_the_word_for_his_department(at_work):
    company, at = at_work.company, at_work.at
    contact, successor = company["开发组长"], company["技术部负责人"]
    assert "plans.task" in kinds(contact, at)
    hand_everything(at_work, contact, successor, company.actor("开发组长", at))
    assert not Task.objects.filter(owner=contact).exclude(state__in=["DONE", "CANCELLED"]).exists()
    assert not Party.objects.filter(contact=contact).exists()
    assert not Report.objects.filter(
        reporter=contact, submitted_at__isnull=True, period__locked_at__isnull=True
    ).exists()
    assert named_in_loops(contact) == []


def test_several_successors_take_over_line_by_line(at_work):
    company, at = at_work.company, at_work.at
    lead = company["产品经理"]
    to = {"collaborations.lead": company["推广经理"].pk, "collaborations.initiator": company["产品部负责人"].pk}
    chosen = [Succession(duty.key, to[duty.kind]) for duty in duties.held_by(lead.pk, at) if duty.kind in to]
    operations.hand_over_duties(
        lead.pk, successions=chosen, reason="离职", actor=company.actor("产品部负责人", at), at=at
    )
    matter = Collaboration.objects.get(pk=at_work.collaboration.pk)
    assert (matter.lead_id, matter.initiator_id) == (company["推广经理"].pk, company["产品部负责人"].pk)


def test_a_promise_does_not_go_to_who_must_verify_it_and_the_line_says_so(campaign):
    campaign.carry_to("ARCHIVE")
    company, at = campaign.company, campaign.at
    promise = Commitment.objects.get(kind="IMPROVEMENT")
    verifier = promise.verifier.removeprefix("p:")
    with refused(Refused, "commitments.verifier_is_owner"):
        operations.hand_over_duties(
            promise.owner_id, successions=[Succession(f"commitments.owed.{promise.pk}", int(verifier))],
            reason="离职", actor=SYSTEM, at=at,
        )  # fmt: skip
    assert promise.owner_id == company["产品经理"].pk


def test_decisions_asked_of_an_office_follow_the_office_at_once(campaign):
    """The head leaves while he is asked: nothing is rewritten, the next head sees the same question."""
    campaign.request()
    company, at = campaign.company, campaign.at
    head, successor = company["市场部负责人"], company["市场专员"]
    slot = Slot.objects.get(principal=company.head("市场部"), state="PENDING")
    hand_everything(campaign, head, successor, company.actor("管理员", at))
    operations.deactivate_person(head.pk, actor=SYSTEM, at=at)
    assert "SIGNOFF" in [kind for kind, _part in campaign.desk("市场专员")]
    assert slot.principal in campaign.actor("市场专员").principals


def test_a_decision_asked_by_name_goes_to_the_successor_but_never_to_the_author(campaign):
    campaign.request()
    company, at = campaign.company, campaign.at
    asked, author = company["分管副总"], company["产品经理"]
    slot = Slot.objects.filter(state="PENDING").first()
    Slot.objects.filter(pk=slot.pk).update(principal=f"p:{asked.pk}")
    key = f"approvals.slots.{slot.signoff_id}"
    with refused(Refused, "approvals.author_signs"):
        operations.hand_over_duties(
            asked.pk, successions=[Succession(key, author.pk)], reason="调任", actor=SYSTEM, at=at
        )
    before = last_entry()
    successor = company["财务部负责人"]
    operations.hand_over_duties(
        asked.pk, successions=[Succession(key, successor.pk)], reason="调任", actor=SYSTEM, at=at
    )
    assert Slot.objects.get(pk=slot.pk).principal == f"p:{successor.pk}"
    assert [fact["after"] for fact in facts_since(before, "approvals.slots.handed_over")] == [f"p:{successor.pk}"]
    assert Loop.objects.filter(owner=f"p:{successor.pk}", kind="SIGNOFF", closed_at__isnull=True).count() == 1


# Access ends and begins with the post, seen over HTTP ---------------------------------------------------------------


def test_a_post_given_from_today_opens_the_page_and_its_end_closes_it_with_the_next_request(campaign, client_for):
    campaign.request()
    company, today = campaign.company, day_of(now())
    client, page = client_for(company.outsider), f"/matters/{campaign.collaboration.pk}/"
    assert client.get(page).status_code == 404
    post = operations.appoint(
        person_id=company.outsider.pk, department_id=company.departments["市场部"].pk, title="借调",
        starts_on=today, actor=SYSTEM, at=now(),
    )  # fmt: skip
    assert client.get(page).status_code == 200
    operations.end_post(post.pk, actor=SYSTEM, at=now())
    assert client.get(page).status_code == 404


def test_a_post_begins_and_ends_with_its_days_when_the_clock_moves(campaign, client_for, settings):
    """Two departments at once: what the second post opens, closes with it; the first stays."""
    campaign.request()
    company, today = campaign.company, day_of(now())
    operations.appoint(
        person_id=company.outsider.pk, department_id=company.departments["市场部"].pk, title="借调",
        starts_on=today + timedelta(days=2), actor=SYSTEM, at=now(),
    )  # fmt: skip
    Post.objects.filter(title="借调").update(ends_on=today + timedelta(days=4))
    client, page = client_for(company.outsider), f"/matters/{campaign.collaboration.pk}/"
    seen = []
    for _day in range(6):
        seen.append(client.get(page).status_code)
        client.post("/demo/clock", {"hours": "24"})
    settings.OPTIONS.clock_offset = 0
    assert seen == [404, 404, 200, 200, 404, 404]


def test_a_leaver_is_out_in_the_browser_and_by_token_and_stays_out_when_he_comes_back(campaign, client_for):
    company = campaign.company
    staff = company.staff
    _token, secret = operations.issue_token(
        name="报表", scopes=["read"], actor=company.actor("市场专员"), at=campaign.at
    )
    client, bearer = client_for(staff), Client(headers={"authorization": f"Bearer {secret}"})
    assert (client.get("/").status_code, bearer.get("/api/v1/me").status_code) == (200, 200)
    operations.deactivate_person(staff.pk, actor=SYSTEM, at=now())
    assert (client.get("/").status_code, bearer.get("/api/v1/me").status_code) == (302, 401)
    type(staff).objects.filter(pk=staff.pk).update(is_active=True)
    assert (client.get("/").status_code, bearer.get("/api/v1/me").status_code) == (302, 401)
