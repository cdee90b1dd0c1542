"""F01: whether a request may be submitted (G01, V2–V6)."""

from dataclasses import dataclass, field
from datetime import date

from bihuan.collaborations.policy.body import Body, Ref, day, normal, ref, refs, rows, text
from bihuan.collaborations.policy.lines import milestones_of, requested_items, results_of
from bihuan.collaborations.policy.members import HIDDEN
from bihuan.collaborations.policy.metrics import MetricDates, goal_findings, metric_findings, metrics_of
from bihuan.collaborations.policy.needs import (
    milestone_findings,
    need_findings,
    result_findings,
    same_name,
)
from bihuan.collaborations.policy.parties import (
    Matter,
    People,
    named_twice,
    not_past,
    people_fit,
    person_fits,
    weekdays,
)
from bihuan.kernel.findings import Finding, error, warning

NOT_IN_A_SHORT_NAME = frozenset('-/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`titles_taken` are the titles of this year's other collaborations. `is_without_executive`: nobody but who carries
    the matter is in charge of the department that leads; known of secret ones only. At least so many `departments` take
    part; fewer `working_days` until the finish are worth a word.
    """

    today: date
    titles_taken: frozenset[str] = frozenset()
    people: People = field(default_factory=dict)
    is_without_executive: bool = False
    departments: int = 2
    working_days: int = 5


def check(body: Body, context: RequestContext) -> list[Finding]:
    matter = _matter(body, context)
    return [
        *_names(body, context),
        *_goal(body, matter),
        *_parties(body, context),
        *_dates(body, matter, context),
        *_resources(body, matter),
        *result_findings(results_of(body), matter.today, matter.finish),
        *same_name([line.name for line in results_of(body)], "expected_results"),
        *people_fit(rows(body, "cc"), "cc", "person", context.people),
    ]


def _matter(body: Body, context: RequestContext) -> Matter:
    initiating = ref(body, "initiating_dept")
    return Matter(
        today=context.today,
        initiating=initiating.id if initiating else None,
        involved={department.id: department.name for department in refs(rows(body, "involved_depts"), "dept")},
        finish=day(body, "expected_finish"),
        people=context.people,
    )


def _names(body: Body, context: RequestContext) -> list[Finding]:
    found = []
    if normal(text(body, "title")) in {normal(title) for title in context.titles_taken if title.strip()}:
        found.append(error("collaborations.title_taken", "title", title=text(body, "title")))
    short_name = text(body, "short_name")
    wrong = [mark for mark in dict.fromkeys(short_name) if mark in NOT_IN_A_SHORT_NAME or mark.isspace()]
    if wrong:
        marks = " ".join("␣" if mark.isspace() else mark for mark in wrong)
        found.append(error("collaborations.short_name_marks", "short_name", marks=marks))
    if text(body, "secrecy") in HIDDEN and context.is_without_executive:
        found.append(error("collaborations.secret_without_executive", "secrecy"))
    return found


def _goal(body: Body, matter: Matter) -> list[Finding]:
    metrics = metrics_of(body)
    milestones = {line.name: line.on for line in milestones_of(body) if line.on}
    return [
        *goal_findings(metrics),
        *metric_findings(metrics, MetricDates(matter.today, matter.finish, milestones)),
        *same_name([metric.name for metric in metrics], "metrics"),
    ]


def _parties(body: Body, context: RequestContext) -> list[Finding]:
    involved = rows(body, "involved_depts")
    initiating = ref(body, "initiating_dept")
    return [
        *person_fits("initiator", ref(body, "initiator"), context.people, initiating),
        *person_fits("project_lead", ref(body, "project_lead"), context.people),
        *_enough_departments(involved, initiating, context.departments),
        *named_twice(involved, "involved_depts"),
        *people_fit(involved, "involved_depts", "contact_person", context.people, "dept"),
        *_regions(body, involved),
    ]


def _enough_departments(involved: list[Body], initiating: Ref | None, least: int) -> list[Finding]:
    """V4: at least one department besides the initiating one, or as many as the playbook asks for."""
    named = refs(involved, "dept")
    if not named or initiating is None:
        return []
    taking_part = len({initiating.id, *(department.id for department in named)})
    if taking_part == 1:
        return [error("collaborations.one_department_only", "involved_depts", department=initiating.name)]
    if taking_part < least:
        return [error("collaborations.departments_too_few", "involved_depts", count=taking_part, least=least)]
    return []


def _regions(body: Body, involved: list[Body]) -> list[Finding]:
    sites = {site.id for site in refs(involved, "site")}
    if len(sites) < 2 or rows(body, "regions"):
        return []
    return [error("collaborations.regions_missing", "regions", sites=len(sites))]


def _dates(body: Body, matter: Matter, context: RequestContext) -> list[Finding]:
    milestones = milestones_of(body)
    return [
        *milestone_findings(milestones, "milestones", matter.today, matter.finish),
        *same_name([line.name for line in milestones], "milestones"),
        *[
            error("collaborations.department_not_involved", f"milestones.{index}.owner_dept", department=owner.name)
            for index, line in enumerate(milestones)
            if (owner := line.department) and not matter.takes_part(owner)
        ],
        *_finish(matter, context.working_days),
    ]


def _finish(matter: Matter, enough: int) -> list[Finding]:
    if matter.finish is None:
        return []
    past = not_past("expected_finish", matter.finish, matter.today)
    left = weekdays(matter.today, matter.finish)
    if past or left >= enough:
        return past
    return [warning("collaborations.finish_is_near", "expected_finish", days=left)]


def _resources(body: Body, matter: Matter) -> list[Finding]:
    needs = requested_items(body)
    reason = text(body, "resources_none_reason")
    if not needs and not reason:
        return [error("collaborations.resources_unanswered", "resources")]
    if needs and reason:
        return [error("collaborations.resources_contradict", "resources_none_reason")]
    return need_findings(needs, "resources", matter)
