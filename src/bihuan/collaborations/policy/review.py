"""F17: whether a review teaches anything (G25, AS30)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.collaborations.policy.body import Body, normal, ref, rows, text, yes
from bihuan.collaborations.policy.parties import Matter, absent, dates_fit, departments_fit, people_fit
from bihuan.kernel.findings import Finding, error

STATS = ("late_updates", "missed_deadlines", "reopened_issues", "escalations", "changes")
SAYS_NOTHING_NEW = 4


def check(body: Body, context: Matter, *, was_stopped: bool = False, improvements: int = 1) -> list[Finding]:
    """Of work that was ended early a short review is enough: why, and what is better next time if anything is."""
    return [
        *_participants(body, context, is_short=was_stopped),
        *(_problem_missing(body) if was_stopped else _good(body)),
        *_problems(body),
        *improvement_findings(body, context, is_short=was_stopped, least=improvements),
    ]


def _problem_missing(body: Body) -> list[Finding]:
    """Why it was ended early is what its review is for."""
    return [] if rows(body, "problems") else [error("collaborations.early_end_unexplained", "problems")]


def _participants(body: Body, matter: Matter, *, is_short: bool) -> list[Finding]:
    present = rows(body, "participants")
    return [
        *([] if is_short else absent(present, matter, "collaborations.department_absent", "participants")),
        *departments_fit(present, "participants", matter),
        *people_fit(present, "participants", "person", matter.people, "dept"),
    ]


def _good(body: Body) -> list[Finding]:
    if any(text(row, "text") for row in rows(body, "went_well")):
        return []
    return [error("collaborations.review_without_good", "went_well")]


def _problems(body: Body) -> list[Finding]:
    problems, is_none = rows(body, "problems"), yes(body, "problems_none")
    if not problems and not is_none:
        return [error("collaborations.problems_unanswered", "problems")]
    if problems and is_none:
        return [error("collaborations.problems_contradict", "problems_none")]
    return [
        error("collaborations.cause_restates_problem", f"problems.{index}.root_cause", problem=text(row, "problem"))
        for index, row in enumerate(problems)
        if restates(text(row, "root_cause"), text(row, "problem"))
    ]


def restates(cause: str, problem: str) -> bool:
    """The cause says the problem again, with at most a few more characters."""
    said, again = _bare(problem), _bare(cause)
    if not said or not again:
        return False
    return again in said or (said in again and len(again) - len(said) < SAYS_NOTHING_NEW)


def _bare(sentence: str) -> str:
    return re.sub(r"\W+", "", normal(sentence))


def improvement_findings(
    body: Body, matter: Matter, key: str = "improvements", *, is_short: bool = False, least: int = 1
) -> list[Finding]:
    """At least so many whole lines, each verified by somebody besides its owner. A report on a problem calls them
    prevention."""
    improvements = rows(body, key)
    whole = sum(_is_whole(row) for row in improvements)
    if not is_short and not whole:
        return [error("collaborations.review_without_improvement", key)]
    if not is_short and whole < least:
        return [error("collaborations.improvements_too_few", key, count=whole, least=least)]
    own = [
        error("collaborations.verifies_own_improvement", f"{key}.{index}.verifier", person=verifier.name)
        for index, row in enumerate(improvements)
        if (verifier := ref(row, "verifier")) and verifier == ref(row, "owner")
    ]
    return [
        *own,
        *people_fit(improvements, key, "owner", matter.people),
        *people_fit(improvements, key, "verifier", matter.people),
        *dates_fit(improvements, key, "due", matter.today),
    ]


def _is_whole(row: Body) -> bool:
    """G25: what, who, until when, and how it is verified."""
    return bool(text(row, "text") and ref(row, "owner") and text(row, "due") and text(row, "verification"))


def computed(
    acceptance: Body, stats: Mapping[str, int], handed_over: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The computed part of a review: what the accepted F16 says, what was handed over, and figures of the process."""
    return {
        "goal_vs_actual": [
            {
                "id": text(row, "id"),
                "criterion": text(row, "criterion"),
                "target": text(row, "target") or text(row, "target_on"),
                "actual": text(row, "actual") or text(row, "actual_on"),
                "unit": text(row, "unit"),
                "unit_text": text(row, "unit_text"),
                "result": text(row, "result"),
            }
            for row in rows(acceptance, "items")
        ],
        "handed_over": list(handed_over),
        "stats": {key: stats.get(key, 0) for key in STATS},
    }
