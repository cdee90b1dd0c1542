"""Mail over SMTP: plain and HTML, threaded per matter, under one Message-ID for all attempts."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bihuan.notifications.channels import Message, Receiver, TurnedAway

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
FOR_GOOD = 500  # RFC 5321 4.2.1: from here on an answer is the same however often it is asked
TIMEOUT = 20  # seconds; shorter than the lease of a delivery


class MailChannel:
    """The options `mail_…` say through which server."""

    key = "mail"
    label = _("E-mail")

    def is_ready(self) -> bool:
        return bool(settings.OPTIONS.mail_host and settings.OPTIONS.mail_from)

    def reaches(self, receiver: Receiver) -> bool:
        try:
            validate_email(receiver.email)
        except ValidationError:
            return False
        return True

    def send(self, message: Message) -> None:
        with closing(connection()) as server:  # Django leaves it open when the server turns the account away
            mail = EmailMultiAlternatives(
                subject=message.subject,
                body=message.text,
                from_email=settings.OPTIONS.mail_from,
                to=[message.receiver.email],
                headers=headers_of(message),
                connection=server,
            )
            mail.attach_alternative(message.html, "text/html")
            with refusals_told_apart():
                mail.send()


@contextmanager
def refusals_told_apart() -> Iterator[None]:
    """Raises TurnedAway when the server refuses the receiver or the text for good; what may pass is raised as it is.

    A sender or an account that is refused is our own setting, which an administrator mends while mails wait.
    """
    try:
        yield
    except SMTPRecipientsRefused as refused:
        for code, said in refused.recipients.values():
            _raise_if_final(code, said, refused)
        raise
    except SMTPDataError as refused:
        _raise_if_final(refused.smtp_code, refused.smtp_error, refused)
        raise


def _raise_if_final(code: int, said: bytes | str, refused: Exception) -> None:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code >= FOR_GOOD:
        raise TurnedAway(f"{code} {' '.join(text.split())}") from refused


def connection() -> Any:
    """A connection to the server of the options, not opened yet. Certificates are verified."""
    options = settings.OPTIONS
    return get_connection(
        BACKEND,
        host=options.mail_host,
        port=options.mail_port,
        username=options.mail_user,
        password=options.mail_password,
        use_tls=options.mail_security == "starttls",
        use_ssl=options.mail_security == "tls",
        timeout=TIMEOUT,
    )


def headers_of(message: Message) -> dict[str, str]:
    headers = {
        "Message-ID": _id(message.delivery_id),
        "Auto-Submitted": "auto-generated",  # nobody's absence note answers it
        "X-Auto-Response-Suppress": "All",
    }
    if message.thread:
        headers |= {"References": _id(message.thread), "In-Reply-To": _id(message.thread)}
    return headers


def _id(name: str) -> str:
    """A stable id that gives nothing away."""
    domain = parseaddr(settings.OPTIONS.mail_from)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(name.encode()).hexdigest()[:40]}@{domain}>"


def reach_server() -> None:
    """Open a connection, sign in, and close it. Raises OSError or smtplib.SMTPException when that does not work."""
    with closing(connection()) as server:
        server.open()
