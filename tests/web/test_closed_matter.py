"""The head of a matter that has ended."""

import re

from bihuan.collaborations.models import Loop


def head_of(client, campaign):
    page = client.get(f"/matters/{campaign.collaboration.pk}/").content.decode()
    found = re.search(r'<header class="matterhead">.*?</header>', page, re.DOTALL)
    assert found is not None
    return page, " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()), found[0]


def test_it_says_how_and_when_it_ended_and_what_is_still_owed_until_nothing_is(campaign, client_for):
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    lead = client_for(campaign.company["产品经理"])
    (owed,) = Loop.objects.filter(collaboration=campaign.collaboration, closed_at=None)

    page, words, head = head_of(lead, campaign)
    assert ("已关闭" in words, "1 项未闭环" in words) == (True, True)
    assert f"{campaign.at.month}月{campaign.at.day}日" in words
    assert ("/commitments/" in head, "advance" in page) == (True, False)

    Loop.objects.filter(pk=owed.pk).update(closed_at=campaign.at)
    page, words, head = head_of(lead, campaign)
    assert ("已关闭" in words, "未闭环" in words, "/commitments/" in head) == (True, False, False)
