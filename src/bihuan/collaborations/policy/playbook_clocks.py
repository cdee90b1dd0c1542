"""The clocks a playbook sets: other limits of time rules for its matters (domain §4.2), and whether they can run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from bihuan.clock import Unit
from bihuan.clock.errors import ClockError
from bihuan.clock.limits import parse_profile, split_limit
from bihuan.collaborations.policy.playbook import (
    ARCHIVED_IN,
    JUDGED,
    MINUTES,
    REVIEWED_IN,
    WORK,
    ClockPlan,
    PlaybookPlan,
    StepPlan,
)
from bihuan.deadlines.policy.table import RULES, Rule
from bihuan.deadlines.policy.terms import RULES_ALONE, Terms
from bihuan.kernel.findings import Finding, error

MOST: Mapping[Unit, int] = MappingProxyType({
    Unit.HOURS: 2160, Unit.WORKING_HOURS: 720, Unit.WORKING_DAYS: 250, Unit.DAYS: 365
})  # fmt: skip
"""Beyond it nobody is told of anything in time: ninety days in hours, a year in days."""


@dataclass(frozen=True, slots=True)
class Runs:
    """How a rule runs in a playbook: it begins when one of `forms` is handed in, or `step` is entered, where `begins`
    says so. It stops with one of `stopped_by`, forms or a step that is left; where that is empty, whoever is asked can
    always stop it."""

    forms: tuple[str, ...] = ()
    step: str = ""
    begins: Callable[[PlaybookPlan], bool] = lambda _plan: True
    stopped_by: tuple[str, ...] = ()


def _signs(plan: PlaybookPlan) -> bool:
    return any(asking.routes for asking in (*plan.steps, *(each.step for each in plan.obligations)))


def _settles(form: str) -> Callable[[PlaybookPlan], bool]:
    def decided(plan: PlaybookPlan) -> bool:
        asking = (*plan.steps, *(each.step for each in plan.obligations))
        return any(each.routes_on(form) for each in asking)

    return decided


def _asks_in(step: str, *forms: str) -> Callable[[PlaybookPlan], bool]:
    return lambda plan: plan.has(step) and any(plan.step(step).asks_for(form) for form in forms)


COUNTED: Mapping[str, Runs] = MappingProxyType({
    "T03": Runs(("F25",), stopped_by=("F15",)),
    "T04": Runs((MINUTES,), begins=lambda plan: plan.minutes_clock == "T04"),
    "T05": Runs((MINUTES,), begins=lambda plan: plan.minutes_clock == "T05"),
    "T06": Runs(("F13",), stopped_by=("F02",)),
    "T07": Runs(("F13",), stopped_by=(JUDGED,)),
    "T08": Runs(("F13",), stopped_by=(JUDGED,)),
    "T18": Runs(),
    "T22": Runs(("F25",), begins=lambda plan: plan.asks_for("F32")),
    "T28": Runs(),
    "T29": Runs(begins=_signs),
    "T30": Runs(begins=_settles("F07")),
    "T31": Runs(step=REVIEWED_IN, begins=_asks_in(REVIEWED_IN, "F17", "F18")),
    "T32": Runs(step=ARCHIVED_IN, begins=_asks_in(ARCHIVED_IN, "F20")),
    "T35": Runs(("F05",), begins=lambda plan: plan.has(WORK)),
    "T37": Runs(("F13",), begins=_settles("F13")),
})  # fmt: skip
"""The rules whose limit is counted. Others run to what a form or a person says, and no playbook sets them."""
COUNTED_BACK = frozenset({"T35"})
DAY_AND_NIGHT = frozenset({"T18", *(rule_id for rule_id in COUNTED if RULES[rule_id].is_urgent)})


def begins_in(plan: PlaybookPlan, rule_id: str) -> bool:
    """Whether a matter on this playbook ever starts the clock of a rule."""
    runs = COUNTED[rule_id]
    asked = not runs.forms or any(plan.asks_for(form) for form in runs.forms)
    return asked and runs.begins(plan)


def begun_by(plan: PlaybookPlan, step: StepPlan) -> list[str]:
    """The rules whose clocks begin with this step or one of its forms. What is counted back has no beginning."""
    return [
        rule_id
        for rule_id, runs in COUNTED.items()
        if (runs.step == step.key or any(step.asks_for(form) for form in runs.forms))
        and rule_id not in COUNTED_BACK
        and begins_in(plan, rule_id)
    ]


def terms_of(plan: PlaybookPlan, said_by: str) -> Terms:
    """What the playbook says of the rules, in words of the deadlines."""
    if not plan.clocks:
        return RULES_ALONE
    return Terms(
        said_by,
        limits={(clock.rule, clock.kind): clock.limit for clock in plan.clocks if clock.limit},
        profiles={(clock.rule, clock.kind): parse_profile(clock.profile) for clock in plan.clocks if clock.profile},
    )


def check_clocks(plan: PlaybookPlan) -> Iterator[Finding]:
    """Clocks of rules that exist and run here, with limits people can keep; and that every one that begins can stop."""
    seen: set[tuple[str, str]] = set()
    for index, said in enumerate(plan.clocks):
        place = f"clocks.{index}"
        if said.rule not in COUNTED:
            yield error(
                "collaborations.playbook_clock_unknown", f"{place}.rule", rule=said.rule, rules=", ".join(COUNTED)
            )
            continue
        if (said.rule, said.kind) in seen:
            yield error("collaborations.playbook_clock_twice", f"{place}.rule", rule=said.rule)
        seen.add((said.rule, said.kind))
        if not begins_in(plan, said.rule):
            yield error("collaborations.playbook_clock_never_begins", f"{place}.rule", rule=said.rule)
        yield from _sound(RULES[said.rule], said, place)
    yield from _stopped(plan)


def _sound(rule: Rule, said: ClockPlan, place: str) -> Iterator[Finding]:
    kinds = sorted(filter(None, rule.limits))
    if said.kind and said.kind not in kinds:
        told = ", ".join(kinds) or "–"
        yield error("collaborations.playbook_clock_kind", f"{place}.kind", rule=rule.id, kind=said.kind, kinds=told)
    if not said.limit and not said.profile:
        yield error("collaborations.playbook_clock_says_nothing", place, rule=rule.id)
    if said.profile and not rule.may_count_work:
        yield error("collaborations.playbook_clock_profile", f"{place}.profile", rule=rule.id)
    if said.limit:
        yield from _limit(rule, said.limit, f"{place}.limit")


def _limit(rule: Rule, said: str, place: str) -> Iterator[Finding]:
    """A limit in whole hours or days that somebody can keep."""
    try:
        amount, unit = split_limit(said)
    except ClockError:
        amount, unit = Decimal(0), Unit.HOURS
    if amount <= 0 or amount != int(amount):
        yield error("collaborations.playbook_clock_limit", place, limit=said[:20])
        return
    if amount > MOST[unit]:
        yield error("collaborations.playbook_clock_absurd", place, limit=said, most=f"{MOST[unit]}{unit}")
    if rule.id in DAY_AND_NIGHT and unit is not Unit.HOURS:
        yield error("collaborations.playbook_clock_urgent", place, rule=rule.id, limit=said)
    if rule.id in COUNTED_BACK and unit.counts_days:
        yield error("collaborations.playbook_clock_counted_back", place, rule=rule.id, limit=said)


def _stopped(plan: PlaybookPlan) -> Iterator[Finding]:
    """A clock that a form of this playbook starts has what stops it, whether the playbook sets its limit or not."""
    for rule_id, runs in COUNTED.items():
        if runs.stopped_by and begins_in(plan, rule_id):
            stops = any(plan.has(word) or plan.asks_for(word) for word in runs.stopped_by)
            begun = next(form for form in runs.forms if plan.asks_for(form))
            if not stops:
                yield error(
                    "collaborations.playbook_clock_never_stops", _asking(plan, begun), rule=rule_id, form=begun,
                    stop=" / ".join(runs.stopped_by),
                )  # fmt: skip


def _asking(plan: PlaybookPlan, form: str) -> str:
    """Where a form is asked for."""
    for index, step in enumerate(plan.steps):
        for at, each in enumerate(step.forms):
            if each.code == form:
                return f"steps.{index}.forms.{at}"
    return next(f"obligations.{index}" for index, owed in enumerate(plan.obligations) if form in owed.asked)
