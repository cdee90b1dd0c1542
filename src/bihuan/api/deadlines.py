"""Deadlines: who is to act until when, how that came about, and how near it is."""

from datetime import datetime
from typing import Any

from ninja import Query
from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, In, Named, Out, Page, Receipt, Seen, SeenWithReason, page
from bihuan.collaborations.queries import collaboration_for
from bihuan.deadlines import operations, queries
from bihuan.deadlines.queries import DeadlineCard
from bihuan.kernel.principals import department
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import names_of

routes = Routes("deadlines")
MOST = 200
COMPUTED = {"level", "left", "paused_seconds"}


class LeftOut(Out):
    """Seconds of working time where `works`, else elapsed; `days` are whole working days. Less than nought: overdue."""

    seconds: int
    days: int
    works: bool


class DeadlineOut(Out):
    """`limit` is empty for an instant that a person typed; `counts` is what of it is counted now, after a pause.
    `said_by` is the playbook and its version that set the limit, empty where the rule does.

    While it is paused nothing is due, whatever `due_at` says; `paused_seconds` are the pauses that are over.
    """

    id: int
    rule: str
    subject: str
    part: str
    root: str
    what: str
    owner: str
    asked_by: str
    state: str
    level: str
    started_at: datetime
    limit: str
    counts: str
    said_by: str
    profile: str
    due_at: datetime
    left: LeftOut | None
    is_provisional: bool
    is_urgent: bool
    pause_reason: str
    paused_at: datetime | None
    paused_seconds: int
    kept_at: datetime | None
    ended_at: datetime | None
    late_minutes: int
    revision: int


class RungOut(Out):
    level: str
    at: datetime


class DeadlineWhole(DeadlineOut):
    """With the ladder, and the way to the instant in both languages; null where a person typed it."""

    ladder: list[RungOut]
    explanation: dict[str, str]


class OutcomeOut(Out):
    """Promises that were due in `month`: kept in time, done late, missed for good, still overdue."""

    month: str
    rule: str
    department: Named | None
    kept: int
    late: int
    missed: int
    overdue: int


class RuleOut(Out):
    """A rule of time. `limits` by kind, the usual one under ""; `profile` is what an hour is for what begins now, and
    `chosen` what the company said, empty where it said nothing. `running` counts what runs by each profile."""

    id: str
    limits: dict[str, str]
    may_choose: bool
    chosen: str
    profile: str
    running: dict[str, int]
    from_now: dict[str, datetime]
    revision: int


class ProfileIn(Seen):
    """`profile`: literal (day and night), work-aware (working time), or empty for the rule's own."""

    profile: Code


class OutcomeQuery(In):
    months: int = Field(12, ge=1, le=queries.MOST_MONTHS)


class DeadlineQuery(In):
    everybody: bool = False
    overdue: bool = False
    before: Code = ""


@routes.read("/deadlines", Page[DeadlineOut])
def mine(request: Request, asked: Query[DeadlineQuery]) -> dict[str, Any]:
    """What runs against the caller, soonest first; with `everybody` all that runs in matters he reads; 200 at a time,
    the rest with the `next` of the page before."""
    found = queries.watched_by(
        request.actor, at=request.at, everybody=asked.everybody, overdue=asked.overdue, after=asked.before
    )
    rows = list(found[: MOST + 1])
    following = queries.key_of(rows[MOST - 1]) if len(rows) > MOST else None
    return page(map(_card, queries.cards_of(rows[:MOST], request.at)), following)


@routes.read("/collaborations/{int:collaboration_id}/deadlines", Page[DeadlineOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """What runs in a matter, soonest first."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    found = queries.open_of(SubjectRef("collaboration", matter.pk))
    return page(map(_card, queries.cards_of(found, request.at)))


@routes.read("/deadlines/outcomes", Page[OutcomeOut])
def outcomes(request: Request, asked: Query[OutcomeQuery]) -> dict[str, Any]:
    """How promises came out in the matters the caller reads, over the last months: by month of the due instant, rule,
    department. What is not due yet or no longer owed does not count."""
    found = queries.outcomes(request.actor, months=asked.months, at=request.at)
    keys = {row.department_id: department(row.department_id) for row in found if row.department_id}
    names = names_of(keys.values(), request.at) if keys else {}
    named = {pk: {"id": pk, "name": names[key]} for pk, key in keys.items()}
    return page(
        {
            "month": f"{row.month:%Y-%m}", "rule": row.rule,
            "department": named[row.department_id] if row.department_id else None,
            **{name: getattr(row.tally, name) for name in ("kept", "late", "missed", "overdue")},
        }
        for row in found
    )  # fmt: skip


@routes.read("/deadlines/rules", Page[RuleOut])
def time_rules(request: Request) -> dict[str, Any]:
    """The rules of time that are bound, and when each would be due by either profile if it began now."""
    return page(
        {
            "id": card.rule.id, "limits": dict(card.rule.limits), "may_choose": card.rule.may_count_work,
            "chosen": card.chosen or "", "profile": card.profile, "running": dict(card.running),
            "from_now": dict(card.from_now), "revision": card.revision,
        }
        for card in queries.rule_cards(request.at)
    )  # fmt: skip


@routes.act("/deadlines/rules/{slug:rule_id}/profile")
def choose_profile(request: Request, rule_id: str, body: ProfileIn) -> Receipt:
    """Say what an hour of a rule is, for what begins from now on. For the PMO."""
    made = operations.choose_profile(rule_id, **_said(request, body))
    number, href = int(rule_id[1:]), "/api/v1/deadlines/rules"
    return Receipt(kind="time_rule", id=number, href=href, state=made.profile, revision=made.revision)


@routes.read("/deadlines/{int:deadline_id}", DeadlineWhole)
def deadline(request: Request, deadline_id: int) -> dict[str, Any]:
    found = _found(request, deadline_id)
    (card,) = queries.cards_of([found], request.at)
    ladder = [{"level": level.name, "at": instant} for level, instant in found.rungs]
    return {**_card(card), "ladder": ladder, "explanation": queries.explained(found)}


@routes.act("/deadlines/{int:deadline_id}/pause")
def pause(request: Request, deadline_id: int, body: SeenWithReason) -> Receipt:
    """Stop the clock: an outside party is waited for, `reason` says who and for what. Never an urgent or typed one."""
    return _receipt(operations.pause(_found(request, deadline_id), **_said(request, body)))


@routes.act("/deadlines/{int:deadline_id}/resume")
def resume(request: Request, deadline_id: int, body: Seen) -> Receipt:
    """Let the clock go on with what was left when it stopped."""
    return _receipt(operations.resume(_found(request, deadline_id), **_said(request, body)))


def _found(request: Request, deadline_id: int) -> Any:
    return queries.deadline_for(request.actor, deadline_id, at=request.at)


def _said(request: Request, body: Seen) -> dict[str, Any]:
    return {**body.model_dump(), "actor": request.actor, "at": request.at}


def _receipt(now: Any) -> Receipt:
    href = f"/api/v1/deadlines/{now.pk}"
    return Receipt(kind="deadline", id=now.pk, href=href, state=now.state, revision=now.revision)


def _card(card: DeadlineCard) -> dict[str, Any]:
    row, left = card.deadline, card.left
    taken = {name: getattr(row, name) for name in DeadlineOut.model_fields if name not in COMPUTED}
    said = {"seconds": int(left.span.total_seconds()), "days": left.days, "works": left.works} if left else None
    computed = {"level": card.level.name, "left": said, "paused_seconds": int(row.paused_for.total_seconds())}
    return {**taken, **computed, "subject": str(row.subject), "root": str(row.root)}
