"""A playbook as pages show it: its steps in words, its ring, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.approvals.registry import spoken
from bihuan.clock.limits import parse_profile
from bihuan.collaborations.policy.bpmn import PERIOD
from bihuan.collaborations.policy.playbook import (
    FINAL,
    MINUTES,
    SENT_AT_ONCE,
    SENT_WHEN_SIGNED,
    ClockPlan,
    FormPlan,
    PlaybookPlan,
    StepPlan,
    read_playbook,
)
from bihuan.collaborations.policy.playbook_cadences import Every, Rhythm, rhythm_of
from bihuan.collaborations.policy.playbook_diff import Change, Changed
from bihuan.collaborations.queries.playbooks import yes_or_no_questions
from bihuan.collaborations.queries.walking_through import Owed, Walked
from bihuan.deadlines.policy.table import RULES
from bihuan.records.extra import read_field
from bihuan.records.schema import Kind
from bihuan.web.collaborations import steps
from bihuan.web.collaborations.loops import form_title, step_name
from bihuan.web.deadlines.choices import KINDS, PROFILES
from bihuan.web.deadlines.outcomes import rule_name
from bihuan.web.deadlines.views import limit_text
from bihuan.web.playbooks.guarding import asked_by
from bihuan.web.ring import RingStep
from bihuan.web.routes.drawing import rows_of

FILLERS: dict[str, "str | Promise"] = {
    "INITIATOR": gettext_lazy("initiator"),
    "LEAD": gettext_lazy("project lead"),
    "FILING": gettext_lazy("project management office or administration department"),
}
FLOWS: dict[str, "str | Promise"] = {
    SENT_AT_ONCE: gettext_lazy("sent to everybody they concern when they are filed, signed afterwards"),
    SENT_WHEN_SIGNED: gettext_lazy("sent when the last signature stands"),
}
KINDS_NAMED: dict[Kind, "str | Promise"] = {
    Kind.TEXT: gettext_lazy("one line of text"),
    Kind.LONGTEXT: gettext_lazy("text of several lines"),
    Kind.INTEGER: gettext_lazy("whole number"),
    Kind.NUMBER: gettext_lazy("number"),
    Kind.MONEY: gettext_lazy("amount of money"),
    Kind.DATE: gettext_lazy("date"),
    Kind.INSTANT: gettext_lazy("date and time"),
    Kind.BOOL: gettext_lazy("yes or no"),
    Kind.CHOICE: gettext_lazy("one of several options"),
    Kind.PERSON: gettext_lazy("person"),
    Kind.DEPARTMENT: gettext_lazy("department"),
    Kind.SITE: gettext_lazy("site"),
}
WORDS: dict[str, "str | Promise"] = {
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("English name"),
    "suits": gettext_lazy("Suits"),
    "condition_gate": gettext_lazy("Gate that conditions hold"),
    "minutes_flow": gettext_lazy("How minutes flow"),
    "acceptance": gettext_lazy("Held against at acceptance"),
    "archive": gettext_lazy("Kept in the archive"),
    "obligations": gettext_lazy("Made up for beside the way"),
    "clocks": gettext_lazy("Clocks"),
    "cadences": gettext_lazy("Cadences"),
    "thresholds": gettext_lazy("Thresholds"),
    "forms": gettext_lazy("Forms"),
    "routes": gettext_lazy("Routes"),
    "guards": gettext_lazy("Guards"),
    "auto": gettext_lazy("Left by itself"),
    "back_to": gettext_lazy("Way back"),
    "extra_fields": gettext_lazy("Added fields"),
}
REPORTS_NAMED: dict[str, "str | Promise"] = {
    "F09": gettext_lazy("Progress table (F09)"),
    "F10": gettext_lazy("Progress of the problem (F10)"),
}
RHYTHMS: dict[Every, "str | Promise"] = {
    Every.DAY: gettext_lazy("every day worked"),
    Every.TWO_DAYS: gettext_lazy("every second day worked"),
    Every.WEEK: gettext_lazy("every week"),
    Every.MONTH: gettext_lazy("every month"),
}
THRESHOLDS_NAMED: dict[tuple[str, str], "str | Promise"] = {
    ("G01", "departments"): gettext_lazy("departments that take part at least"),
    ("G01", "working_days"): gettext_lazy("working days until the finish below which it is warned"),
    ("G10", "responsible"): gettext_lazy("responsible for one task above which it is warned"),
    ("G25", "improvements"): gettext_lazy("improvements of a review at least"),
}
SAID: dict[Changed, "str | Promise"] = {
    Changed.STEP_ADDED: gettext_lazy("new step"),
    Changed.STEP_REMOVED: gettext_lazy("step removed"),
    Changed.STEP_MOVED: gettext_lazy("step moved"),
    Changed.ADDED: gettext_lazy("%(word)s: %(after)s added"),
    Changed.REMOVED: gettext_lazy("%(word)s: %(before)s removed"),
    Changed.SET: gettext_lazy("%(word)s: %(before)s → %(after)s"),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step in words. `forms` are title and who fills it in, `routes` what is decided on, `guards` what each asks.

    `fields` are those the playbook adds to the forms: label, kind, title of the form, whether it must be answered.
    """

    key: str
    name: str
    purpose: "str | Promise"
    who: "str | Promise"
    forms: list[tuple[str, str]]
    routes: list[tuple[str, str]]
    guards: list[tuple[str, "str | Promise"]]
    auto: bool
    back_to: str
    fields: list[tuple[str, str, str, bool]]


