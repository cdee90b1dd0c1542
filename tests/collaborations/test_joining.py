"""A department that finds a running matter asks its lead to take part: let in with a duty, or told why not."""

from datetime import timedelta
from typing import Any

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Petition
from bihuan.collaborations.operations.joining import ask_to_join, grant_join, refuse_join
from bihuan.collaborations.queries import petitions
from bihuan.commitments.models import Commitment
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.notifications.models import Notice
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.doors import Doors, doors
from tests.witness import facts_since, last_entry, refused

__all__ = ["doors"]
ASKER, LEAD = "财务专员", "产品经理"


@pytest.fixture
def known(campaign: Campaign) -> Campaign:
    """A request that all staff may read."""
    campaign.submit("F01", samples.request(campaign.cast, campaign.start) | {"visibility": "ALL_STAFF"})
    campaign.refreshed()
    return campaign


def ask(campaign: Campaign, post: str = ASKER, department: str = "财务部", reason: str = "预算由我们核") -> Petition:
    return ask_to_join(
        campaign.refreshed(), department_id=campaign.company.departments[department].pk, reason=reason,
        actor=campaign.actor(post), at=campaign.at,
    )  # fmt: skip


def grant(
    campaign: Campaign, petition: Petition, post: str = LEAD, expected: str = "核定活动预算", **more: Any
) -> None:
    said = {"due_on": None, **more}
    grant_join(petition, expected=expected, actor=campaign.actor(post), at=campaign.at, **said)


def refuse(campaign: Campaign, petition: Petition, post: str = LEAD, reason: str = "已有预算") -> None:
    refuse_join(petition, reason=reason, actor=campaign.actor(post), at=campaign.at)


def test_the_project_lead_is_asked(known: Campaign) -> None:
    entry = last_entry()
    petition = ask(known)
    assert facts_since(entry) == [
        {"name": "collaborations.join.asked", "department_id": petition.department_id, "reason": "预算由我们核"}
    ]
    loop = known.collaboration.loops.get(kind="JOIN")
    assert (loop.owner, loop.gate, loop.params["what"]) == (known.company.principal(LEAD), "", "财务部")
    assert Notice.objects.filter(kind="waits.decision", person=known.company[LEAD]).exists()


def test_it_is_let_in_with_a_duty_and_stands_in_what_follows(known: Campaign) -> None:
    petition = ask(known)
    entry, due = last_entry(), known.today + timedelta(days=9)
    grant(known, petition, due_on=due)
    names = [fact["name"] for fact in facts_since(entry)]
    assert names[:2] == ["collaborations.join.granted", "commitments.commitment.made"]
    party = known.collaboration.parties.get(department=petition.department)
    assert (party.role, party.contact_id) == ("SUPPORT", known.company[ASKER].pk)
    promise = Commitment.objects.get(root_id=known.collaboration.pk, kind="ACTION")
    assert (promise.owner_id, promise.text, promise.due_on, promise.gate) == (
        known.company[ASKER].pk, "核定活动预算", due, "leave:EXECUTE",
    )  # fmt: skip
    assert ("COMMITMENT", "") in known.desk(ASKER)
    assert not known.collaboration.loops.filter(kind="JOIN", closed_at=None).exists()
    told = Notice.objects.filter(kind="collaborations.answered").values_list("person", flat=True)
    assert sorted(told) == sorted(known.company[post].pk for post in (ASKER, "财务部负责人"))
    assert [each.department_id for each in petitions.open_petitions(known.collaboration)] == []


def test_another_version_of_the_request_does_not_put_it_out_again(known: Campaign) -> None:
    petition = ask(known)
    grant(known, petition)
    operations.revise_form(known.refreshed(), form_code="F01", reason="补充", actor=known.actor(LEAD), at=known.at)
    known.submit("F01", samples.request(known.cast, known.start) | {"visibility": "ALL_STAFF"})
    assert known.collaboration.parties.filter(department=petition.department).exists()


def test_it_is_told_why_not_and_may_ask_again(known: Campaign) -> None:
    petition = ask(known)
    entry = last_entry()
    refuse(known, petition)
    assert facts_since(entry) == [
        {"name": "collaborations.join.refused", "department_id": petition.department_id, "reason": "已有预算"}
    ]
    (notice,) = Notice.objects.filter(kind="collaborations.answered", person=known.company[ASKER])
    assert notice.params["reason"] == "已有预算"
    assert not known.collaboration.parties.filter(department=petition.department).exists()
    with refused(Stale):
        grant(known, petition)
    assert ask(known).pk != petition.pk


def test_whose_it_is_and_what_is_needed(known: Campaign) -> None:
    with refused(NotAllowed):
        ask(known, "推广经理", "财务部")
    with refused(Refused, "collaborations.takes_part_already"):
        ask(known, "推广经理", "市场部")
    with refused(Refused, "collaborations.reason_missing"):
        ask(known, reason="")
    petition = ask(known)
    with refused(Refused, "collaborations.join_asked_already"):
        ask(known)
    with refused(NotAllowed):
        grant(known, petition, "财务部负责人")
    with refused(NotAllowed):
        refuse(known, petition, "PMO专员")
    with refused(Refused, "collaborations.expected_missing"):
        grant(known, petition, expected=" ")
    with refused(Refused, "collaborations.reason_missing"):
        refuse(known, petition, reason=" ")
    operations.withdraw_collaboration(known.refreshed(), reason="不做了", actor=known.actor(LEAD), at=known.at)
    with refused(HasEnded):
        grant(known, petition)
    with refused(HasEnded):
        ask(known, "PMO专员", "项目管理办公室")


def test_before_it_is_submitted_the_form_says_who_takes_part(campaign: Campaign) -> None:
    with refused(Refused, "collaborations.not_submitted_yet"):
        ask(campaign, LEAD, "产品部")


def test_both_doors(known: Campaign, doors: Doors) -> None:
    pk, department = known.collaboration.pk, known.company.departments["财务部"].pk
    page = f"/matters/{pk}/"
    assert f'action="/matters/{pk}/join"' in doors.page(ASKER).get(page).content.decode()
    assert f'action="/matters/{pk}/join"' not in doors.page(LEAD).get(page).content.decode()
    assert doors.page(ASKER).post(f"{page}join", {"department": department, "reason": ""}).status_code == 422
    assert doors.page(ASKER).post(f"{page}join", {"department": department, "reason": "核预算"}).status_code == 302
    (told,) = doors.program(LEAD).get(f"/collaborations/{pk}/joins").json()["items"]
    assert (told["department"]["name"], told["reason"]) == ("财务部", "核预算")
    shown = doors.page(LEAD).get(page).content.decode()
    assert f'action="/matters/{pk}/join/{told["id"]}"' in shown
    assert f'action="/matters/{pk}/join/{told["id"]}"' not in doors.page(ASKER).get(page).content.decode()
    refusal = doors.page(LEAD).post(f"{page}join/{told['id']}", {"answer": "grant", "expected": "", "due": ""})
    assert refusal.status_code == 422
    foreign = doors.page(LEAD).post(f"{page}join/{told['id'] + 1}", {"answer": "grant", "expected": "核", "due": ""})
    assert foreign.status_code == 404
    granted = doors.program(LEAD).post(f"/collaborations/{pk}/joins/{told['id']}/grant", {"expected": "核定预算"})
    assert granted.status_code == 200
    assert "财务部已加入" in doors.page(ASKER).get(f"/matters/{pk}/timeline").content.decode()
