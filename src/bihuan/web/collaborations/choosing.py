"""The three questions that lead to a playbook, and what each playbook asks for, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.collaborations import queries
from bihuan.collaborations.policy.choosing import QUESTIONS
from bihuan.collaborations.policy.playbook import FINAL
from bihuan.web.collaborations.asking import playbook_name
from bihuan.web.collaborations.loops import step_name

Text = str | Promise
ASKED: dict[str, Text] = {
    "what": _("What is it about?"),
    "agree": _("Who has to agree before the work begins?"),
    "size": _("How large is it?"),
}
ANSWERS: dict[str, Text] = {
    "NEED": _("Something is to be reached together"),
    "PROBLEM": _("Something goes wrong and is to be solved"),
    "EMERGENCY": _("It does harm right now"),
    "ROUTINE": _("The same work every week or month"),
    "LOAN": _("People or things are to be lent"),
    "HEADS": _("The heads of the departments"),
    "MANAGER": _("Also a director or the project management office"),
    "EXECUTIVE": _("Also the executive in charge, on a plan"),
    "SMALL": _("A few weeks, few departments"),
    "LARGE": _("Months, many departments, or much money"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A playbook to begin on; `steps` is its way in one line."""

    key: str
    name: str
    steps: str
    is_suited: bool


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    text: Text
    answers: list[tuple[str, Text]]
    chosen: str


def questions(answers: Mapping[str, str]) -> list[Question]:
    return [
        Question(key, ASKED[key], [(each, ANSWERS[each]) for each in possible], answers.get(key, ""))
        for key, possible in QUESTIONS.items()
    ]


def choices(answers: Mapping[str, str]) -> list[Choice]:
    """Every playbook to begin on, those that suit the answers first. One query."""
    startable = queries.startable()
    suited = queries.suggested(answers, startable)
    return [
        _choice(each, is_suited=each in suited) for each in [*suited, *(one for one in startable if one not in suited)]
    ]


def _choice(version: Any, *, is_suited: bool) -> Choice:
    way = " → ".join(str(step_name(step["key"])) for step in version.body["steps"] if step["key"] != FINAL)
    return Choice(version.playbook.key, playbook_name(version.playbook), way, is_suited)