def name_of(version: Any) -> str:
    """The name of a version in the reader's language."""
    return name_in(version.body)


def name_in(body: Mapping[str, Any]) -> str:
    return str(body["name"] if (get_language() or "zh").startswith("zh") else body["name_en"])


def gate_name(gate: str) -> str:
    """Which gate it is, in words."""
    kind, _colon, step = gate.partition(":")
    pattern = _("the end of %(step)s") if kind == "leave" else _("the start of %(step)s")
    return pattern % {"step": step_name(step)}


def steps_of(body: Mapping[str, Any]) -> list[ShownStep]:
    plan = read_playbook(body)
    return [_shown(step, plan) for step in plan.steps]


def obligations_of(body: Mapping[str, Any]) -> list[tuple[ShownStep, str]]:
    """What is made up for beside the way, as a step, and when it begins, is due, and holds the matter."""
    plan = read_playbook(body)
    return [
        (
            _shown(replace(owed.step, forms=owed.forms), plan),
            _("Begins with %(form)s, due %(hours)s hours later, day and night; holds back: %(gate)s.")
            % {"form": form_title(owed.opens), "hours": owed.hours, "gate": gate_name(owed.gate)},
        )
        for owed in plan.obligations
    ]


def clocks_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The time rules that are others here: of what, and until when instead of when."""
    return [(_of_rule(clock.rule, clock.kind), _limit_said(clock)) for clock in read_playbook(body).clocks]


def _of_rule(rule: str, kind: str = "") -> str:
    return f"{rule} {rule_name(rule)}" + (f" ({KINDS[kind]})" if kind else "")


def _limit_said(clock: ClockPlan) -> str:
    usual = limit_text(str(RULES[clock.rule].limit(clock.kind)))
    limit = limit_text(clock.limit) if clock.limit else usual
    told = _("%(limit)s instead of %(usual)s") % {"limit": limit, "usual": usual} if limit != usual else limit
    return " · ".join(filter(None, (told, str(PROFILES[parse_profile(clock.profile)]) if clock.profile else "")))


def cadences_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How often forms fall due that have a rhythm of their own here."""
    plan = read_playbook(body)
    return [(str(REPORTS_NAMED[each.form]), rhythm_in_words(rhythm_of(plan, each.form))) for each in plan.cadences]


def rhythm_in_words(rhythm: Rhythm) -> str:
    at = f"{rhythm.at:%H:%M}"
    if rhythm.every is Every.WEEK:
        day = WEEKDAYS[rhythm.weekday]
        return _("every week, on the last day worked up to %(day)s, %(at)s") % {"day": day, "at": at}
    if rhythm.every is Every.MONTH and rhythm.number < 0:
        return _("every month, on day worked %(number)d counted from its end, %(at)s") % {
            "number": -rhythm.number, "at": at,
        }  # fmt: skip
    if rhythm.every is Every.MONTH:
        return _("every month, on its day worked %(number)d, %(at)s") % {"number": rhythm.number, "at": at}
    return _("%(every)s, %(at)s") % {"every": RHYTHMS[rhythm.every], "at": at}


