"""Mail over SMTP: plain and HTML, threaded per matter, under one Message-ID for all attempts."""

import hashlib
from contextlib import closing
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bihuan.notifications.channels import Message, Receiver

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
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
            mail.send()


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
