"""The link of a message: for one person, once, to the page where one decides."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.approvals.models import Slot
from bihuan.notifications import operations, queries
from bihuan.notifications.channels import Receiver
from bihuan.notifications.composing import address, composed
from bihuan.notifications.errors import LinkOver
from bihuan.notifications.models import Notice
from bihuan.notifications.rules import LASTS, SALT, token_of
from bihuan.organisation.models import Post
from tests.witness import last_entry, refused

HEAD = "市场部负责人"


@pytest.fixture
def notice(campaign):
    """The head of marketing is told that a request waits for his decision."""
    campaign.request()
    return Notice.objects.get(person=campaign.company[HEAD], params__page__0="slot")


def browser(campaign, post):
    client = Client()
    client.force_login(campaign.company[post])
    return client


def link_to(campaign, notice):
    return queries.link_of(notice, at=campaign.at)


def test_from_the_message_to_the_decision_it_is_two_requests(campaign, notice):
    cards = queries.cards_of([notice])
    links = {notice.pk: address(link_to(campaign, notice))}
    receiver = Receiver(
        id=notice.person_id, name="王敏", email="wang@example.com", language="zh-hans", zone="Asia/Shanghai"
    )
    message = composed(receiver, cards, links, "d1")
    (path,) = set(re.findall(r"https?://[^/]+(/go/[^\s\"]+)", message.text + message.html))
    client, slot = browser(campaign, HEAD), Slot.objects.get(pk=notice.params["page"][1])
    page = client.get(path, follow=True)
    assert page.redirect_chain == [(f"/sign/{slot.pk}/", 302)]
    fields = dict(re.findall(r'name="(seen_digest|request_key)" value="([^"]*)"', page.content.decode()))
    client.post(f"/sign/{slot.pk}/decide", {**fields, "decision": "APPROVE"})
    slot.refresh_from_db()
    assert (slot.state, slot.decided_by_name) == ("APPROVED", "王敏")


def test_it_opens_once_and_decides_nothing(campaign, notice):
    client, path, before = browser(campaign, HEAD), link_to(campaign, notice), last_entry()
    assert client.head(path).status_code == 405
    assert client.post(path).status_code == 405
    assert client.get(path + "?decision=APPROVE").status_code == 302
    over = client.get(path)
    assert over.status_code == 410
    assert "这个链接已经用过" in over.content.decode()
    assert set(Slot.objects.values_list("state", flat=True)) == {"PENDING"}
    assert last_entry() == before
    notice.refresh_from_db()
    assert (notice.entered_at, notice.read_at) == (campaign.at, None)


def test_whoever_is_not_signed_in_signs_in_first_and_the_link_stays_good(campaign, notice):
    path, client = link_to(campaign, notice), Client()
    asked = client.get(path)
    assert (asked.status_code, asked["Location"].startswith("/signin?next=%2Fgo%2F")) == (302, True)
    assert "_auth_user_id" not in client.session
    assert Notice.objects.get(pk=notice.pk).entered_at is None
    client.force_login(campaign.company[HEAD])
    assert client.get(path).status_code == 302


def test_for_everybody_else_there_is_no_such_page(campaign, notice):
    path = link_to(campaign, notice)
    answers = [browser(campaign, post).get(path) for post in ("产品经理", "技术部负责人", "PMO专员", "财务专员")]
    client = browser(campaign, HEAD)
    forged = [token_of(notice.pk, campaign.company[HEAD].pk, at=campaign.at) + "x", "WzFd:x", "x" * 400, "a:b:c"]
    answers += [client.get(f"/go/{token}") for token in forged]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Notice.objects.get(pk=notice.pk).entered_at is None
    assert SALT not in path


def test_it_ends_after_two_weeks_and_with_the_right_to_read(campaign, notice):
    token = link_to(campaign, notice).rpartition("/")[2]
    campaign.wait(seconds=int(LASTS.total_seconds()) + 1)
    with refused(LinkOver):
        operations.enter(token, actor=campaign.actor(HEAD), at=campaign.at)
    campaign.at -= timedelta(seconds=2)
    Post.objects.filter(person=campaign.company[HEAD]).update(ends_on=campaign.start)
    assert browser(campaign, HEAD).get(f"/go/{token}").status_code == 404


def test_what_one_does_not_decide_on_keeps_its_plain_address(campaign, notice):
    asked = Notice.objects.exclude(params__page__0="slot").filter(params__has_key="page").first()
    assert asked is not None
    assert link_to(campaign, asked) == queries.address_of(asked)
