"""Open loops in words: what is owed, by whom, in which matter, and the act that closes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from markupsafe import Markup

from bihuan.collaborations import queries
from bihuan.collaborations.enums import Ending, LoopKind, Step
from bihuan.collaborations.forms.papers import PAPER_CODES
from bihuan.deadlines import queries as deadlines
from bihuan.organisation import queries as organisation
from bihuan.records import registry
from bihuan.web.deadlines.marks import mark_of
from bihuan.web.jinja import url, url_if
from bihuan.web.words import said as _

Text = str | Promise

WHAT: dict[str, Text] = {
    LoopKind.FORM: gettext_lazy("Fill in: %(form)s"),
    LoopKind.FILER: gettext_lazy("Name who files the plan"),
    LoopKind.SIGNOFF: gettext_lazy("Decide on: %(form)s"),
    LoopKind.AMENDMENT: gettext_lazy("Answer what %(what)s wants otherwise: %(form)s"),
    LoopKind.COMMITMENT: gettext_lazy("Keep the promise: %(what)s"),
    LoopKind.VERIFY: gettext_lazy("Confirm that it is done: %(what)s"),
    LoopKind.STEP: gettext_lazy("Go on to: %(step)s"),
    LoopKind.NEED_ANSWER: gettext_lazy("Answer the need: %(what)s"),
    LoopKind.NEED_SETTLE: gettext_lazy("Settle the answer to the need: %(what)s"),
    LoopKind.NEED_IN_PLACE: gettext_lazy("Put in place: %(what)s"),
    LoopKind.NEED_RELEASE: gettext_lazy("Release: %(what)s"),
    LoopKind.TASK: gettext_lazy("Finish the task: %(what)s"),
    LoopKind.REPORT: gettext_lazy("Report the week: %(what)s"),
    LoopKind.RISK: gettext_lazy("Follow up the risk: %(what)s"),
    LoopKind.PROBLEM: gettext_lazy("Solve the problem: %(what)s"),
    LoopKind.ACKNOWLEDGE: gettext_lazy("Acknowledge the problem: %(what)s"),
    LoopKind.DUPLICATE: gettext_lazy("Say whether it is the same problem as %(what)s"),
    LoopKind.OBLIGATION: gettext_lazy("Make up for the papers: %(what)s"),
    LoopKind.WAIVER: gettext_lazy("Decide whether to do without: %(what)s"),
    LoopKind.LEADER: gettext_lazy("Say which department leads: %(what)s"),
    LoopKind.JOIN: gettext_lazy("Let %(what)s take part, or say why not"),
    LoopKind.RESUME: gettext_lazy("Resume the resting matter, or ask for longer. It waits for: %(what)s"),
}
MADE_UP_FOR = "MADE_UP_FOR"
WHAT[MADE_UP_FOR] = gettext_lazy("Fill in afterwards: %(form)s")
KEPT_UP = "KEPT_UP"
WHAT[KEPT_UP] = gettext_lazy("Bring up to date: %(form)s")
ACT: dict[str, Text] = {
    LoopKind.FORM: gettext_lazy("Fill in"),
    LoopKind.FILER: gettext_lazy("Name somebody"),
    LoopKind.SIGNOFF: gettext_lazy("Decide"),
    LoopKind.AMENDMENT: gettext_lazy("Answer"),
    LoopKind.COMMITMENT: gettext_lazy("Report as done"),
    LoopKind.VERIFY: pgettext_lazy("act", "Confirm"),
    LoopKind.STEP: gettext_lazy("Go on"),
    LoopKind.NEED_ANSWER: gettext_lazy("Answer"),
    LoopKind.NEED_SETTLE: gettext_lazy("Settle"),
    LoopKind.NEED_IN_PLACE: gettext_lazy("In place"),
    LoopKind.NEED_RELEASE: pgettext_lazy("act", "Release"),
    LoopKind.TASK: pgettext_lazy("act", "Report"),
    LoopKind.REPORT: pgettext_lazy("act", "Report"),
    LoopKind.RISK: gettext_lazy("Open"),
    LoopKind.PROBLEM: gettext_lazy("Open"),
    LoopKind.ACKNOWLEDGE: gettext_lazy("Acknowledge"),
    LoopKind.RESUME: pgettext_lazy("act", "Resume"),
    LoopKind.DUPLICATE: gettext_lazy("Compare"),
    LoopKind.WAIVER: pgettext_lazy("ruling", "Decide"),
    LoopKind.OBLIGATION: gettext_lazy("Open"),
    LoopKind.LEADER: pgettext_lazy("ruling", "Decide"),
    LoopKind.JOIN: gettext_lazy("Answer"),
}
PAGE_OF = {
    "commitment": "commitments:commitment",
    "contribution": "collaborations:contribution",
    "need": "resources:need",
    "task": "plans:task",
    "report": "progress:report",
    "risk": "issues:risk",
}
SECTION_OF = {
    LoopKind.FILER: "plan",
    LoopKind.NEED_ANSWER: "resources",
    LoopKind.NEED_SETTLE: "resources",
    LoopKind.NEED_IN_PLACE: "resources",
    LoopKind.NEED_RELEASE: "resources",
    LoopKind.TASK: "plan",
    LoopKind.REPORT: "progress",
    LoopKind.RISK: "risks",
    LoopKind.ACKNOWLEDGE: "request",
    LoopKind.RESUME: "changes",
    LoopKind.DUPLICATE: "request",
    LoopKind.OBLIGATION: "request",
    LoopKind.WAIVER: "progress",
    LoopKind.LEADER: "request",
    LoopKind.JOIN: "overview",
}
SECTION_OF_FORM = {
    **dict.fromkeys(("F25", "F13", "F02", "F01", "F03", "F27"), "request"),
    **dict.fromkeys(("F05", "F06", "F04", "F26"), "plan"),
    "F19": "resources", "F11": "risks", "F16": "acceptance", "F17": "acceptance", "F18": "acceptance", "F20": "archive",
    **dict.fromkeys(queries.REQUESTS, "changes"),
    **dict.fromkeys(PAPER_CODES, "papers"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoopRow:
    """One open loop as a list shows it. `due` is what is left in working time, `post` where its button sends, `opens`
    the part to open in place."""

    loop: Any
    what: str
    act: Text
    href: str
    owner: str
    asked_by: str
    blocks: str
    due: Markup
    post: str = ""
    hidden: Mapping[str, Any] = field(default_factory=dict)
    opens: str = ""

    @property
    def matter(self) -> Any:
        return self.loop.collaboration


def rows_of(loops: Iterable[Any], at: datetime) -> list[LoopRow]:
    """Rows in a fixed number of queries, whatever their count."""
    found = list(loops)
    names = organisation.names_of({key for loop in found for key in (loop.owner, loop.asked_by) if key}, at)
    steps = {loop.collaboration_id for loop in found if loop.kind == LoopKind.STEP}
    runs = queries.open_runs(steps) if steps else {}
    left = deadlines.time_left(map(_owed, found), at)
    return [_row(loop, names, runs, due_of(loop, left, at)) for loop in found]


def due_of(loop: Any, left: Mapping[deadlines.Place, deadlines.Standing | deadlines.Left], at: datetime) -> Markup:
    """What is left in working time; nothing without an instant."""
    ours = left.get(loop.place)
    return mark_of(ours, loop.due_at, at, since=loop.opened_at) if ours is not None else Markup()


def _owed(loop: Any) -> deadlines.Owed:
    return deadlines.Owed(loop.place, loop.due_at, loop.collaboration.lead_department_id, loop.owner)


def _row(loop: Any, names: Mapping[str, str], runs: Mapping[int, int], left: Markup) -> LoopRow:
    matter = loop.collaboration_id
    row: dict[str, Any] = {
        "loop": loop, "what": what_of(loop), "act": act_of(loop.kind, get_language()), "href": href_of(loop),
        "owner": names.get(loop.owner, ""), "asked_by": names.get(loop.asked_by, ""), "blocks": blocked_by(loop),
        "due": left,
    }  # fmt: skip
    if loop.kind == LoopKind.FORM:
        row["post"] = url("collaborations:start_form", matter, loop.part)
    elif loop.kind == LoopKind.STEP:
        row |= {
            "post": url("collaborations:advance", matter),
            "hidden": {"seen_step_run_id": runs.get(matter, 0)},
        }
    elif loop.kind == LoopKind.SIGNOFF:
        row["opens"] = url("approvals:decision", loop.params["slot"])
    return LoopRow(**row)


def what_of(loop: Any) -> str:
    """What is owed, as a demand: “Answer the need: …”."""
    values = {"form": forms_in_words(loop), "what": loop.params.get("what", ""), "step": _step(loop)}
    kind = MADE_UP_FOR if loop.params.get("made_up_for") else loop.kind
    kind = KEPT_UP if loop.kind == LoopKind.REPORT and loop.params.get("form") else kind
    said = demand_of(kind, get_language()) % values
    if loop.kind == LoopKind.SIGNOFF and values["what"]:
        return _("%(what)s, for %(department)s") % {"what": said, "department": values["what"]}
    return said


@lru_cache(maxsize=512)
def demand_of(kind: str, _language: str | None) -> str:
    return str(WHAT.get(kind, "%(what)s"))


@lru_cache(maxsize=512)
def act_of(kind: str, _language: str | None) -> str:
    return str(ACT.get(kind, gettext_lazy("Open")))


def form_of(loop: Any) -> str:
    """The form a loop is about, from its part or from the route that asks."""
    if loop.kind == LoopKind.FORM:
        return str(loop.part)
    if loop.kind == LoopKind.REPORT:
        return str(loop.params.get("form", ""))
    asked = loop.params.get("route")
    return queries.form_on_route(queries.plan_of(loop.collaboration), asked) if asked else ""


def forms_in_words(loop: Any) -> str:
    """The title of the form, or of all of which one is enough: “Review report or Report on a solved problem”."""
    several = loop.params.get("one_of") or [form_of(loop)]
    return str(_(" or ")).join(form_title(code) for code in several)


def form_title(code: str) -> str:
    return form_title_in(code, get_language())


@lru_cache(maxsize=512)
def form_title_in(code: str, _language: str | None) -> str:
    known = registry.registered()
    return str(known[code].form.title) if code in known else code


STEP_NAMES: dict[str, Text] = {**dict(Ending.choices), **dict(Step.choices)}
"""Where a matter stands: in a step, or at the end it came to."""


def step_name(key: str) -> str:
    return step_name_in(key, get_language())


@lru_cache(maxsize=512)
def step_name_in(key: str, _language: str | None) -> str:
    return str(STEP_NAMES.get(key, key))


def _step(loop: Any) -> str:
    return step_name(loop.params.get("step", ""))


def blocked_by(loop: Any) -> str:
    """Which gate stays shut until the loop is closed, in words."""
    kind, _colon, step = loop.gate.partition(":")
    if not step:
        return ""
    if loop.params.get("made_up_for"):
        return _("carried out before the adoption: %(step)s") % {"step": step_name(step)}
    pattern = _("holds back the end of: %(step)s") if kind == "leave" else _("holds back the start of: %(step)s")
    return pattern % {"step": step_name(step)}


def href_of(loop: Any) -> str:
    """Where the whole story is: the page of the thing itself, else the matter's section it stands in."""
    if loop.kind == LoopKind.SIGNOFF:
        return url("approvals:sign", loop.params["slot"])
    if loop.kind == LoopKind.AMENDMENT:
        return url("collaborations:consensus", loop.collaboration_id)
    if loop.subject_kind in PAGE_OF:
        found = url_if(PAGE_OF[loop.subject_kind], loop.subject_id)
        if found:
            return found
    section = section_of(loop)
    if section == "overview":
        return url("collaborations:overview", loop.collaboration_id)
    return url("collaborations:section", loop.collaboration_id, section)


def section_of(loop: Any) -> str:
    if loop.kind in (LoopKind.FORM, LoopKind.SIGNOFF, LoopKind.AMENDMENT):
        return SECTION_OF_FORM.get(form_of(loop), "overview")
    return SECTION_OF.get(loop.kind, "overview")
