"""Telling witnesses outside how the ledger stands: a file, an address on the net, a mailbox."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from bihuan.evidence.models import Handing, Statement
from bihuan.kernel.canonical import canonical_json
from bihuan.ledger.enums import KeyState
from bihuan.ledger.rotation import key_state
from bihuan.ledger.witnessing import statement
from bihuan.notifications.mail import connection
from bihuan.outbox import operations as outbox

TOPIC = "evidence.witness"
TIMEOUT = 20  # seconds; shorter than the lease of a delivery
LONGEST_REASON = 200
KEEP = "Keep this mail. Saved as a file, `bihuan ledger verify --witness FILE` shows whether the ledger was rewritten."


def places() -> dict[str, str]:
    """The witnesses that are set up, each with where it is."""
    options = settings.OPTIONS
    found = {"file": options.witness_file, "url": options.witness_url, "mail": options.witness_mail}
    return {witness: place for witness, place in found.items() if place}


@transaction.atomic
def state_when_due(*, at: datetime) -> Statement | None:
    """Once in the interval of the options, when something was sealed since. Without its key nothing is stated."""
    last = Statement.objects.order_by("-seal").first()
    is_due = last is None or at - last.at >= timedelta(minutes=settings.OPTIONS.witness_every)
    if not places() or not is_due or key_state() in {KeyState.LOST, KeyState.REPLACED}:
        return None
    return state(at=at)


@transaction.atomic
def state(*, at: datetime) -> Statement | None:
    """Sign how the ledger stands now and owe it to every witness; None when nothing was sealed since the last time.

    Raises KeyIsNotOurs.
    """
    given = statement(at=at)
    if given is None or Statement.objects.filter(seal=given.content.seal).exists():
        return None
    made = Statement.objects.create(seal=given.content.seal, at=at, text=canonical_json(given.spelt()))
    for witness in places():
        handing = Handing.objects.create(statement=made, witness=witness)
        outbox.post(TOPIC, {"handing": handing.pk}, key=f"{TOPIC}:{witness}:{made.seal}", at=at)
    return made


def hand_over(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Give one statement to one witness; tried again until it takes it. A witness no longer set up is given nothing."""
    handing = Handing.objects.select_related("statement").get(pk=payload["handing"])
    place = places().get(handing.witness)
    if place is None:
        return
    HANDS[handing.witness](place, handing.statement)
    Handing.objects.filter(pk=handing.pk).update(handed_at=at, failed_at=None, error="")


def note_given_up(payload: Mapping[str, Any], error: Exception, at: datetime) -> None:
    said = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
    Handing.objects.filter(pk=payload["handing"]).update(failed_at=at, error=said)


def add_to_file(place: str, made: Statement) -> None:
    """One line more, on the disk before anybody is told that it is there."""
    with Path(place).open("a", encoding="utf-8") as file:
        file.write(made.text + "\n")
        file.flush()
        os.fsync(file.fileno())


def send_to_address(place: str, made: Statement) -> None:
    """Anything but an answer of success raises. A redirection is not followed: it would lead to another witness."""
    opener = OpenerDirector()
    for handler in (HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    request = Request(place, made.text.encode(), {"Content-Type": "application/json"}, method="POST")  # noqa: S310
    with closing(opener.open(request, timeout=TIMEOUT)):
        return


def send_by_mail(place: str, made: Statement) -> None:
    content = json.loads(made.text)
    text = f"{KEEP}\n\n{made.text}\n"  # plain ASCII in short lines: a saved mail can be read as it came
    with closing(connection()) as server:
        mail = EmailMessage(
            f"Bihuan: seal {content['seal']}", text, settings.OPTIONS.mail_from, [place], connection=server
        )
        mail.send()


HANDS: dict[str, Callable[[str, Statement], None]] = {
    "file": add_to_file,
    "url": send_to_address,
    "mail": send_by_mail,
}
