"""The page where the executive names who files a secret matter's plan."""

import pytest

from bihuan.access.models import Member
from bihuan.collaborations.policy.members import FILER
from bihuan.ledger.models import Entry
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry


@pytest.fixture
def secret(campaign):
    campaign.submit("F01", samples.request(campaign.cast, campaign.start) | {"secrecy": "SECRET"})
    campaign.agree_to_request()
    campaign.carry_to("FILING")
    return campaign


def plan_page(campaign):
    return f"/matters/{campaign.collaboration.pk}/plan"


def named(campaign):
    return list(Member.objects.filter(via=FILER, until_at=None).values_list("principal", flat=True))


def test_the_executive_finds_it_on_the_desk_names_somebody_and_others_see_no_form(secret, client_for):
    executive, clerk = client_for(secret.company["分管副总"]), secret.company["行政专员"]
    desk = executive.get("/").content.decode()
    assert plan_page(secret) in desk
    page = executive.get(plan_page(secret)).content.decode()
    address = f"/matters/{secret.collaboration.pk}/filer"
    assert f'action="{address}"' in page
    assert clerk.name in page
    assert secret.company["财务专员"].name not in page
    lead = client_for(secret.company["产品经理"]).get(plan_page(secret)).content.decode()
    assert address not in lead
    refused = executive.post(address, {"filer": secret.company["财务专员"].pk})
    assert (refused.status_code, named(secret)) == (422, [])
    before = last_entry()
    answer = executive.post(address, {"filer": clerk.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert named(secret) == [f"p:{clerk.pk}"]
    assert [fact["name"] for fact in facts_since(before)][:1] == ["collaborations.filer.named"]
    his = client_for(clerk)
    story = his.get(f"/matters/{secret.collaboration.pk}/timeline").content.decode()
    assert clerk.name in story
    assert Entry.objects.filter(name="access.secret.read", actor_id=clerk.pk).count() == 1
