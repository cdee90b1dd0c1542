"""F11: how serious a risk is, whether the report is whole, and how late it came (T18). F25: who may open (G17)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bihuan.collaborations.policy.body import Body, instant, normal, number, ref, refs, rows, text, whole
from bihuan.collaborations.policy.parties import Matter, named_twice, people_fit, person_fits
from bihuan.kernel.findings import Finding, error, warning

A_DAY = timedelta(hours=24)
HIGH_FROM, MEDIUM_FROM = 6, 3


@dataclass(frozen=True, slots=True)
class RiskContext:
    """`known` are the names a risk may point at, by kind: TASK, MILESTONE, METRIC. It is filed in time `within` so long
    of being found (T18)."""

    matter: Matter
    now: datetime
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    within: timedelta = A_DAY


def level_of(probability: int | None, impact: int | None) -> str:
    """The level by the matrix; empty while one of the two is not answered."""
    if probability is None or impact is None:
        return ""
    weight = probability * impact
    return "HIGH" if weight >= HIGH_FROM else "MEDIUM" if weight >= MEDIUM_FROM else "LOW"


def level(body: Body) -> str:
    """The level that counts: another one than the matrix gives needs a reason."""
    by_matrix = level_of(whole(body, "probability"), whole(body, "impact"))
    override = text(body, "level_override")
    return override if override and text(body, "level_reason") else by_matrix


def computed(body: Body) -> dict[str, Any]:
    """The computed part of the body."""
    return {"level": level(body)}


def lateness(discovered: datetime, filed: datetime, within: timedelta = A_DAY) -> timedelta:
    """How much later than `within` after it was found a risk was filed; nought when in time."""
    return max(filed - discovered - within, timedelta())


def check(body: Body, context: RiskContext) -> list[Finding]:
    return [
        *_found_at(body, context),
        *person_fits("finder", ref(body, "finder"), context.matter.people, ref(body, "dept")),
        *_level(body),
        *[
            finding
            for index, row in enumerate(rows(body, "impact_scope"))
            for finding in _scope(row, f"impact_scope.{index}", context)
        ],
    ]


def _found_at(body: Body, context: RiskContext) -> list[Finding]:
    discovered, now = instant(body, "discovered_at"), context.now
    if discovered is None:
        return []
    if discovered > now:
        return [error("issues.found_in_future", "discovered_at")]
    late = lateness(discovered, now, context.within)
    return [warning("issues.filed_late", "discovered_at", hours=-(-late // timedelta(hours=1)))] if late else []


def _level(body: Body) -> list[Finding]:
    found = []
    if text(body, "level_override") and not text(body, "level_reason"):
        found.append(error("issues.level_reason_missing", "level_reason"))
    if level(body) in {"HIGH", "MEDIUM"} and not text(body, "trigger"):
        found.append(error("issues.trigger_missing", "trigger"))
    return found


def _scope(row: Body, place: str, context: RiskContext) -> list[Finding]:
    kind, name, department = text(row, "kind"), text(row, "name"), ref(row, "dept")
    if kind == "DEPARTMENT":
        if department is None:
            return [error("issues.scope_unnamed", f"{place}.dept")]
        if not context.matter.takes_part(department):
            return [error("collaborations.department_not_involved", f"{place}.dept", department=department.name)]
        return []
    if kind and not name:
        return [error("issues.scope_unnamed", f"{place}.name")]
    if kind and normal(name) not in {normal(known) for known in context.known.get(kind, frozenset())}:
        return [warning("issues.scope_unknown", f"{place}.name", name=name)]
    return []


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """`opener` hands it in, `openers` are those who may; `barred_by` is a matter whose papers he still owes (T34).
    `opened` is what the channel was opened with, of one that is open: only what is said of the customer changes."""

    matter: Matter
    now: datetime
    opener: int | None = None
    openers: Mapping[int, str] = field(default_factory=dict)
    barred_by: str = ""
    opened: Body | None = None


def check_channel(body: Body, context: ChannelContext) -> list[Finding]:
    """G17: who may open it, for others than the own department alone, within the money there is."""
    return [
        *_opener(context),
        *_instants(body, context.now),
        *(_as_opened(body, context.opened) if context.opened is not None else ()),
        *_called(body),
        *_spending(body),
        *person_fits("project_lead", ref(body, "project_lead"), context.matter.people, ref(body, "lead_dept")),
        *people_fit(rows(body, "measures"), "measures", "owner", context.matter.people),
    ]


def _opener(context: ChannelContext) -> list[Finding]:
    found = []
    if context.opener not in context.openers:
        found.append(error("issues.may_not_open", "lead_dept", names=", ".join(context.openers.values())))
    if context.barred_by and context.opened is None:
        found.append(error("issues.opener_barred", "lead_dept", number=context.barred_by))
    return found


def _instants(body: Body, now: datetime) -> list[Finding]:
    told = {key: instant(body, key) for key in ("received_at", "customer_since")}
    found = [error("issues.received_ahead", key) for key, at in told.items() if at is not None and at > now]
    if told["customer_since"] is not None and text(body, "customer") == "NO":
        found.append(error("issues.no_customer", "customer_since"))
    return found


def _as_opened(body: Body, opened: Body) -> Iterator[Finding]:
    """Clocks run and departments are at work by what the channel was opened with."""
    for key in ("lead_dept", "project_lead"):
        if ref(body, key) != ref(opened, key):
            yield error("issues.channel_is_open", key)
    if instant(body, "received_at") != instant(opened, "received_at"):
        yield error("issues.channel_is_open", "received_at")
    if refs(rows(body, "related_depts"), "dept") != refs(rows(opened, "related_depts"), "dept"):
        yield error("issues.channel_is_open", "related_depts")


def _called(body: Body) -> list[Finding]:
    related, lead = rows(body, "related_depts"), ref(body, "lead_dept")
    named = refs(related, "dept")
    if named and lead is not None and all(department.id == lead.id for department in named):
        return [error("collaborations.one_department_only", "related_depts", department=lead.name)]
    return named_twice(related, "related_depts")


def _spending(body: Body) -> list[Finding]:
    limit, spent = number(body, "spending_limit"), number(body, "spending")
    if limit is None or spent is None or spent <= limit:
        return []
    return [error("issues.spending_over_limit", "spending", limit=f"{limit:,.2f}")]
