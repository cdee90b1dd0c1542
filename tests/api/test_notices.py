"""Notices through the API."""

import pytest

from bihuan.notifications.models import Notice

pytestmark = pytest.mark.django_db
KIND = "waits.decision"


def test_a_program_reads_what_its_person_was_told_and_marks_it(campaign, program):
    campaign.request()
    head = program("市场部负责人")
    (one,) = head.get("/notices", unread="true", kind=KIND).json()["items"]
    assert (one["kind"], one["urgency"], one["read_at"]) == ("waits.decision", "NORMAL", None)
    assert one["root"] == f"collaboration:{campaign.collaboration.pk}"
    receipt = head.post(f"/notices/{one['id']}/read").json()
    assert (receipt["kind"], receipt["id"], receipt["state"]) == ("notice", one["id"], "READ")
    assert head.get("/notices", unread="true", kind=KIND).json() == {"items": [], "next": None}


def test_all_up_to_an_id_are_marked_once_for_a_key(campaign, program):
    campaign.request()
    head = program("市场部负责人")
    told = head.get("/notices").json()["items"]
    newest = told[0]["id"]
    receipts = [head.post("/notices/read", {"newest": newest}, key="the-same-key").json()["id"] for _ in range(2)]
    assert receipts == [len(told)] * 2


def test_the_notice_of_somebody_else_is_not_there(campaign, program):
    campaign.request()
    notice = Notice.objects.filter(person=campaign.company["市场部负责人"], kind=KIND).get()
    assert program("技术部负责人").post(f"/notices/{notice.pk}/read").status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None
