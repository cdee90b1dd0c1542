"""Two people, or one in two windows, who press the button at the same moment."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bihuan.approvals.models import Slot
from bihuan.collaborations.operations import publish_shipped_playbooks
from bihuan.kernel.now import now
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Person
from tests.campaign import Campaign
from tests.cast import make_company


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """All of them at the same moment, each in a thread with a connection of its own."""
    ready, answers = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        ready.wait(timeout=20)
        try:
            answers[place] = act()
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def asked(transactional_db: None) -> Campaign:
    publish_shipped_playbooks(at=now())
    campaign = Campaign.begin(make_company(now()), now())
    campaign.request()
    return campaign


@pytest.mark.django_db(transaction=True)
def test_one_signature_given_in_two_windows_at_once_is_one(asked: Campaign) -> None:
    """AT18: two forms with different words; one decides, the other is told that it came too late."""
    slot = Slot.objects.get(principal=asked.company.head("技术部"))
    head = asked.company["技术部负责人"]
    windows = [signed_in(head), signed_in(head)]
    said = [{"decision": "APPROVE", "opinion": "同意"}, {"decision": "REFUSE", "opinion": "目标无法量化"}]
    forms = [{**words, "seen_digest": slot.digest, "request_key": f"w{key}"} for key, words in enumerate(said)]
    first, second = at_once(
        *(partial(client.post, f"/sign/{slot.pk}/decide", form) for client, form in zip(windows, forms, strict=True))
    )
    assert sorted([first.status_code, second.status_code]) == [302, 409]
    assert Entry.objects.filter(name="approvals.slot.decided").count() == 1
    won = said[0] if first.status_code == 302 else said[1]
    slot.refresh_from_db()
    assert (slot.opinion, slot.state) == (won["opinion"], "APPROVED" if won is said[0] else "REFUSED")


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_decide_at_once_are_both_heard(asked: Campaign) -> None:
    slots = [Slot.objects.get(principal=asked.company.head(name)) for name in ("技术部", "市场部")]
    heads = [signed_in(asked.company[post]) for post in ("技术部负责人", "市场部负责人")]
    said = {"decision": "APPROVE", "opinion": "同意"}
    answers = at_once(
        *(
            partial(client.post, f"/sign/{slot.pk}/decide", {**said, "seen_digest": slot.digest})
            for client, slot in zip(heads, slots, strict=True)
        )
    )
    assert [each.status_code for each in answers] == [302, 302]
    assert Entry.objects.filter(name="approvals.slot.decided").count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_from_two_places_at_once_begins_one_matter(asked: Campaign) -> None:
    person = asked.company["产品经理"]
    department = asked.company.departments["产品部"].pk
    body = {"title": "新协作", "department": department, "playbook": "SEED_B", "request_key": "one form"}
    answers = at_once(*(partial(signed_in(person).post, "/matters/new", body) for _ in range(2)))
    assert sorted(each.status_code for each in answers) in ([302, 302], [302, 409])
    assert Entry.objects.filter(name="collaborations.collaboration.started").count() == 2
