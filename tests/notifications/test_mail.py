"""Mail against a real SMTP server."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from smtplib import SMTPException

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.conf import settings
from django.core.mail import BadHeaderError

from bihuan.access import operations as access
from bihuan.cli import doctor
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import operations, queries, sending
from bihuan.notifications.channels import Message, Receiver
from bihuan.notifications.enums import UNDELIVERED, Urgency
from bihuan.notifications.mail import MailChannel
from bihuan.notifications.models import Notice
from bihuan.organisation.models import Person
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from tests.notifications.conftest import KIND, ROOT

pytestmark = pytest.mark.django_db
POST = "开发组长"


@dataclass
class Box:
    """What the server took in. `refusals`: how many it turns away first; `is_forgetful`: after taking them.

    `answers`: what it says to a receiver instead of taking him.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    refusals: int = 0
    is_forgetful: bool = False
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.refusals:
            self.refusals -= 1
            if self.is_forgetful:
                self._take(envelope)
            return "451 try again later"
        self._take(envelope)
        return "250 taken"

    def _take(self, envelope) -> None:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def box(monkeypatch) -> Iterator[Box]:
    found = Box()
    port = free_port()
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    use(monkeypatch, mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="bihuan@example.com")
    yield found
    controller.stop()


def use(monkeypatch, **options) -> None:
    monkeypatch.setattr(settings, "OPTIONS", settings.OPTIONS.model_copy(update=options))


@pytest.fixture
def reached(company):
    Person.objects.filter(pk=company[POST].pk).update(email="sun@example.com")
    Person.objects.filter(pk=company["市场部负责人"].pk).update(email="wang@example.com")


def work(at) -> None:
    sending.route_new(at=at)
    sending.bundle_due(at=at)
    while outbox.run_once(at=at, limit=10, outside=True):
        pass


def parts(mail: EmailMessage) -> tuple[str, str]:
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


def test_a_notice_becomes_a_mail_in_plain_text_and_html(company, box, reached, tell, at):
    tell(company.principal(POST), what="看<b>")
    work(at)
    (mail,) = box.mails
    plain, html = parts(mail)
    assert (mail["To"], mail["From"]) == ("sun@example.com", "bihuan@example.com")
    assert mail["Subject"] == "You are told: 看<b>"
    assert "You are told: 看<b>" in plain
    assert "You are told: 看&lt;b&gt;" in html
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_server_that_turns_mail_away_gets_it_later_under_the_same_message_id(company, box, reached, tell, at):
    box.refusals, box.is_forgetful = 1, True
    tell(company.principal(POST))
    work(at)
    assert Delivery.objects.get(topic=sending.SEND).state == "PENDING"
    work(at + timedelta(minutes=1))
    assert Delivery.objects.get(topic=sending.SEND).state == "DONE"
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_after_the_last_attempt_it_is_a_dead_letter_and_can_be_sent_again(company, box, reached, tell, at):
    box.refusals = 15
    tell(company.principal(POST))
    work(at)
    for hour in range(1, 27):  # from ten in the morning till noon of the next day; at night it waits
        work(at + timedelta(hours=hour))
    dead = Delivery.objects.get(topic=sending.SEND)
    assert (dead.state, box.mails) == ("DEAD", [])
    (card,) = queries.inbox(company.administrator, at=at + timedelta(hours=26)).cards
    assert card.text == "发给孙浩（sun@example.com）的通知无法送达：(451, b'try again later')"
    outbox.replay(dead.key, at=at + timedelta(days=2))
    work(at + timedelta(days=2))
    assert len(box.mails) == 1


def test_an_address_that_is_refused_for_good_is_given_up_at_once_and_told_to_the_administrators(
    company, box, reached, tell, at
):
    box.answers["sun@example.com"] = "550 5.1.1 no such box"
    tell(company.principal(POST), key="a")
    work(at)
    later = at + timedelta(minutes=11)
    tell(company.principal(POST), key="b", when=later)
    work(later)
    assert list(Delivery.objects.filter(topic=sending.SEND).values_list("state", "attempts")) == [("DEAD", 1)] * 2
    (card,) = queries.inbox(company.administrator, at=later, kind=UNDELIVERED).cards
    assert card.text == "发给孙浩（sun@example.com）的通知无法送达：550 5.1.1 no such box"
    assert card.href == f"/people/{company[POST].pk}/"
    assert box.mails == []


