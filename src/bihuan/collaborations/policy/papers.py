"""Papers kept as files: whether the paper is there, whether minutes of a kick-off settle what they must (G08), and
whether a solution can be confirmed (G30)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bihuan.collaborations.policy.body import Body, day, instant, ref, refs, rows, text, yes
from bihuan.collaborations.policy.parties import Matter, dates_fit, named_twice, people_fit, person_fits
from bihuan.kernel.findings import Finding, error, warning

SETTLED = ("roles_confirmed", "nodes_confirmed", "risks_discussed")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A solution that the departments confirm in writing: until when the goal is to be reached, where that is known and
    in the zone of the matter, and who is head of the department in charge."""

    until: datetime | None = None
    heads: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PaperContext:
    """`is_kickoff`: its step begins the work (G08), so that the minutes name what is done next. `confirmed`: its step
    waits for the written word of every head (G30). `is_answer`: one answer to a customer for all departments (T22).
    `is_sent_at_once`: minutes that go out within a day of the meeting (T04, T05)."""

    matter: Matter
    may_be_none: bool = False
    is_kickoff: bool = False
    confirmed: Confirmed | None = None
    is_answer: bool = False
    is_sent_at_once: bool = False
    now: datetime | None = None


def check(body: Body, context: PaperContext) -> list[Finding]:
    return [
        *_paper(body, context),
        *_ended(body, context),
        *_actions(body, context),
        *(_kickoff(body) if context.is_kickoff else []),
        *(_solution(body, context.confirmed) if context.confirmed else []),
        *(_answer(body, context) if context.is_answer and not yes(body, "none") else []),
    ]


def _answer(body: Body, context: PaperContext) -> Iterator[Finding]:
    """One person answers for all, at an instant that has come, with another department behind it at least (T22)."""
    people = context.matter.people
    answering, behind = ref(body, "answered_by"), refs(rows(body, "joined_by"), "dept")
    if answering is None:
        yield error("collaborations.answer_without_owner", "answered_by")
    yield from person_fits("answered_by", answering, people)
    if instant(body, "sent_at") is None:
        yield error("collaborations.answer_not_sent", "sent_at")
    for key in ("first_contact_at", "sent_at"):
        at = instant(body, key)
        if at is not None and context.now is not None and at > context.now:
            yield error("collaborations.answer_ahead", key)
    if all(department.id == context.matter.initiating for department in behind):
        yield error("collaborations.answer_not_joint", "joined_by")
    yield from named_twice(rows(body, "joined_by"), "joined_by")
    yield from people_fit(rows(body, "joined_by"), "joined_by", "person", people)


def _ended(body: Body, context: PaperContext) -> Iterator[Finding]:
    """The clock of minutes begins when the meeting ended, which has come to pass."""
    at = instant(body, "ended_at")
    if at is None and context.is_sent_at_once:
        yield error("collaborations.minutes_without_end", "ended_at")
    if at is not None and context.now is not None and at > context.now:
        yield error("collaborations.minutes_ahead", "ended_at")


def _paper(body: Body, context: PaperContext) -> list[Finding]:
    found, is_none = [], context.may_be_none and yes(body, "none")
    if not rows(body, "files") and not is_none:
        found.append(error("collaborations.paper_without_file", "files"))
    if rows(body, "files") and is_none:
        found.append(error("collaborations.paper_contradicts", "none"))
    made_on = day(body, "made_on")
    if made_on is not None and made_on > context.matter.today:
        found.append(error("collaborations.paper_not_yet", "made_on"))
    return found


def _actions(body: Body, context: PaperContext) -> list[Finding]:
    """Every action has an owner who works here, and a day that is still to come."""
    actions = rows(body, "actions")
    return [
        *people_fit(actions, "actions", "owner", context.matter.people),
        *dates_fit(actions, "actions", "due", context.matter.today),
        *_from_outside(actions, context.matter),
    ]


def _from_outside(actions: list[Body], matter: Matter) -> Iterator[Finding]:
    """Who is sent the minutes reads the matter, so that it is said of owners who would not otherwise."""
    inside = {matter.initiating, *matter.involved}
    for index, row in enumerate(actions):
        owner = ref(row, "owner")
        if owner is not None and owner.id in matter.people and inside.isdisjoint(matter.people[owner.id]):
            yield warning("collaborations.action_from_outside", f"actions.{index}.owner", person=owner.name)


def _kickoff(body: Body) -> list[Finding]:
    found = [error("collaborations.kickoff_unsettled", key) for key in SETTLED if not yes(body, key)]
    if not rows(body, "actions"):
        found.append(error("collaborations.kickoff_without_action", "actions"))
    return found


def _solution(body: Body, context: Confirmed) -> Iterator[Finding]:
    """A way back for what may go wrong, and time nodes within the time of the goal (AS20, AS21)."""
    if not rows(body, "contingencies"):
        yield error("collaborations.solution_without_contingency", "contingencies")
    if not rows(body, "milestones"):
        yield error("collaborations.solution_without_node", "milestones")
    allowed = ref(body, "later_allowed_by")
    if allowed is not None and allowed.id not in context.heads:
        yield error("collaborations.later_not_by_head", "later_allowed_by", name=allowed.name)
    is_allowed = allowed is not None and bool(text(body, "later_reason"))
    say = warning if is_allowed else error
    for index, row in enumerate(rows(body, "milestones")):
        at = instant(row, "at")
        if context.until is not None and at is not None and at > context.until:
            yield say(
                "collaborations.node_after_goal",
                f"milestones.{index}.at",
                until=context.until.strftime("%Y-%m-%d %H:%M"),
            )
