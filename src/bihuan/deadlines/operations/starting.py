"""A promise gets its instant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.clock import Profile, Schedule, parse_limit
from bihuan.deadlines.enums import Level
from bihuan.deadlines.facts import DeadlinesStarted
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.fencing import say_counting
from bihuan.deadlines.operations.recording import spell, tell
from bihuan.deadlines.policy.counting import Counting, due_of, is_elapsed
from bihuan.deadlines.policy.ladder import Rungs, Span, next_after, reached, rungs
from bihuan.deadlines.policy.table import RULES, Rule
from bihuan.deadlines.policy.terms import RULES_ALONE, Terms, kind_of
from bihuan.deadlines.queries.choices import chosen_profile
from bihuan.deadlines.queries.listing import of_subjects
from bihuan.deadlines.queries.sites import Whereabouts, whereabouts_of
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedules_of_sites

LONGEST_WHAT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What begins to run. `due_at` is an instant that a person typed; without it the limit of the rule is counted, the
    one for `kind` where the rule has one. It began at `started_at`, else now. With `ahead_of` the
    limit is counted back from that instant, as far as the start; `limit` takes the place of what the rule says.
    `is_provisional`: the instant was found by days of rest that are not published yet."""

    subject: SubjectRef
    owner: str
    what: str
    part: str = ""
    asked_by: str = ""
    kind: str = ""
    due_at: datetime | None = None
    started_at: datetime | None = None
    is_urgent: bool = False
    ahead_of: datetime | None = None
    limit: str = ""
    is_provisional: bool = False

    @property
    def place(self) -> tuple[str, int, str]:
        return self.subject.kind, self.subject.id, self.part


@transaction.atomic(savepoint=False)
def start(
    rule_id: str, wanted: Sequence[Start], *, root: SubjectRef, scope_id: int | None, actor: Actor, at: datetime,
    terms: Terms = RULES_ALONE,
) -> list[Deadline]:  # fmt: skip
    """Let a rule run for each of `wanted`; what runs already goes on as it is. Records one ``DeadlinesStarted``.

    `terms` say other limits than the rule does, for the matter this belongs to.
    Counted in the working time of the owner's site. At most sixteen queries, however many begin.
    """
    rule = RULES[rule_id]
    ledger.lock_chain(root)
    standing = of_subjects((each.place for each in wanted), rule_id=rule_id)
    fresh = [each for each in {each.place: each for each in wanted}.values() if each.place not in standing]
    if not fresh:
        return []
    say_counting()
    chosen = chosen_profile(rule)
    places = whereabouts_of({each.owner for each in fresh}, at)
    schedules = schedules_of_sites({place.site_id for place in places.values()})
    rows = [
        _row(rule, each, terms, chosen, schedules[place.site_id], root=root, scope_id=scope_id, place=place, at=at)
        for each in fresh
        for place in [places[each.owner]]
    ]
    Deadline.objects.bulk_create(rows)
    fact = DeadlinesStarted(rule=rule_id, deadlines=tuple(_outline(row) for row in rows))
    tell(rows, fact, actor=actor, at=at)
    return rows


def _row(
    rule: Rule,
    wanted: Start,
    terms: Terms,
    chosen: Profile | None,
    schedule: Schedule,
    *,
    root: SubjectRef,
    scope_id: int | None,
    place: Whereabouts,
    at: datetime,
) -> Deadline:
    started_at = wanted.started_at or at
    is_urgent = rule.is_urgent or wanted.is_urgent
    profile = rule.profile_of(terms.profile_of(rule, wanted.kind, chosen), urgent=is_urgent)
    said = wanted if wanted.limit else replace(wanted, limit=_limit_of(rule, wanted, terms))
    columns = counted(rule, said, started_at, profile, schedule, urgent=is_urgent)
    return Deadline(
        rule=rule.id, subject_kind=wanted.subject.kind, subject_id=wanted.subject.id, part=wanted.part,
        root_kind=root.kind, root_id=root.id, scope_id=scope_id, what=wanted.what[:LONGEST_WHAT], owner=wanted.owner,
        asked_by=wanted.asked_by, site_id=place.site_id, department_id=place.department_id,
        started_at=started_at, counts_from=started_at, kind="" if wanted.limit else kind_of(rule, wanted.kind),
        said_by="" if wanted.limit or not columns["limit"] else terms.name_for(rule, wanted.kind),
        is_urgent=is_urgent, **columns, **watched(columns["ladder"], at),
    )  # fmt: skip


def _limit_of(rule: Rule, wanted: Start, terms: Terms) -> str:
    return str(terms.limit_of(rule, wanted.kind)) if wanted.due_at is None else ""


def counted(
    rule: Rule, wanted: Start, started_at: datetime, profile: Profile, schedule: Schedule, *, urgent: bool
) -> dict[str, Any]:
    """The columns that say until when, and how it is approached. Only what is counted from a start is counted anew."""
    limit, counts, due_at, is_provisional = "", None, wanted.due_at, wanted.is_provisional
    if due_at is None:
        counting = Counting(started_at, parse_limit(wanted.limit), profile)
        limit = str(counting.limit)
        if wanted.ahead_of is not None:
            due_at = ahead_of(wanted.ahead_of, counting, schedule)
        else:
            due, counts = due_of(counting, schedule), counting
            due_at, is_provisional = due.at, due.provisional
    span = Span(schedule, started_at, due_at, elapsed=is_elapsed(counts, urgent=urgent))
    return {
        "limit": limit,
        "counts": str(counts.limit) if counts else "",
        "profile": (profile if limit else Profile.LITERAL).value,
        "due_at": due_at,
        "is_provisional": is_provisional,
        "ladder": written(rungs(rule.ladder, span, urgent=urgent)),
    }


def ahead_of(end: datetime, counting: Counting, schedule: Schedule) -> datetime:
    """So long before an instant as the limit says, in elapsed hours or working time; the start where it is longer."""
    span = Span(schedule, counting.start, end, elapsed=is_elapsed(counting, urgent=False))
    return span.after(span.length - timedelta(microseconds=counting.limit.us))


def written(ladder: Rungs) -> list[tuple[int, str]]:
    return [(int(level), instant.astimezone(UTC).isoformat()) for level, instant in ladder]


def watched(ladder: Sequence[tuple[int, str]], at: datetime) -> dict[str, Any]:
    """The rung that is next. What was reached before it began is not told as if it were new, but being overdue is."""
    known = tuple((Level(level), datetime.fromisoformat(instant)) for level, instant in ladder)
    level = reached(known, at)
    if level >= Level.RED:
        return {"level": Level.NONE, "next_at": at}
    return {"level": level, "next_at": next_after(known, at)}


def _outline(row: Deadline) -> dict[str, Any]:
    return {
        "deadline_id": row.pk, "subject": str(row.subject), "part": row.part, "owner": row.owner, "what": row.what,
        "started_at": spell(row.started_at), "limit": row.limit, "profile": row.profile, "due_at": spell(row.due_at),
        **({"kind": row.kind} if row.kind else {}), **({"said_by": row.said_by} if row.said_by else {}),
    }  # fmt: skip