def thresholds_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The numbers that are others here: of what, and how many."""
    return [(threshold_in_words(each.of, each.name), each.value) for each in read_playbook(body).thresholds]


def threshold_in_words(of: str, name: str, usual: str = "") -> str:
    """A number of a guard or of the conditions of a route, with what it usually is."""
    words = THRESHOLDS_NAMED.get((of, name))
    field = spoken().numbers.get(name)
    label = str(words or (field.label if field is not None else name))
    return f"{of} {label}" + (_(" (usually %(usual)s)") % {"usual": usual} if usual else "")


def _shown(step: StepPlan, plan: PlaybookPlan) -> ShownStep:
    purpose, who = steps.help_of(step, plan)
    return ShownStep(
        key=step.key,
        name=step_name(step.key),
        purpose=purpose,
        who=who,
        forms=[(form_title(form.code), _filled_by(form, plan)) for form in step.forms],
        routes=[(route.code, form_title(route.form)) for route in step.routes],
        guards=list(map(asked_by, step.guards)),
        auto=step.auto,
        back_to=step_name(step.back_to) if step.back_to else "",
        fields=[_added(said) for form in step.forms for said in plan.fields_for(form.code)],
    )


def _filled_by(form: FormPlan, plan: PlaybookPlan) -> str:
    """Who fills a form, what it is enough instead of, the question it depends on, and when minutes are sent."""
    said = str(FILLERS.get(form.filler, form.filler))
    if form.instead_of:
        said = _("%(who)s, enough instead of: %(form)s") % {"who": said, "form": form_title(form.instead_of)}
    if form.only_if:
        code, _dot, key = form.only_if.partition(".")
        asked = yes_or_no_questions().get(form.only_if, (code, key))[1]
        said = _("%(who)s, only if yes to: %(question)s") % {"who": said, "question": asked}
    if form.code == MINUTES:
        said = _("%(who)s, %(flow)s") % {"who": said, "flow": FLOWS[plan.minutes_flow]}
    return said


def _added(said: Mapping[str, Any]) -> tuple[str, str, str, bool]:
    field = read_field(said)
    return str(field.label), str(KINDS_NAMED[field.kind]), form_title(said["form"]), field.required


def ring_of(plan: PlaybookPlan) -> list[RingStep]:
    """Every step ahead: the way as a matter that begins sees it."""
    again = plan.coming_round
    return [
        RingStep(step_name(step.key), "ahead", comes_round=step.key in again)
        for step in plan.steps
        if step.key != FINAL
    ]


def names_of_steps(plan: PlaybookPlan) -> dict[str, str]:
    return {step.key: step_name(step.key) for step in plan.steps} | {PERIOD: _("The period is over")}


def in_words(change: Change) -> tuple[str, str]:
    """Of which step, empty for the whole, and what became of it."""
    values = {
        "word": str(WORDS.get(change.word, change.word)),
        "before": change.before or _("nothing"),
        "after": change.after or _("nothing"),
    }
    return step_name(change.step) if change.step else "", gettext(str(SAID[change.what])) % values


def walked_in_words(walked: Walked) -> dict[str, Any]:
    """A step of a dry run: its forms and who fills them in, its signers, what could not be opened, what it begins."""
    return {
        "name": step_name(walked.step.key),
        "begins": walked.begins,
        "due_at": walked.due_at if walked.routes else None,
        "sent_at": walked.sent_at,
        "owed": [
            {
                "key": owed.obligation.key,
                "gate": gate_name(owed.obligation.gate),
                "due_at": owed.due_at,
                **_filled(owed),
            }
            for owed in walked.owed
        ],
        "clocks": [
            {"name": _of_rule(each.rule), "limit": limit_text(each.limit), "due_at": each.due_at, "own": each.said_by}
            for each in walked.clocks
        ],
        "turns": [(REPORTS_NAMED[form], turn) for form, turns in walked.turns for turn in turns],
        **_filled(walked),
    }


def _filled(walked: Walked | Owed) -> dict[str, Any]:
    return {
        "forms": [(form_title(code), who) for code, who in walked.fillers],
        "rows": [row for _code, tried in walked.routes for row in rows_of(tried)],
        "findings": [finding for _code, tried in walked.routes for finding in tried.findings],
    }
