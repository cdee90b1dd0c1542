"""What the rooms tell whom: the campaign in the inboxes of its posts."""

import pytest

from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.models import Loop
from bihuan.notifications import queries
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice

pytestmark = pytest.mark.django_db


def unread(campaign, post: str) -> list[str]:
    return [card.text for card in queries.inbox(campaign.actor(post), at=campaign.at, unread=True).cards]


def of_kind(kind: str) -> list[tuple[int, int]]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("person_id", "urgency"))


def test_who_is_asked_to_decide_is_told_and_led_to_the_page_to_sign(campaign):
    campaign.request()
    cards = queries.inbox(campaign.actor("市场部负责人"), at=campaign.at, unread=True, kind="waits.decision").cards
    (card,) = cards
    slot = Loop.objects.get(kind="SIGNOFF", owner=campaign.company.head("市场部")).params["slot"]
    assert (card.kind, card.text, card.href) == (
        "waits.decision", "请您审议：跨部门协作需求申请表（市场部）", f"/sign/{slot}/",
    )  # fmt: skip
    assert (card.number, card.urgency) == (campaign.refreshed().number, Urgency.NORMAL)


def test_who_brings_something_on_himself_is_not_told(campaign):
    assert unread(campaign, "产品经理") == []
    campaign.request()
    assert unread(campaign, "产品经理") == []


def test_who_has_decided_need_not_read_that_he_was_asked(campaign):
    campaign.request()
    campaign.decide("F01", "OPINIONS", "市场部负责人", opinion="同意")
    asked = Notice.objects.filter(kind="waits.decision", read_at=None).values_list("person_id", flat=True)
    assert set(asked) == {campaign.company[post].pk for post in ("技术部负责人", "运营部负责人")}


def test_the_author_is_told_what_was_answered(campaign):
    campaign.request()
    campaign.decide("F01", "OPINIONS", "市场部负责人", opinion="同意")
    campaign.decide("F01", "OPINIONS", "技术部负责人", decision=Decision.REFUSE, opinion="人手不足")
    said = [text for text in unread(campaign, "产品经理") if "王敏" in text or "陈志远" in text]
    assert said == ["陈志远代表技术部不同意：人手不足 至此各方均已答复，未获同意。", "王敏代表市场部同意。"]
    author = campaign.company["产品经理"].pk
    assert of_kind("approvals.answered") == [(author, Urgency.DIGEST), (author, Urgency.NORMAL)]


def test_who_is_urged_is_told_by_whom(campaign):
    campaign.request()
    loop = Loop.objects.get(kind="SIGNOFF", owner=campaign.company.head("市场部"))
    collaborations.urge(loop, actor=campaign.actor("产品经理"), at=campaign.at)
    assert unread(campaign, "市场部负责人")[0] == "林晓彤催办：请您审议：跨部门协作需求申请表（市场部）"


def test_who_is_no_longer_asked_is_told_in_the_message_of_the_day(campaign):
    campaign.request()
    matter = campaign.refreshed()
    collaborations.withdraw_collaboration(matter, reason="目标要重写", actor=campaign.actor("产品经理"), at=campaign.at)
    assert [text for text in unread(campaign, "市场部负责人") if "目标要重写" in text]
    assert {urgency for _person, urgency in of_kind("approvals.voided")} == {Urgency.DIGEST}


def test_a_new_lead_is_told_that_the_matter_is_his(campaign):
    campaign.request()
    campaign.agree_to_request()
    matter, after = campaign.refreshed(), campaign.company["推广经理"].pk
    collaborations.change_lead(matter, lead_id=after, reason="调岗", actor=campaign.actor("产品经理"), at=campaign.at)
    assert after in {person for person, _ in of_kind("collaborations.handed_over")}


def test_strangers_are_told_nothing(campaign):
    campaign.carry_to("EXECUTE")
    told = set(Notice.objects.values_list("person_id", flat=True))
    assert told.isdisjoint({campaign.company.outsider.pk, campaign.company.nobody.pk})
