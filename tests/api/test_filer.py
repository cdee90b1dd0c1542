"""The executive names through the API who files a secret matter's plan."""

from bihuan.access.models import Member
from bihuan.collaborations.policy.members import FILER
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry


def test_the_executive_names_one_person_once_per_key(campaign, program, refuses):
    campaign.submit("F01", samples.request(campaign.cast, campaign.start) | {"secrecy": "SECRET"})
    campaign.agree_to_request()
    campaign.carry_to("FILING")
    address, clerk = f"/collaborations/{campaign.collaboration.pk}/filer", campaign.company["行政专员"]
    executive, before = program("分管副总"), last_entry()
    for _time in range(2):
        assert executive.post(address, {"person_id": clerk.pk}, key="named-once-only").status_code == 200
    members = Member.objects.filter(via=FILER, until_at=None).values_list("principal", flat=True)
    assert list(members) == [f"p:{clerk.pk}"]
    assert len(facts_since(before, "collaborations.filer.named")) == 1
    stranger = campaign.company["财务专员"]
    refuses(422, executive.post, address, {"person_id": stranger.pk})
    refuses(403, program("产品经理").post, address, {"person_id": clerk.pk})
    refuses(404, program("PMO专员").post, address, {"person_id": clerk.pk})
