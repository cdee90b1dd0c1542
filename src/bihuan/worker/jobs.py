"""What rooms owe by the clock: the worker asks them and acts as the system.

A periodic job only finds out which matters are due and owes each of them a delivery of its own, so that one that fails
is tried again, and in the end seen among the dead letters, without holding up the others.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from bihuan.agenda import operations as agenda
from bihuan.approvals import operations as approvals
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.operations import problems
from bihuan.deadlines import operations as deadlines
from bihuan.evidence import witnesses
from bihuan.files import operations as files
from bihuan.integrations import operations as imports
from bihuan.kernel.actor import SYSTEM
from bihuan.notifications import operations as notifications
from bihuan.notifications import sending
from bihuan.organisation import operations as organisation
from bihuan.outbox.jobs import job
from bihuan.outbox.operations import post_each_unless_posted
from bihuan.progress import operations as progress
from bihuan.search import operations as search
from bihuan.worker import periodic

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
QUARTER = timedelta(minutes=15)  # in every time zone a day begins with one
ATTEMPTS_KEPT, PARCELS_KEPT = timedelta(days=1), timedelta(days=7)
GO_ON = "collaborations.go_on_unacknowledged"
OPEN_PERIOD = "collaborations.open_period"
OPEN_WEEK, SETTLE, RECALL = "progress.open_week", "collaborations.settle", "collaborations.recall"
PLACE, PLACE_ALL = "approvals.place_slots", approvals.PLACE_ALL


def register_jobs_of_rooms() -> None:
    """Registering twice changes nothing."""
    periodic.register("progress.open_due_weeks", every=HOUR, run=owe_due_weeks)
    periodic.register("collaborations.open_due_periods", every=HOUR, run=owe_due_periods)
    periodic.register("collaborations.settle_waiting", every=HOUR, run=owe_settling)
    periodic.register("collaborations.go_on_unacknowledged", every=MINUTE, run=owe_going_on)
    periodic.register("collaborations.recall_suspended", every=HOUR, run=owe_recalling)
    periodic.register("deadlines.remind_of_pauses", every=DAY, run=lambda at: deadlines.remind_of_pauses(at=at))
    periodic.register("approvals.place", every=QUARTER, run=owe_placing)
    periodic.register("organisation.carry_out_planned", every=HOUR, run=carry_out_planned)
    periodic.register("organisation.forget_attempts", every=HOUR, run=forget_attempts)
    periodic.register("evidence.witness", every=MINUTE, run=lambda at: witnesses.state_when_due(at=at))
    periodic.register("files.throw_away", every=HOUR, run=lambda at: files.throw_away(before=at - PARCELS_KEPT))
    periodic.register("integrations.throw_away", every=HOUR, run=throw_imports_away)
    periodic.register("files.sweep", every=DAY, run=sweep)
    periodic.register("notifications.bundle", every=MINUTE, run=lambda at: sending.bundle_due(at=at))
    periodic.register("notifications.forget_read", every=HOUR, run=forget_read)
    periodic.register("search.follow", every=MINUTE, run=lambda at: search.follow_grown(at=at))


def owe_due_weeks(at: datetime) -> None:
    """At most one delivery for each matter and day."""
    _owe(OPEN_WEEK, progress.matters_without_week(at), f"{at:%Y-%m-%d}", at)


def owe_due_periods(at: datetime) -> None:
    """At most one delivery for each period and hour; a period opens once, however often it is delivered."""
    due = collaborations.periods_to_open(at)
    payloads = {f"{OPEN_PERIOD}:{pk}:{at:%Y-%m-%dT%H}": {"period_id": pk} for pk in due}
    post_each_unless_posted(OPEN_PERIOD, payloads, at=at)


def owe_settling(at: datetime) -> None:
    """At most one delivery for each matter and hour."""
    _owe(SETTLE, collaborations.matters_to_settle(), f"{at:%Y-%m-%dT%H}", at)


def owe_going_on(at: datetime) -> None:
    """At most one delivery for each matter and hour."""
    _owe(GO_ON, problems.matters_waiting_in_vain(at), f"{at:%Y-%m-%dT%H}", at)


def owe_recalling(at: datetime) -> None:
    """One delivery for each matter that was to rest until today."""
    payloads = {f"{RECALL}:{pk}:{at:%Y-%m-%d}": {"loop_id": pk} for pk in collaborations.suspensions_to_recall(at)}
    post_each_unless_posted(RECALL, payloads, at=at)


def owe_placing(at: datetime) -> None:
    """One delivery for each sign-off in which a deputy, a superior or the office again may have to be asked."""
    moment = f"{at:%Y-%m-%dT%H:%M}"
    payloads = {f"{PLACE}:{pk}:{moment}": {"signoff_id": pk} for pk in approvals.signoffs_to_place(at)}
    post_each_unless_posted(PLACE, payloads, at=at)


@job(PLACE)
def place_slots(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    approvals.place_slots(payload["signoff_id"], at=at)


@job(approvals.ESCALATE)
def escalate(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    approvals.escalate(payload["signoff_id"], payload["key"], to_pmo=payload["to_pmo"], at=at)


@job(PLACE_ALL)
def place_everywhere(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Somebody went, came back or changed his deputies."""
    owe_placing(at)


