"""Papers kept as files: whether the paper is there, and whether minutes of a kick-off settle what they must (G08)."""

from dataclasses import dataclass

from bihuan.collaborations.policy.body import Body, day, rows, yes
from bihuan.collaborations.policy.parties import Matter, dates_fit, people_fit
from bihuan.kernel.findings import Finding, error

SETTLED = ("roles_confirmed", "nodes_confirmed", "risks_discussed")


@dataclass(frozen=True, slots=True)
class PaperContext:
    """`is_kickoff`: its step begins the work (G08), so that the minutes name what is done next."""

    matter: Matter
    may_be_none: bool = False
    is_kickoff: bool = False


def check(body: Body, context: PaperContext) -> list[Finding]:
    return [*_paper(body, context), *_actions(body, context), *(_kickoff(body) if context.is_kickoff else [])]


def _paper(body: Body, context: PaperContext) -> list[Finding]:
    found, is_none = [], context.may_be_none and yes(body, "none")
    if not rows(body, "files") and not is_none:
        found.append(error("collaborations.paper_without_file", "files"))
    if rows(body, "files") and is_none:
        found.append(error("collaborations.paper_contradicts", "none"))
    made_on = day(body, "made_on")
    if made_on is not None and made_on > context.matter.today:
        found.append(error("collaborations.paper_not_yet", "made_on"))
    return found


def _actions(body: Body, context: PaperContext) -> list[Finding]:
    """Every action has an owner who works here, and a day that is still to come."""
    actions = rows(body, "actions")
    return [
        *people_fit(actions, "actions", "owner", context.matter.people),
        *dates_fit(actions, "actions", "due", context.matter.today),
    ]


def _kickoff(body: Body) -> list[Finding]:
    found = [error("collaborations.kickoff_unsettled", key) for key in SETTLED if not yes(body, key)]
    if not rows(body, "actions"):
        found.append(error("collaborations.kickoff_without_action", "actions"))
    return found
