"""What may be chosen when an imported matter is adopted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.collaborations import queries
from bihuan.collaborations.enums import Filler
from bihuan.collaborations.policy.adoption import steps_to_adopt_at
from bihuan.collaborations.policy.playbook import StepPlan
from bihuan.collaborations.queries.steps import plan_in
from bihuan.web.collaborations.loops import form_title, step_name


@dataclass(frozen=True, slots=True)
class Paper:
    """A form that a step asks for: who fills it in, and whether others decide on it."""

    title: str
    filler: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Start:
    """A step at which a matter may be taken up, and what is made up for if it is taken up behind it."""

    key: str
    name: str
    papers: Sequence[Paper]


def offered() -> dict[str, Any]:
    """The playbooks, and the steps of all of them, each once. One query."""
    playbooks = queries.startable()
    starts: dict[str, Start] = {}
    for version in playbooks:
        plan = plan_in(version)
        signed = {route.form for step in plan.steps for route in step.routes}
        for step in steps_to_adopt_at(plan):
            starts.setdefault(step.key, _start(step, signed))
    return {"playbooks": playbooks, "starts": list(starts.values())}


def _start(step: StepPlan, signed: set[str]) -> Start:
    papers = [Paper(form_title(form.code), str(Filler(form.filler).label), form.code in signed) for form in step.forms]
    return Start(step.key, step_name(step.key), papers)
