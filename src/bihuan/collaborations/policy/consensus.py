"""F03: whether the agreement is whole (G03, AS05)."""

from bihuan.collaborations.policy.body import Body, Ref, normal, ref, refs, rows, same, text, yes
from bihuan.collaborations.policy.parties import (
    Matter,
    absent,
    dates_fit,
    departments_fit,
    named_twice,
    people_fit,
)
from bihuan.kernel.findings import Finding, error


def check(body: Body, context: Matter) -> list[Finding]:
    return [
        *_talks(body, context),
        *_understanding(body, context),
        *_feasibility(body, context),
        *_commitments(body, context),
        *_feedback(body, context),
        *_criteria(body, context),
        *_open_points(body, context),
    ]


def _talks(body: Body, matter: Matter) -> list[Finding]:
    talks = rows(body, "talks")
    return [
        *absent(talks, matter, "collaborations.talk_missing", "talks"),
        *(named_twice(talks, "talks") if text(body, "mode") == "BILATERAL" else []),
        *departments_fit(talks, "talks", matter),
        *people_fit(talks, "talks", "person", matter.people, "dept"),
    ]


def _understanding(body: Body, matter: Matter) -> list[Finding]:
    views = rows(body, "goal_understanding")
    return [
        *absent(views, matter, "collaborations.understanding_missing", "goal_understanding"),
        *departments_fit(views, "goal_understanding", matter),
    ]


def _feasibility(body: Body, matter: Matter) -> list[Finding]:
    verdicts = rows(body, "feasibility")
    return [
        *absent(verdicts, matter, "collaborations.feasibility_missing", "feasibility"),
        *named_twice(verdicts, "feasibility"),
        *departments_fit(verdicts, "feasibility", matter),
        *[finding for index, row in enumerate(verdicts) for finding in _verdict(row, f"feasibility.{index}")],
    ]


def _verdict(row: Body, place: str) -> list[Finding]:
    verdict = text(row, "verdict")
    department = ref(row, "dept")
    name = department.name if department else ""
    found = []
    if verdict == "NOT_FEASIBLE":
        found.append(error("collaborations.not_feasible", f"{place}.verdict", department=name))
    if verdict in {"NOT_FEASIBLE", "CONDITIONAL"} and not text(row, "text"):
        found.append(error("collaborations.feasibility_ground_missing", f"{place}.text", department=name))
    return found


def _commitments(body: Body, matter: Matter) -> list[Finding]:
    """Every involved department finds a line to confirm: a commitment or a criterion."""
    commitments = rows(body, "commitments")
    named = {department.id for department in _confirming(body)}
    return [
        *[
            error("collaborations.nothing_to_confirm", "commitments", department=name)
            for identity, name in matter.involved.items()
            if identity not in named
        ],
        *departments_fit(commitments, "commitments", matter),
        *dates_fit(commitments, "commitments", "by", matter.today, matter.finish),
    ]


def _confirming(body: Body) -> list[Ref]:
    return refs(rows(body, "commitments"), "dept") + refs(rows(body, "criteria"), "owner_dept")


def _feedback(body: Body, matter: Matter) -> list[Finding]:
    feedback, is_none = rows(body, "feedback"), yes(body, "feedback_none")
    if not feedback and not is_none:
        return [error("collaborations.feedback_unanswered", "feedback")]
    if feedback and is_none:
        return [error("collaborations.feedback_contradicts", "feedback_none")]
    return departments_fit(feedback, "feedback", matter)


def _criteria(body: Body, matter: Matter) -> list[Finding]:
    criteria = rows(body, "criteria")
    return [
        *[
            error("collaborations.criterion_not_testable", f"criteria.{index}.metric_or_check", item=text(row, "item"))
            for index, row in enumerate(criteria)
            if _restates(text(row, "metric_or_check"), text(row, "item"))
        ],
        *_twice(criteria),
        *departments_fit(criteria, "criteria", matter, "owner_dept"),
        *dates_fit(criteria, "criteria", "due", matter.today, matter.finish),
    ]


def _restates(test: str, item: str) -> bool:
    """A test that only repeats the item tests nothing."""
    return bool(test) and same(test, item)


def _twice(criteria: list[Body]) -> list[Finding]:
    seen: set[str] = set()
    found = []
    for index, row in enumerate(criteria):
        item = text(row, "item")
        if item and normal(item) in seen:
            found.append(error("collaborations.name_twice", f"criteria.{index}.item", name=item))
        seen.add(normal(item))
    return found


def _open_points(body: Body, matter: Matter) -> list[Finding]:
    points = rows(body, "open_points")
    return [
        *people_fit(points, "open_points", "owner", matter.people),
        *dates_fit(points, "open_points", "due", matter.today, matter.finish),
    ]
