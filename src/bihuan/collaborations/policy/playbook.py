"""A playbook as values: what its steps ask for, and which step comes next."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

FINAL, WORK, JUDGED, REVIEWED_IN, ARCHIVED_IN = "CLOSED", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE"
ROUND = frozenset({WORK, JUDGED})
WEEKLY, TABLE, DUTIES, ARCHIVED, RECURS = "F09", "F10", "F05", "F20", "F27"
ACCEPTED_WITH, IMPORTED = "F16", "IMPORTED"
MINUTES, APPLIED = "F07", "F02"
SENT_WHEN_SIGNED, SENT_AT_ONCE = "SIGN_THEN_DISTRIBUTE", "DISTRIBUTE_THEN_SIGN"
"""How minutes flow: out when the last signature stands, or out when they are filed, to be signed afterwards (Q5)."""
OF_A_PERIOD = (WORK, JUDGED, REVIEWED_IN, ARCHIVED_IN)
"""The steps that come again for every period of a recurring matter."""
ALSO_CALLED: Mapping[str, str] = MappingProxyType({"PROBLEM": "SEED_D"})
"""Further names of playbooks: one text, one row in every list, found by either name."""


@dataclass(frozen=True, slots=True)
class FormPlan:
    """`instead_of` is a form of the same step that this one may be handed in for. `only_if` is a yes-or-no question of
    an earlier form, `F25.customer`: answered with no, nobody is asked for this one."""

    code: str
    filler: str
    instead_of: str = ""
    only_if: str = ""

    @property
    def said(self) -> str:
        """In one line: `F18 (LEAD) instead of F17`."""
        beside = [f"instead of {self.instead_of}"] if self.instead_of else []
        beside += [f"only if {self.only_if}"] if self.only_if else []
        return " ".join([f"{self.code} ({self.filler})", *beside])


@dataclass(frozen=True, slots=True)
class RoutePlan:
    code: str
    form: str


@dataclass(frozen=True, slots=True)
class StepPlan:
    key: str
    forms: tuple[FormPlan, ...]
    routes: tuple[RoutePlan, ...]
    guards: tuple[str, ...]
    auto: bool
    back_to: str
    gate: str = ""

    @property
    def held(self) -> str:
        """The gate that its open forms hold."""
        return self.gate or leave(self.key)

    def asks_for(self, form_code: str) -> bool:
        return any(form.code == form_code for form in self.forms)

    def one_of(self, form_code: str) -> tuple[str, ...]:
        """The forms of which one is enough, in their order; mostly the form alone."""
        first = next((form.instead_of for form in self.forms if form.code == form_code and form.instead_of), form_code)
        return tuple(form.code for form in self.forms if first in {form.code, form.instead_of})

    def filler_of(self, form_code: str) -> str:
        return next(form.filler for form in self.forms if form.code == form_code)

    def lacking(self, settled: AbstractSet[str], needless: AbstractSet[str]) -> tuple[FormPlan, ...]:
        """The forms still to be handed in: of several of which one is enough the first, of needless ones none."""
        return tuple(
            form
            for form in self.forms
            if form.code not in needless and not form.instead_of and settled.isdisjoint(self.one_of(form.code))
        )

    @property
    def is_filed(self) -> bool:
        """Whether an office outside the matter has to fill in a form."""
        return any(form.filler == "FILING" for form in self.forms)

    def routes_on(self, form_code: str) -> tuple[RoutePlan, ...]:
        return tuple(route for route in self.routes if route.form == form_code)

    def routes_on_entry(self) -> tuple[RoutePlan, ...]:
        """Routes over a form that an earlier step produced."""
        return tuple(route for route in self.routes if not self.asks_for(route.form))


@dataclass(frozen=True, slots=True)
class Obligation:
    """What is made up for beside the way: papers and signatures that a step did not wait for.

    It begins when the form `opens` is handed in, is due `hours` later day and night, and holds `gate`. `step` has its
    forms and routes, with the forms of steps that are only signed afterwards; `asked` are those it asks for itself.
    """

    key: str
    opens: str
    hours: int
    gate: str
    asked: tuple[str, ...]
    step: StepPlan

    @property
    def forms(self) -> tuple[FormPlan, ...]:
        """Those it asks for itself, without those it only has signed."""
        return tuple(form for form in self.step.forms if form.code in self.asked)


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """What a time rule is for matters on this playbook, for one kind where the rule tells kinds apart."""

    rule: str
    kind: str = ""
    limit: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True)
class CadencePlan:
    """How often a form falls due: `day` of a week, `number` of the working day of a month, `at` which time."""

    form: str
    every: str
    day: str = ""
    number: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class ThresholdPlan:
    """The number that a guard counts by, or a condition of a route compares with."""

    of: str
    name: str
    value: str


@dataclass(frozen=True)
class PlaybookPlan:
    """`acceptance` names the forms that acceptance is held against, `archive` those an archive must hold.

    `extra_fields` are asked beside the fields of a form, in this order. `clocks` take the place of limits of the rules,
    `thresholds` that of numbers of its guards and routes; `cadences` say how often forms fall due. `minutes_flow` says
    whether minutes go out before or after they are signed.
    """

    key: str
    steps: tuple[StepPlan, ...]
    condition_gate: str
    acceptance: tuple[str, ...] = ()
    archive: tuple[str, ...] = ()
    extra_fields: tuple[Mapping[str, Any], ...] = ()
    obligations: tuple[Obligation, ...] = ()
    clocks: tuple[ClockPlan, ...] = ()
    thresholds: tuple[ThresholdPlan, ...] = ()
    cadences: tuple[CadencePlan, ...] = ()
    minutes_flow: str = SENT_AT_ONCE

    @property
    def minutes_clock(self) -> str:
        """The rule by which minutes that go out at once are sent within a day of the meeting: of a problem T05, else
        T04; none where nobody is sent any before they are signed."""
        if self.minutes_flow != SENT_AT_ONCE or not self.asks_for(MINUTES):
            return ""
        return "T05" if self.asks_for(APPLIED) else "T04"

    @property
    def archive_set(self) -> tuple[str, ...]:
        """What an archive must hold: as the text says, else every form it asks for, with the weeks of a duty table."""
        asked = [form.code for step in self.steps for form in step.forms if form.code != ARCHIVED]
        asked += [code for obligation in self.obligations for code in obligation.asked]
        return self.archive or (*asked, *([WEEKLY] if DUTIES in asked else []))

    @property
    def recurs(self) -> bool:
        """Whether work and acceptance come again for every period that the recurrence says."""
        return self.asks_for(RECURS)

    @cached_property
    def coming_round(self) -> tuple[str, ...]:
        """The steps that come again for every period, in their order."""
        return tuple(step.key for step in self.steps if step.key in ROUND) if self.recurs else ()

    def step(self, key: str) -> StepPlan:
        return next(step for step in self.steps if step.key == key)

    def has(self, key: str) -> bool:
        return any(step.key == key for step in self.steps)

    def asks_for(self, form_code: str) -> bool:
        return form_code in self.asked

    @cached_property
    def asked(self) -> frozenset[str]:
        """The forms of every step and obligation."""
        of_steps = (form.code for step in self.steps for form in step.forms)
        return frozenset(of_steps).union(*(obligation.asked for obligation in self.obligations))

    def is_signed_on_the_way(self, form_code: str) -> bool:
        """Whether a step waits for the signatures under a form; else they follow, or nobody signs."""
        return any(step.routes_on(form_code) for step in self.steps)

    def forms_on(self, route: str) -> frozenset[str]:
        """The forms that are signed by a route, one at a time."""
        asking = (*self.steps, *(each.step for each in self.obligations))
        return frozenset(one.form for step in asking for one in step.routes if one.code == route)

    def gate_of(self, route: str, standing_in: str) -> str:
        """What the signatures of a route hold back: the gate of its obligation, else the step the matter stands in."""
        beside = (each.gate for each in self.obligations if any(route == one.code for one in each.step.routes))
        return next(beside, leave(standing_in))

    def step_asking(self, form_code: str) -> StepPlan | None:
        return next((step for step in self.steps if step.asks_for(form_code)), None)

    def one_of(self, form_code: str) -> tuple[str, ...]:
        """The forms of which one is enough where this one is asked for."""
        asking = self.step_asking(form_code)
        return asking.one_of(form_code) if asking is not None else (form_code,)

    def fields_for(self, form_code: str) -> tuple[Mapping[str, Any], ...]:
        """What the playbook adds to a form."""
        return tuple(field for field in self.extra_fields if field["form"] == form_code)

    def first(self) -> StepPlan:
        return self.steps[0]

    def position(self, key: str) -> int:
        return next(index for index, step in enumerate(self.steps) if step.key == key)

    def after(self, key: str) -> StepPlan | None:
        following = self.steps[self.position(key) + 1 :]
        return following[0] if following else None

    def is_before(self, key: str, other: str) -> bool:
        return self.has(key) and self.has(other) and self.position(key) < self.position(other)


def key_of(name: str) -> str:
    """The key of a playbook by its key or another name of it."""
    return ALSO_CALLED.get(name, name)


def leave(step: str) -> str:
    return f"leave:{step}"


def enter(step: str) -> str:
    return f"enter:{step}"


def gates_of(plan: PlaybookPlan, step: str) -> tuple[str, ...]:
    """The gates that stand between this step and the next of the playbook."""
    following = plan.after(step)
    return (leave(step), enter(following.key)) if following else (leave(step),)


def read_playbook(body: Mapping[str, Any]) -> PlaybookPlan:
    """The typed form of a published body. The body has passed `playbook_check.check_playbook`."""
    steps = tuple(_read_step(step) for step in body["steps"])
    return PlaybookPlan(
        key=body["key"],
        steps=steps,
        obligations=tuple(_read_obligation(said, steps) for said in body.get("obligations", ())),
        condition_gate=body.get("condition_gate", "enter:EXECUTE"),
        acceptance=tuple(body.get("acceptance", ())),
        archive=tuple(body.get("archive", ())),
        extra_fields=tuple(body.get("extra_fields", ())),
        clocks=tuple(ClockPlan(**said) for said in body.get("clocks", ())),
        cadences=tuple(CadencePlan(**said) for said in body.get("cadences", ())),
        thresholds=tuple(ThresholdPlan(**said) for said in body.get("thresholds", ())),
        minutes_flow=body.get("minutes_flow") or SENT_AT_ONCE,
    )


def _read_step(step: Mapping[str, Any]) -> StepPlan:
    return StepPlan(
        key=step["key"],
        forms=tuple(_read_form(form) for form in step.get("forms", ())),
        routes=tuple(RoutePlan(route["code"], route["form"]) for route in step.get("routes", ())),
        guards=tuple(step.get("guards", ())),
        auto=step.get("auto", False),
        back_to=step.get("back_to", ""),
    )


def _read_form(form: Mapping[str, Any]) -> FormPlan:
    return FormPlan(form["code"], form["filler"], form.get("instead_of", ""), form.get("only_if", ""))


def _read_obligation(said: Mapping[str, Any], steps: tuple[StepPlan, ...]) -> Obligation:
    own = _read_step(said)
    signed = {route.form for route in own.routes}
    later = tuple(form for step in steps for form in step.forms if form.code in signed and not own.asks_for(form.code))
    return Obligation(
        key=said["key"],
        opens=said["opens"],
        hours=said["hours"],
        gate=said["gate"],
        asked=tuple(form.code for form in own.forms),
        step=replace(own, forms=(*own.forms, *later), gate=said["gate"]),
    )
