"""From notices to messages: when, together with what, and to whom not."""

from collections import Counter
from datetime import time, timedelta

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Role
from bihuan.kernel.errors import Refused, Stale
from bihuan.notifications import channels, operations, queries, sending
from bihuan.notifications.channels import Message
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice, Preference, Sending
from bihuan.organisation.models import Person
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from tests.notifications.conftest import KIND, ROOT
from tests.witness import facts_since, last_entry, refused

pytestmark = pytest.mark.django_db
POST, OTHER = "开发组长", "推广经理"


class Pigeon:
    """A channel in memory that reaches everybody with an address."""

    key, label = "pigeon", "Pigeon"

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.is_ill = False

    def is_ready(self) -> bool:
        return True

    def reaches(self, receiver) -> bool:
        return bool(receiver.email)

    def send(self, message: Message) -> None:
        if self.is_ill:
            raise ConnectionError("no wind")
        self.sent.append(message)


@pytest.fixture
def pigeon(company, monkeypatch):
    bird = Pigeon()
    monkeypatch.setattr(channels, "_CHANNELS", {bird.key: bird})
    for office in (POST, OTHER, "市场部负责人"):
        Person.objects.filter(pk=company[office].pk).update(email=f"{company[office].username}@example.com")
    return bird


def work(at) -> None:
    """What the worker does in a minute."""
    sending.route_new(at=at)
    sending.bundle_due(at=at)
    while outbox.run_once(at=at, limit=10, outside=True):
        pass


def texts(bird: Pigeon) -> list[str]:
    return [message.text for message in bird.sent]


def test_a_normal_one_leaves_at_once_within_the_hours(company, pigeon, tell, at):
    tell(company.principal(POST))
    work(at)
    (message,) = pigeon.sent
    assert (message.receiver.email, message.thread) == ("sun@example.com", f"parcel:77 {company[POST].pk}")
    assert "You are told: 来看" in message.text
    work(at + timedelta(hours=1))
    assert len(pigeon.sent) == 1


def test_nobody_is_reached_at_night_except_urgently(company, pigeon, tell, at):
    night = at.replace(hour=22)
    tell(company.principal(POST), key="a", when=night)
    tell(company.principal(OTHER), key="b", urgency=Urgency.URGENT, when=night)
    work(night)
    assert [message.receiver.email for message in pigeon.sent] == ["zhao@example.com"]
    work(night + timedelta(hours=10))
    assert [message.receiver.email for message in pigeon.sent] == ["zhao@example.com", "sun@example.com"]


def test_what_was_held_up_into_the_night_waits_for_the_morning(company, pigeon, tell, at):
    """By a worker that was away, or by the ten minutes after a message."""
    evening = at.replace(hour=19, minute=55)
    tell(company.principal(POST), key="a", when=evening)
    sending.route_new(at=evening)
    work(at.replace(hour=23))
    assert pigeon.sent == []
    tell(company.principal(OTHER), key="b", when=evening)
    work(evening)
    tell(company.principal(OTHER), key="c", when=evening + timedelta(minutes=2))
    work(evening + timedelta(minutes=2))
    work(evening + timedelta(minutes=11))
    assert len(pigeon.sent) == 1
    work(at.replace(hour=8) + timedelta(days=1))
    assert sorted(message.receiver.email for message in pigeon.sent[1:]) == ["sun@example.com", "zhao@example.com"]


def test_a_day_off_at_the_receivers_site_is_quiet_and_a_warning_comes_before_what_it_warns_of(
    company, pigeon, tell, at
):
    saturday = at + timedelta(days=4)
    tell(company.principal(POST), key="a", what="can wait", when=saturday)
    tell(company.principal(OTHER), key="b", what="due on Sunday", when=saturday, tell_by=saturday + timedelta(days=1))
    work(saturday)
    assert [message.receiver.email for message in pigeon.sent] == ["zhao@example.com"]
    work(saturday + timedelta(days=1))
    assert len(pigeon.sent) == 1
    work((saturday + timedelta(days=2)).replace(hour=8))
    assert [message.receiver.email for message in pigeon.sent] == ["zhao@example.com", "sun@example.com"]


