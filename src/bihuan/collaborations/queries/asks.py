"""What an application asks of the departments (F02): promises that are answered by an instant, not only by a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.commitments.models import Commitment
from bihuan.records.models import Record

APPLICATION = "F02"


def reply_by(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["reply_due_at"]).astimezone(ZoneInfo(settings.TIME_ZONE))


def ask_text(row: Mapping[str, Any]) -> str:
    """What is promised, with the instant it is to be answered by."""
    return f"{row['ask']}: {row['deliverable']} (≤ {reply_by(row):%Y-%m-%d %H:%M})"


def is_asked_by_application(commitment_id: int) -> bool:
    """One query."""
    asked = Record.objects.filter(form_code=APPLICATION).values("pk")
    return Commitment.objects.filter(pk=commitment_id, source_kind="record", source_id__in=asked).exists()


def instant_of_ask(commitment: Commitment) -> datetime | None:
    """Until when it is to be answered; None for any other promise, and once another day was agreed. One query, none
    without a record it comes from."""
    if commitment.source_kind != "record":
        return None
    record = Record.objects.filter(pk=commitment.source_id, form_code=APPLICATION).select_related("current_version")
    version = next((each.current_version for each in record), None)
    asks = version.data["dept_asks"] if version is not None else ()
    instants = (reply_by(row) for row in asks if ask_text(row) == commitment.text)
    return next((instant for instant in instants if instant.date() == commitment.due_on), None)
