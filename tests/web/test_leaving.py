"""The page on which everything a person holds is handed over."""

import re

import pytest
from django.test import Client

from bihuan.organisation import duties
from bihuan.organisation.models import Person
from tests.cast import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(campaign):
    campaign.carry_to("EXECUTE")
    return f"/people/{campaign.company['产品经理'].pk}/hand-over"


def text(response) -> str:
    return response.content.decode()


def test_a_reader_sees_titles_and_an_administrator_only_numbers(campaign, client_for, page) -> None:
    matter = campaign.refreshed()
    head, admin = client_for(campaign.company["产品部负责人"]), client_for(campaign.company["管理员"])
    assert matter.title in text(head.get(page))
    for_admin = text(admin.get(page))
    assert matter.number in for_admin
    assert matter.title not in for_admin


def test_everything_goes_to_one_and_then_the_person_leaves(campaign, client_for, page) -> None:
    company, person = campaign.company, campaign.company["产品经理"]
    admin: Client = client_for(company["管理员"])
    refused = admin.post(f"/people/{person.pk}/deactivate")
    assert refused.status_code == 422
    assert campaign.refreshed().number in text(refused)
    done = admin.post(page, {"to_all": company["推广经理"].pk, "reason": "离职"})
    assert done.status_code == 302
    assert duties.held_by(person.pk, campaign.at) == []
    assert "没有任何事项只在该人名下" in text(admin.get(page))
    assert admin.post(f"/people/{person.pk}/deactivate").status_code == 302
    assert Person.objects.get(pk=person.pk).is_active is False
    assert "推广" in text(client_for(company["产品部负责人"]).get(f"/matters/{campaign.collaboration.pk}/"))


def test_what_was_typed_stays_when_a_line_is_refused(campaign, client_for, page) -> None:
    company, person = campaign.company, campaign.company["产品经理"]
    admin: Client = client_for(company["管理员"])
    key = f"to.collaborations.lead.{campaign.collaboration.pk}"
    answer = admin.post(page, {key: person.pk, "to_all": company["推广经理"].pk, "reason": "交接给推广"})
    assert answer.status_code == 422
    shown = text(answer)
    assert "交接给推广" in shown
    assert re.search(rf'name="{re.escape(key)}" value="{person.pk}"', shown)
    nobody = admin.post(page, {"to_all__text": "查无此人", "reason": "离职"})
    assert nobody.status_code == 422
    assert campaign.refreshed().lead_id == person.pk


def test_the_button_is_there_for_who_may_use_it(company: Company, client_for) -> None:
    person = f"/people/{company['推广经理'].pk}/"
    seen = {
        office: "/hand-over" in text(client_for(company[office]).get(person))
        for office in ("推广经理", "市场部负责人", "管理员", "市场专员", "技术部负责人")
    }
    assert seen == {"推广经理": True, "市场部负责人": True, "管理员": True, "市场专员": False, "技术部负责人": False}