def test_what_waits_for_the_day_is_one_message_for_a_person_urgent_first_even_if_the_job_runs_twice(
    company, pigeon, tell, at
):
    for key in "abc":
        tell(company.principal(POST), key=key, urgency=Urgency.DIGEST, what=key)
    work(at)
    assert pigeon.sent == []
    tell(company.principal(POST), key="n", what="nacht", when=at.replace(hour=21))
    morning = at.replace(hour=8) + timedelta(days=1)
    sending.route_new(at=at.replace(hour=21))
    assert (sending.bundle_due(at=morning), sending.bundle_due(at=morning)) == (1, 0)
    work(morning)
    (text,) = texts(pigeon)
    assert [line for line in text.splitlines() if line.startswith("You are told")] == [
        f"You are told: {what}" for what in ("nacht", "a", "b", "c")
    ]


def test_a_weekend_of_notices_becomes_few_messages(company, pigeon, tell, at):
    for minute in range(3):
        for number in range(4):
            tell(company.principal(POST), key=f"{minute}-{number}")
        work(at + timedelta(minutes=minute))
    assert len(pigeon.sent) == 1
    work(at + timedelta(minutes=10, seconds=1))
    assert len(pigeon.sent) == 2
    assert Counter(Sending.objects.values_list("bundle", flat=True)).most_common(1)[0][1] == 8


def test_a_failed_sending_is_tried_again_under_the_same_id(company, pigeon, tell, at):
    tell(company.principal(POST))
    pigeon.is_ill = True
    work(at)
    delivery = Delivery.objects.get(topic=sending.SEND)
    assert (pigeon.sent, delivery.state, delivery.attempts) == ([], "PENDING", 1)
    pigeon.is_ill = False
    work(at + timedelta(minutes=1))
    assert [message.delivery_id for message in pigeon.sent] == [delivery.key]
    assert Delivery.objects.get(pk=delivery.pk).state == "DONE"


def test_what_failed_until_the_night_is_tried_in_the_morning_unless_it_is_urgent(company, pigeon, tell, at):
    pigeon.is_ill, evening = True, at.replace(hour=19, minute=55)
    tell(company.principal(POST), key="a", when=evening)
    tell(company.principal(OTHER), key="b", urgency=Urgency.URGENT, when=evening)
    work(evening)
    attempts = Delivery.objects.get(topic=sending.SEND, key__contains=f":{company[POST].pk}:").last_attempt
    pigeon.is_ill = False
    work(at.replace(hour=22))
    assert [message.receiver.email for message in pigeon.sent] == ["zhao@example.com"]
    (held,) = Delivery.objects.filter(state="PENDING", topic=sending.SEND)
    morning = at.replace(hour=8) + timedelta(days=1)
    assert (held.next_at, held.last_attempt - attempts, held.lease_until) == (morning, 1, None)
    work(morning)
    assert [message.receiver.email for message in pigeon.sent] == ["zhao@example.com", "sun@example.com"]
    assert pigeon.sent[1].delivery_id == held.key


def test_who_may_not_read_it_any_more_is_not_told_when_it_leaves(company, pigeon, scope, tell, at):
    night = at.replace(hour=22)
    tell(company.head("市场部"), scope_id=scope.pk, when=night)
    sending.route_new(at=night)
    access.dismiss(scope.pk, company.head("市场部"), role=Role.HEAD, via="test", at=night)
    work(night + timedelta(hours=11))
    assert Delivery.objects.get(topic=sending.SEND).state == "DONE"
    assert pigeon.sent == []


def test_somebody_outside_the_scope_is_never_told(company, pigeon, scope, tell, at):
    tell(company.principal(POST), scope_id=scope.pk, urgency=Urgency.URGENT)
    work(at)
    assert pigeon.sent == []


def test_who_left_meanwhile_gets_nothing(company, pigeon, tell, at):
    night = at.replace(hour=22)
    tell(company.principal(POST), when=night)
    sending.route_new(at=night)
    Person.objects.filter(pk=company[POST].pk).update(is_active=False)
    work(night + timedelta(hours=11))
    assert pigeon.sent == []


def test_what_was_read_in_the_inbox_needs_no_message(company, pigeon, tell, at):
    night = at.replace(hour=22)
    tell(company.principal(POST), when=night)
    sending.route_new(at=night)
    operations.mark_read(Notice.objects.get(), at=night)
    work(night + timedelta(hours=11))
    assert pigeon.sent == []


def test_of_what_is_secret_a_message_says_only_that_there_is_something(company, pigeon, scope, tell, at):
    access.classify(scope.pk, "SECRET")
    tell(company.head("市场部"), scope_id=scope.pk, what="裁员名单")
    work(at)
    (message,) = pigeon.sent
    assert "裁员" not in message.subject + message.text + message.html