def _owe(topic: str, matters: list[int], moment: str, at: datetime) -> None:
    payloads = {f"{topic}:{pk}:{moment}": {"collaboration_id": pk} for pk in matters}
    post_each_unless_posted(topic, payloads, at=at)


@job(OPEN_WEEK)
def open_week(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Open the week of a matter in execution; what is open already stays as it is."""
    progress.open_due_week(payload["collaboration_id"], actor=SYSTEM, at=at)


@job(OPEN_PERIOD)
def open_period(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Ask for what a period that is over needs."""
    collaborations.open_due_period(payload["period_id"], actor=SYSTEM, at=at)


@job(SETTLE)
def settle(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Offer the next step of a matter whose windows are over."""
    collaborations.settle_waiting(payload["collaboration_id"], actor=SYSTEM, at=at)


@job(GO_ON)
def go_on_unacknowledged(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """A department did not acknowledge a problem in its time; the others do not wait for it any longer."""
    problems.go_on_unacknowledged(payload["collaboration_id"], actor=SYSTEM, at=at)


@job(RECALL)
def recall(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """The day has come until which a matter was to rest."""
    collaborations.recall_suspension(payload["loop_id"], at=at)


def carry_out_planned(at: datetime) -> int:
    """Changes of departments whose day has come, each once."""
    return organisation.carry_out_planned(actor=SYSTEM, at=at)


def forget_attempts(at: datetime) -> int:
    """Attempts to sign in are counted for minutes; nobody needs them a day later."""
    return organisation.forget_attempts(before=at - ATTEMPTS_KEPT)


def forget_read(at: datetime) -> int:
    return notifications.forget_read(before=at - timedelta(days=settings.OPTIONS.notices_kept))


def sweep(at: datetime) -> int:
    """What an upload that broke off left on the disk a day ago."""
    return files.sweep(before=at - DAY) + imports.sweep_folders(before=at - DAY)


def throw_imports_away(at: datetime) -> int:
    """What was handed in for imports is kept as long as the option says."""
    before = at - timedelta(days=settings.OPTIONS.imports_kept)
    return imports.throw_files_away(before=before, actor=SYSTEM, at=at)


@job(collaborations.FOLLOW_REORGANISATION)
def follow_reorganisation(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """One chunk of the matters of a department that was merged or split."""
    collaborations.follow_reorganisation(dict(payload), actor=SYSTEM, at=at)


@job(agenda.RECOUNT)
def recount(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """One chunk of the deadlines that a calendar moves."""
    agenda.follow_recount(payload, actor=SYSTEM, at=at)
