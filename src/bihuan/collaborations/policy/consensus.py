"""F03: whether the agreement is whole (G03, AS05)."""

from collections.abc import Collection, Iterable

from bihuan.collaborations.policy.body import Body, Ref, normal, ref, refs, refs_in, rows, same, text, yes
from bihuan.collaborations.policy.parties import (
    Matter,
    absent,
    dates_fit,
    departments_fit,
    named_twice,
    people_fit,
)
from bihuan.kernel.findings import Finding, error

SIGNED_LISTS = ("criteria", "commitments")
BINDS = "binds"


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
        *_binding(commitments, "commitments", "dept", matter),
        *departments_fit(commitments, "commitments", matter),
        *dates_fit(commitments, "commitments", "by", matter.today, matter.finish),
    ]


def _binding(lines: list[Body], place: str, in_charge: str, matter: Matter) -> list[Finding]:
    """Who is chosen takes part, who is in charge is among them, and there is somebody to agree: the leading department
    wrote the line and is not asked."""
    found = []
    for index, row in enumerate(lines):
        chosen, own, at = refs_in(row, BINDS), ref(row, in_charge), f"{place}.{index}.{BINDS}"
        found += [
            error("collaborations.department_not_involved", at, department=each.name)
            for each in chosen
            if not matter.takes_part(each)
        ]
        if chosen and own is not None and own.id in matter.involved and own.id not in {each.id for each in chosen}:
            found.append(error("collaborations.line_leaves_out_who_is_in_charge", at, department=own.name))
        if not bound_by(row, matter.involved):
            found.append(error("collaborations.line_binds_nobody", at))
    return found


def bound_by(row: Body, involved: Iterable[int]) -> list[int]:
    """The departments that are asked to agree to a line, in the order of the matter: those chosen, or all involved."""
    chosen = {each.id for each in refs_in(row, BINDS)}
    return [pk for pk in involved if not chosen or pk in chosen]


def binds_somewhere(body: Body, department_id: int) -> bool:
    """Whether some line binds the department, or all."""
    chosen = (refs_in(row, BINDS) for place in SIGNED_LISTS for row in rows(body, place))
    return any(not each or department_id in {one.id for one in each} for each in chosen)


def excused(body: Body, involved: Collection[int]) -> dict[str, frozenset[str]]:
    """Line (`criteria/ab12`) → the keys of the involved departments that it does not bind; lines that bind all left
    out."""
    found = {
        f"{place}/{text(row, 'id')}": frozenset(map(str, set(involved) - set(bound_by(row, involved))))
        for place in SIGNED_LISTS
        for row in rows(body, place)
    }
    return {part: keys for part, keys in found.items() if keys}


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
        *_binding(criteria, "criteria", "owner_dept", matter),
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