def test_a_message_is_in_the_language_and_by_the_clock_of_its_reader(company, pigeon, tell, at):
    Person.objects.filter(pk=company[POST].pk).update(language="en", time_zone="Europe/Berlin")
    tell(company.principal(POST))
    tell(company.principal(OTHER))
    work(at)
    said = {message.receiver.email: message.text for message in pigeon.sent}
    assert "2026-11-17 03:00 CET" in said["sun@example.com"]
    assert "Opening a link changes nothing" in said["sun@example.com"]
    assert "打开链接不会改变任何东西" in said["zhao@example.com"]


def test_a_subject_is_one_line_whatever_somebody_wrote(company, pigeon, tell, at):
    tell(company.principal(POST), what="a\r\nBcc: all@example.com\x0b")
    work(at)
    (message,) = pigeon.sent
    assert message.subject == "You are told: a Bcc: all@example.com"


def test_markup_somebody_wrote_is_text_in_the_message(company, pigeon, tell, at):
    tell(company.principal(POST), what="<script>x</script>")
    work(at)
    assert "&lt;script&gt;x" in pigeon.sent[0].html


# What people wish --------------------------------------------------------------------------------------------------


def wish(company, at, *, opens=time(8), closes=time(20), unwanted=(), seen=0, office=POST):
    actor = company.actor(office)
    operations.change_wishes(
        opens=opens, closes=closes, unwanted=unwanted, seen_revision=seen, actor=actor, at=at
    )  # fmt: skip


def test_wishes_are_kept_with_one_fact(company, pigeon, at):
    before = last_entry()
    wish(company, at, opens=time(9, 30), closes=time(18), unwanted=[(KIND, "pigeon")])
    wishes = queries.wishes_of(company[POST].pk)
    assert (wishes.opens, wishes.closes, wishes.revision, wishes.unwanted) == (
        time(9, 30), time(18), 1, frozenset({(KIND, "pigeon")}),
    )  # fmt: skip
    assert facts_since(before) == [
        {"name": "notifications.wishes.changed", "opens": "09:30", "closes": "18:00", "unwanted": [[KIND, "pigeon"]]}
    ]


def test_an_unwanted_kind_stays_in_the_inbox_and_leaves_by_no_channel(company, pigeon, tell, at):
    wish(company, at, unwanted=[(KIND, "pigeon")])
    tell(company.principal(POST))
    work(at)
    assert (pigeon.sent, queries.unread_count(company.actor(POST), at)) == ([], 1)


def test_what_is_urgent_is_told_whatever_somebody_wished(company, pigeon, tell, at):
    wish(company, at, unwanted=[(KIND, "pigeon"), (KIND, "inbox")])
    tell(company.principal(POST), key="a")
    tell(company.principal(POST), key="b", urgency=Urgency.URGENT, what="Feuer")
    work(at)
    assert len(pigeon.sent) == 1
    assert [card.text for card in queries.inbox(company.actor(POST), at=at).cards] == ["You are told: Feuer"]


def test_own_hours_are_kept(company, pigeon, tell, at):
    wish(company, at, opens=time(13), closes=time(18))
    tell(company.principal(POST))
    work(at)
    assert pigeon.sent == []
    work(at.replace(hour=13))
    assert len(pigeon.sent) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"opens": time(20), "closes": time(8)}, "notifications.hours_too_short"),
        ({"opens": None}, "notifications.hours_unreadable"),
        ({"unwanted": [("no.such", "pigeon")]}, "notifications.kind_unknown"),
        ({"unwanted": [(KIND, "smoke")]}, "notifications.channel_unknown"),
    ],
)
def test_wishes_that_mean_nothing_are_refused(company, pigeon, at, said, code):
    with refused(Refused, code):
        wish(company, at, **said)


def test_wishes_changed_on_another_page_are_not_overwritten(company, pigeon, at):
    wish(company, at, opens=time(9))
    with refused(Stale):
        wish(company, at, opens=time(10))
    wish(company, at, opens=time(10), seen=1)
    assert queries.wishes_of(company[POST].pk).revision == 2
    assert not Preference.objects.exists()


def test_without_a_channel_nothing_is_planned(company, tell, at):
    tell(company.principal(POST))
    sending.route_new(at=at)
    assert not Sending.objects.exists()
    assert ROOT.kind == Notice.objects.get().root_kind
