"""What acceptance is held against: agreed criteria, the plan's results, metrics, dates, budget, and what is known."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext, override

from bihuan.collaborations.models import Collaboration, Measurement
from bihuan.collaborations.policy.acceptance import AcceptanceItem, acceptance_items, item_id
from bihuan.collaborations.policy.body import normal, number
from bihuan.collaborations.policy.lines import CriterionLine, MilestoneLine, criteria_of, milestones_of, results_of
from bihuan.collaborations.policy.metrics import (
    MetricLine,
    OpenWindow,
    is_reached,
    metrics_of,
    windows_open,
    windows_since,
)
from bihuan.collaborations.policy.secondment import judged
from bihuan.collaborations.queries.loans import SECONDMENT, secondment_of
from bihuan.collaborations.queries.steps import plan_of
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of
from bihuan.records import queries as records

Body = Mapping[str, object]
BASIS = ("F03", "F04")
"""What acceptance is held against where a playbook says nothing; without a plan the request takes its place."""


def basis_of(collaboration: Collaboration) -> tuple[str, ...]:
    return plan_of(collaboration).acceptance or BASIS


def judged_body(collaboration: Collaboration) -> dict[str, object]:
    """The form whose metrics and results are judged: the plan, or the goal of the request; empty where neither is."""
    basis = basis_of(collaboration)
    if "F04" in basis:
        return plan_body(collaboration)
    return _data_of(collaboration, *(code for code in ("F02", "F01") if code in basis))


def plan_body(collaboration: Collaboration) -> dict[str, object]:
    """The plan in force, or the request where the playbook has no plan."""
    return _data_of(collaboration, "F04", "F02", "F01")


def consensus_body(collaboration: Collaboration) -> dict[str, object]:
    return _data_of(collaboration, "F03")


def _data_of(collaboration: Collaboration, *form_codes: str) -> dict[str, object]:
    """What the first of the forms that was submitted says last; empty where none was."""
    version = records.latest(SubjectRef("collaboration", collaboration.pk), *form_codes) if form_codes else None
    return version.data if version is not None else {}


def reached_on(collaboration: Collaboration) -> dict[str, date]:
    """The day on which each milestone was really reached, by its name."""
    rows = collaboration.milestones.values_list("name", "reached_on")
    return {name: day for name, day in rows if day is not None}


Latest = dict[str, dict[str, Decimal]]


def latest_values(collaboration: Collaboration, since: Mapping[str, date]) -> Latest:
    """The last measured value of each metric by its name, and of each part it breaks down into ("" is the whole).

    The plan may have given the metric another row, never another name. `since` says from which day on values of a name
    count. One query.
    """
    measured = Measurement.objects.filter(metric__collaboration=collaboration)
    in_order = measured.order_by("metric__position", "metric", "measured_on", "pk")
    latest: Latest = {}
    for name, part, value, day in in_order.values_list("metric__name", "part", "value", "measured_on"):
        if day >= since.get(normal(name), day):
            latest.setdefault(normal(name), {})[part] = value
    return latest


def open_windows(collaboration: Collaboration, at: datetime) -> list[OpenWindow]:
    """Windows of the judged metrics that are not over yet (T26). Reached is what was measured in its window."""
    metrics = metrics_of(judged_body(collaboration))
    if not any(metric.has_window for metric in metrics):
        return []
    starts = reached_on(collaboration)
    values = latest_values(collaboration, since=windows_since(metrics, starts))
    return windows_open(metrics, starts, day_of(at), frozenset(_reached(metrics, values)))


def _reached(metrics: list[MetricLine], values: Latest) -> Iterator[str]:
    for metric in metrics:
        if is_reached(metric, values.get(normal(metric.name), {})):
            yield metric.row


def items_to_judge(collaboration: Collaboration) -> list[AcceptanceItem]:
    """Every item of the yardstick, with what has been measured and reached so far."""
    plan, basis = judged_body(collaboration), basis_of(collaboration)
    return acceptance_items(
        criteria=[
            *(criteria_of(consensus_body(collaboration)) if "F03" in basis else ()),
            *(_of_the_loan(collaboration) if SECONDMENT in basis else ()),
        ],
        results=results_of(plan),
        metrics=metrics_of(plan),
        milestones=_dates(plan) if "F04" in basis else (),
        budget=number(plan, "budget_total"),
        budget_name=_budget_name(),
        actuals=_known(collaboration, plan),
    )


def _of_the_loan(collaboration: Collaboration) -> list[CriterionLine]:
    version = secondment_of(SubjectRef("collaboration", collaboration.pk))
    return judged(version.data) if version is not None else []


def _dates(plan: dict[str, object]) -> list[MilestoneLine]:
    return milestones_of(plan, "time_nodes") or milestones_of(plan)


def _budget_name() -> str:
    """In the company's language, since it is frozen into the record whoever submits it."""
    with override(settings.LANGUAGE_CODE):
        return gettext("Budget")


def _known(collaboration: Collaboration, plan: dict[str, object]) -> dict[str, Decimal | date]:
    metrics, reached = metrics_of(plan), reached_on(collaboration)
    values = latest_values(collaboration, since=windows_since(metrics, reached))
    known: dict[str, Decimal | date] = {}
    for metric in metrics:
        last = values.get(normal(metric.name), {})
        for number_of_part, part in enumerate(metric.judged_parts, 1):
            if part in last:
                known[item_id("METRIC", metric.row, number_of_part if part else 0)] = last[part]
    for milestone in _dates(plan):
        if milestone.name in reached:
            known[item_id("DEADLINE", milestone.row)] = reached[milestone.name]
    return known