def test_a_receiver_whom_the_server_cannot_take_now_is_tried_again(company, box, reached, tell, at):
    box.answers["sun@example.com"] = "450 4.2.0 greylisted"
    tell(company.principal(POST))
    work(at)
    assert Delivery.objects.get(topic=sending.SEND).state == "PENDING"
    box.answers.clear()
    work(at + timedelta(minutes=1))
    assert len(box.mails) == 1
    assert not Notice.objects.filter(kind=UNDELIVERED).exists()


def test_mails_about_one_matter_are_one_thread_and_others_another(company, box, reached, at):
    for number, root in enumerate((1, 1, 2)):
        news = operations.News(
            kind=KIND, principals=[company.principal(POST)], subject=ROOT, root=SubjectRef("parcel", root),
            scope_id=None, params={"what": str(number)}, urgency=Urgency.URGENT, key=str(number),
        )  # fmt: skip
        operations.notify_all([news], at=at)
        work(at)
    first, second, third = box.mails
    assert first["References"] == second["References"] == second["In-Reply-To"]
    assert third["References"] != first["References"]
    assert len({mail["Message-ID"] for mail in box.mails}) == 3


def test_no_header_is_put_in_by_a_title_or_an_address(company, box, reached, tell, at):
    Person.objects.filter(pk=company["推广经理"].pk).update(email="a@example.com\r\nBcc: all@example.com")
    tell(company.principal(POST), company.principal("推广经理"), what="x\r\nBcc: all@example.com")
    work(at)
    (mail,) = box.mails
    assert (mail["Bcc"], mail["To"]) == (None, "sun@example.com")
    receiver = Receiver(1, "x", "sun@example.com", "en", "UTC")
    with pytest.raises(BadHeaderError):
        MailChannel().send(Message("d", receiver, "x\nBcc: all@example.com", "", ""))
    assert len(box.mails) == 1


def test_a_canary_in_a_closed_matter_reaches_nobody_outside(company, box, reached, scope, tell, at):
    tell(company.head("市场部"), company.principal(POST), scope_id=scope.pk, what="金丝雀")
    work(at)
    assert [mail["To"] for mail in box.mails] == ["wang@example.com"]
    access.classify(scope.pk, "SECRET")
    tell(
        company.head("市场部"),
        company.principal(POST),
        scope_id=scope.pk,
        key="s",
        what="金丝雀",
        urgency=Urgency.URGENT,
    )
    work(at)
    assert [mail["To"] for mail in box.mails] == ["wang@example.com"] * 2
    assert "金丝雀" not in "".join(parts(box.mails[1]))


def test_without_a_server_nothing_is_owed(company, reached, tell, at):
    tell(company.principal(POST))
    work(at)
    assert not Delivery.objects.filter(topic=sending.SEND).exists()


def test_the_doctor_says_whether_the_server_lets_us_in(box, monkeypatch):
    assert doctor.mail().ok
    use(monkeypatch, mail_from="")
    assert (doctor.mail().ok, doctor.mail().said) == (False, "BIHUAN_MAIL_FROM is missing")
    use(monkeypatch, mail_from="bihuan@example.com", mail_port=1)
    assert not doctor.mail().ok
    use(monkeypatch, mail_host="")
    assert (doctor.mail().ok, doctor.mail().said) == (
        True,
        "not set up, notices stay in the inbox; set BIHUAN_MAIL_HOST and _FROM",
    )


def test_the_account_of_the_options_signs_in_and_a_wrong_password_is_said(monkeypatch):
    def check(server, session, envelope, mechanism, data) -> AuthResult:
        right = (data.login, data.password) == (b"bihuan", b"right")
        return AuthResult(success=right, handled=False)  # the server answers, whatever is found

    port = free_port()
    controller = Controller(Box(), hostname="127.0.0.1", port=port, authenticator=check, auth_require_tls=False)
    controller.start()
    said = {"mail_host": "127.0.0.1", "mail_port": port, "mail_security": "none", "mail_from": "b@example.com"}
    use(monkeypatch, **said, mail_user="bihuan", mail_password="right")
    try:
        assert doctor.mail().ok
        use(monkeypatch, mail_password="wrong")
        with pytest.raises(SMTPException):
            MailChannel().send(Message("d", Receiver(1, "x", "sun@example.com", "en", "UTC"), "s", "t", "<p>t</p>"))
        assert not doctor.mail().ok
    finally:
        controller.stop()
