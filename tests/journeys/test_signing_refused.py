"""A decision on what is withdrawn, replaced, closed or somebody else's: refused at both doors, nothing written."""

from html import unescape

import pytest
from django.utils import translation

from bihuan.approvals import operations as approvals
from bihuan.approvals import queries
from bihuan.approvals.models import Slot
from bihuan.approvals.operations import SlotSpec
from bihuan.kernel import principals, sentences
from bihuan.kernel.findings import Finding
from tests import forms_samples as samples
from tests.approvals.cast import DIGEST
from tests.witness import everything

HEAD, OTHER = "市场部负责人", "技术部负责人"
OVER, NOT_YOURS = "approvals.signoff_closed", "approvals.not_the_signatory"


@pytest.fixture
def refused_at_both(doors):
    """The person is told why at the page and by a program; no row of any table changes but the visit of its reader."""

    def check(slot: Slot, post: str, status: int, code: str) -> None:
        doors.program(post)
        doors.page(post).get("/")
        before = everything()
        page = doors.page(post).post(
            f"/sign/{slot.pk}/decide",
            {"decision": "APPROVE", "seen_digest": slot.digest, "request_key": "late"},
        )
        answer = doors.sign_by_program(slot, post, decision="APPROVE")
        assert (page.status_code, answer.status_code, answer.json()["code"]) == (status, status, code)
        with translation.override("zh-hans"):
            said = sentences.explain(Finding(code, params={"who": slot.label})).what
        assert status == 404 or said in unescape(page.content.decode())
        assert {name: rows for name, rows in everything().items() if rows != before[name]}.keys() <= {
            "organisation.Token", "api.Call", "kernel.Attempt",
        }  # fmt: skip

    return check


def slot_of(campaign, post: str) -> Slot:
    department = post.removesuffix("负责人")
    return campaign.signoff("F01", "OPINIONS").slots.get(principal=campaign.company.head(department))


def test_what_was_withdrawn_and_what_a_newer_version_replaced(campaign, doors, refused_at_both):
    campaign.request()
    first = slot_of(campaign, HEAD)
    record = first.signoff.subject_id
    lead = doors.program("产品经理")
    revised = lead.post(
        f"/collaborations/{campaign.collaboration.pk}/revise", {"form_code": "F01", "reason": "目标有变"}
    )
    assert revised.status_code == 200
    refused_at_both(first, HEAD, 409, OVER)
    campaign.submit("F01", {**samples.request(campaign.cast, campaign.start), "title": "改过的标题"})
    second = slot_of(campaign, HEAD)
    assert (second.signoff.subject_id, second.pk != first.pk) == (record, True)
    refused_at_both(first, HEAD, 409, OVER)
    assert doors.sign_on_page(second, HEAD, decision="APPROVE", opinion="同意").status_code == 302


def test_what_was_refused_and_what_is_not_ones_own(campaign, doors, refused_at_both):
    campaign.request()
    mine, theirs = slot_of(campaign, HEAD), slot_of(campaign, OTHER)
    refused_at_both(mine, OTHER, 403, NOT_YOURS)
    refused_at_both(mine, "产品经理", 403, "approvals.author_signs")
    refused_at_both(mine, "财务专员", 404, "kernel.not_found")
    assert doors.sign_on_page(mine, HEAD, decision="REFUSE", opinion="与大促冲突").status_code == 302
    refused_at_both(theirs, OTHER, 409, OVER)
    refused_at_both(mine, HEAD, 409, OVER)


def test_who_wrote_it_signs_it_as_member_of_a_group_neither(campaign, doors, refused_at_both):
    """Another member of the group does; what the group was asked is not the author's to answer by any door."""
    campaign.request()
    company = campaign.company
    spec = SlotSpec(key="pmo", principal=principals.PMO, label="PMO", digest=DIGEST)
    opened = approvals.open_signoff(
        "OPINIONS", subject=campaign.root, root=campaign.root, scope_id=campaign.collaboration.scope_id, digest=DIGEST,
        author_id=company["PMO专员"].pk, slots=[spec], actor=campaign.actor("PMO专员"), at=campaign.at,
    )  # fmt: skip
    slot = opened.slots.get()
    assert slot.pk not in [one.pk for one in queries.open_slots(campaign.actor("PMO专员"), campaign.at)]
    refused_at_both(slot, "PMO专员", 403, "approvals.author_signs")
