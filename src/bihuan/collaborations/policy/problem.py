"""F13: whether a problem is told by facts (AS18, V4, V7), and how many users a typed count means."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bihuan.collaborations.policy.body import Body, instant, ref, refs, rows, text
from bihuan.collaborations.policy.parties import People, named_twice, person_fits
from bihuan.kernel.findings import Finding, error

COUNT = re.compile(
    r"(?:约|至少|超过|近)?\s*(\d{1,3}(?:[,，]\d{3})+|\d{1,9})\s*(\+|＋|以上|多)?\s*(?:名|人|位|户|个)?(以上)?"
)


@dataclass(frozen=True, slots=True)
class AssessmentContext:
    now: datetime
    people: People = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    is_lower_bound: bool


def read_count(typed: str) -> Count | None:
    """`500`, `1,200人`, `500+`, `500以上`; None when it is no count."""
    found = COUNT.fullmatch(typed.strip())
    if found is None:
        return None
    number, more, after = found.groups()
    is_bound = bool(more or after) or typed.strip().startswith(("至少", "超过"))
    return Count(int(re.sub(r"[,，]", "", number)), is_bound)


def computed(body: Body) -> dict[str, Any]:
    count = read_count(text(body, "impact_users"))
    return {
        "users_count": count.number if count else None,
        "users_at_least": count.is_lower_bound if count else None,
    }


def check(body: Body, context: AssessmentContext) -> list[Finding]:
    lead = ref(body, "lead_dept")
    return [
        *person_fits("initiator", ref(body, "initiator"), context.people, lead),
        *_facts(body),
        *_occurred(body, context.now),
        *_impact(body),
        *_related(body),
    ]


def _facts(body: Body) -> list[Finding]:
    if rows(body, "figures") or rows(body, "cases"):
        return []
    return [error("collaborations.problem_without_fact", "figures")]


def _occurred(body: Body, now: datetime) -> list[Finding]:
    at = instant(body, "occurred_at")
    return [error("collaborations.occurred_ahead", "occurred_at")] if at is not None and at > now else []


def _impact(body: Body) -> list[Finding]:
    typed = text(body, "impact_users")
    if typed and read_count(typed) is None:
        return [error("collaborations.users_unreadable", "impact_users", typed=typed)]
    if typed or rows(body, "impact_depts") or text(body, "impact_business"):
        return []
    return [error("collaborations.impact_unsaid", "impact_users")]


def _related(body: Body) -> list[Finding]:
    """V4: a problem of one department alone needs no collaboration."""
    related, lead = rows(body, "related_depts"), ref(body, "lead_dept")
    named = refs(related, "dept")
    if named and lead is not None and all(department.id == lead.id for department in named):
        return [error("collaborations.one_department_only", "related_depts", department=lead.name)]
    return named_twice(related, "related_depts")
