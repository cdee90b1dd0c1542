"""The web process is killed in the middle of an operation (kill -9): nothing is lost and nothing stands half there."""

import pytest

from bihuan.approvals import queries as approvals
from bihuan.collaborations.models import Collaboration
from bihuan.ledger.verification import verify
from bihuan.organisation import operations as organisation
from tests import forms_samples as samples
from tests.api.conftest import Program
from tests.journeys.killed import check_a_killed_request_loses_and_halves_nothing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(company, at, monkeypatch):
    """`program("产品经理")` calls as that person; its token was used today already."""
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: at)

    def made(office: str) -> Program:
        actor = company.actor(office)
        _token, secret = organisation.issue_token(name="test", scopes=["read", "write", "sign"], actor=actor, at=at)
        caller = Program(secret)
        assert caller.get("/me").status_code == 200
        return caller

    return made


def test_a_matter_is_begun_whole_or_not_at_all(campaign, program):
    caller = program("产品经理")
    body = {
        "title": "会员积分活动",
        "department_id": campaign.company.departments["产品部"].pk,
        "playbook": "SEED_B",
    }
    check_a_killed_request_loses_and_halves_nothing(lambda: caller.post("/collaborations", body, key="begin-0001"))
    assert Collaboration.objects.filter(title="会员积分活动").count() == 1
    assert verify().problems == []


def test_a_request_is_submitted_whole_or_not_at_all(campaign, program):
    caller = program("产品经理")
    record = campaign.fill("F01", samples.request(campaign.cast, campaign.start))
    address, body = f"/records/{record.pk}/submit", {"seen_revision": record.revision}
    check_a_killed_request_loses_and_halves_nothing(lambda: caller.post(address, body, key="submit-0001"), stride=13)
    assert campaign.refreshed().number == "XZ-2026-0001"
    assert verify().problems == []


def test_a_decision_counts_whole_or_not_at_all(campaign, program):
    campaign.request()
    (slot,) = approvals.slots_to_decide(campaign.signoff("F01", "OPINIONS"), campaign.actor("市场部负责人"))
    caller = program("市场部负责人")
    address, body = f"/slots/{slot.pk}/decide", {"decision": "APPROVE", "seen_digest": slot.digest}
    check_a_killed_request_loses_and_halves_nothing(lambda: caller.post(address, body, key="decide-0001"), stride=5)
    assert campaign.desk("市场部负责人") == [("NEED_ANSWER", "")]
    assert verify().problems == []
