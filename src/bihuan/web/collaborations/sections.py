"""The sections of a matter's page: what each one shows, fetched when it is asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.access import queries as access
from bihuan.collaborations import queries
from bihuan.collaborations.enums import Asking, Urgency
from bihuan.collaborations.forms.papers import PAPER_CODES
from bihuan.collaborations.queries import merging, petitions, problems, recurrence
from bihuan.collaborations.queries.steps import step_to_file
from bihuan.collaborations.rules import (
    carries,
    filer_of,
    is_hidden,
    may_adopt,
    may_decide_lead,
    may_merge,
    may_name_filer,
    may_reclassify,
    may_urge,
)
from bihuan.commitments import queries as commitments
from bihuan.issues import queries as issues
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import Finding
from bihuan.kernel.subjects import SubjectRef
from bihuan.knowledge import queries as knowledge
from bihuan.organisation import queries as organisation
from bihuan.plans import queries as plans
from bihuan.progress import queries as progress
from bihuan.resources import queries as resources
from bihuan.web.collaborations import adoption, belonging, changes, lines, loops, timeline
from bihuan.web.collaborations.papers import papers_of
from bihuan.web.deadlines.marks import TimeLeft
from bihuan.web.formats import date_text

Text = str | Promise
Values = dict[str, Any]
SAID_OF_LEADING: dict[str, Text] = {
    Asking.LEAD: _("wants to lead"),
    Asking.NOT_LEAD: _("does not want to lead"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """Who looks at which matter, and when."""

    matter: Any
    run: Any
    actor: Actor
    at: datetime
    before: int | None = None

    @property
    def root(self) -> SubjectRef:
        return SubjectRef("collaboration", self.matter.pk)


@dataclass(frozen=True, slots=True)
class Section:
    label: Text
    forms: tuple[str, ...]
    read: Callable[[Opened], Values]


def overview(opened: Opened) -> Values:
    matter, actor, at = opened.matter, opened.actor, opened.at
    source = queries.source_of(matter)
    parties = queries.parties_of(matter)
    departments = _departments(matter, parties)
    return {
        "goal": lines.goal_of(opened.root),
        "metrics": [lines.metric_row(metric) for metric in queries.metrics_of(matter)],
        "milestones": queries.milestones_of(matter),
        "criteria": queries.criteria_of(matter) if source else [],
        "parties": parties,
        "heads": organisation.heads_of(departments, at),
        "may_report": carries(actor, matter) or any(party.contact_id == actor.person_id for party in parties),
        "source": source,
        "oddities": oddities(source),
        "may_adopt": is_adoptable(opened) and may_adopt(actor, matter),
        **(adoption.offered() if is_adoptable(opened) else {"playbooks": [], "starts": []}),
        "why": access.why_in_words(actor, matter.scope_id, at=at, most=1, day_text=partial(date_text, weekday=False)),
        **belonging.related(opened, departments),
        "recent": timeline.entries(matter, actor, at=at, limit=5).rows,
    }


def _departments(matter: Any, parties: list[Any]) -> list[int]:
    own = [matter.lead_department_id] if matter.lead_department_id else []
    return [*own, *(party.department_id for party in parties)]


def is_adoptable(opened: Opened) -> bool:
    return opened.run is not None and opened.run.step == "IMPORTED"


def oddities(source: Any) -> list[Finding]:
    """What was found odd about an imported matter, as findings again."""
    found = source.findings if source is not None else []
    return [Finding(each["code"], each["place"], each["params"]) for each in found]


def papers(*codes: str) -> Callable[[Opened], Values]:
    """The forms of a section, and nothing else."""

    def read(opened: Opened) -> Values:
        return {"papers": papers_of(opened.matter, opened.run, codes, actor=opened.actor, at=opened.at)}

    return read


def meetings(opened: Opened) -> Values:
    """The papers, and whether a head's mail may be registered now, which otherwise stands among the requests."""
    may_register = carries(opened.actor, opened.matter) and "F31" in queries.may_be_asked(opened.matter, opened.run)
    return {**papers(*PAPER_CODES)(opened), "may_register": may_register}


def request(opened: Opened) -> Values:
    return {**papers("F25", "F13", "F02", "F01", "F27", "F03")(opened), **problem(opened)}


def problem(opened: Opened) -> Values:
    """How urgent a problem is, and who has acknowledged it. One query where the matter is none."""
    matter, actor = opened.matter, opened.actor
    found = problems.problem_of(matter)
    if found is None:
        return {"problem": None}
    rows, runs_on = problems.acknowledgements_of(matter), matter.ended_at is None
    mine = problems.departments_spoken_for(actor, matter)
    return {
        "problem": found,
        "acknowledgements": rows,
        "may_acknowledge": {row.department_id for row in rows if row.given_at is None and runs_on} & mine,
        "may_reclassify": runs_on and may_reclassify(actor, matter),
        "urgencies": Urgency.choices,
        "taken_in": merging.taken_in(matter, actor, at=opened.at),
        **same(opened),
        **who_leads(opened),
    }


def who_leads(opened: Opened) -> Values:
    """What heads said about who should lead, and who may say or decide it, while the problem is assessed."""
    if opened.run is None or opened.run.step != merging.ASSESSED_IN:
        return {"lead_said": [], "may_say_lead": [], "may_decide_lead": False, "may_lead": []}
    matter, actor = opened.matter, opened.actor
    said = [each for each in petitions.open_petitions(matter) if each.asking in petitions.ABOUT_LEAD]
    headed = petitions.headed_there(actor, matter)
    may_decide = may_decide_lead(actor) and petitions.is_lead_disputed(matter)
    inside = petitions.departments_that_may_lead(matter) if may_decide else []
    wanted = {*headed, *inside}
    cards = organisation.directory((), wanted, opened.at).departments if wanted else {}
    return {
        "lead_said": said,
        "may_say_lead": [(pk, cards[pk].name) for pk in headed],
        "may_decide_lead": may_decide,
        "may_lead": [(pk, _as_leader(cards[pk].name, pk, matter, said)) for pk in _claimants_first(inside, said)],
    }


def _claimants_first(inside: Iterable[int], said: Iterable[Any]) -> list[int]:
    """Those that want to lead, then the others, and behind them those that do not."""
    asking = {one.department_id: one.asking for one in said}
    ranks = {Asking.LEAD.value: 0, Asking.NOT_LEAD.value: 2}
    return sorted(inside, key=lambda pk: ranks.get(asking.get(pk, ""), 1))


def _as_leader(name: str, pk: int, matter: Any, said: Iterable[Any]) -> str:
    """A department with what speaks for and against its leading."""
    asking = next((one.asking for one in said if one.department_id == pk), "")
    marks = [gettext("leads now") if pk == matter.lead_department_id else "", SAID_OF_LEADING.get(asking, "")]
    return " · ".join(filter(None, (name, *map(str, marks))))


def same(opened: Opened) -> Values:
    """Whether another problem is the same one, while this one is being assessed."""
    if opened.run is None or opened.run.step != merging.ASSESSED_IN:
        return {"asked_about": [], "mergeable": [], "may_merge": False}
    matter, actor, may = opened.matter, opened.actor, may_merge(opened.actor)
    return {
        "asked_about": merging.asked_about(matter, actor, at=opened.at),
        "mergeable": merging.mergeable(matter, actor, at=opened.at) if may else [],
        "may_merge": may,
    }


def plan(opened: Opened) -> Values:
    return {
        **papers("F05", "F06", "F04", "F26")(opened),
        **filing(opened),
        "tasks": plans.tasks_of(opened.matter, opened.at),
    }


def filing(opened: Opened) -> Values:
    """Who files a secret matter's plan, while it waits for that, and whom the executive may name."""
    matter, run = opened.matter, opened.run
    if run is None or not is_hidden(matter) or step_to_file(matter, run) is None:
        return {"filer": None, "filers": []}
    may_name = may_name_filer(opened.actor, matter)
    people = organisation.people_holding(principals.FILING, opened.at) if may_name else []
    return {"filer": filer_of(matter), "filers": people}


def needs(opened: Opened) -> Values:
    return {**papers("F19")(opened), "needs": resources.needs_of(opened.matter)}


def weeks(opened: Opened) -> Values:
    """The weekly table; of what comes round its periods. One query more, two where there are any."""
    found = recurrence.periods_of(opened.matter) if queries.plan_of(opened.matter).recurs else []
    given = recurrence.contributions_of(found) if found else {}
    return {
        "periods": progress.periods_of(opened.matter),
        "time_left": TimeLeft(opened.matter.lead_department_id, opened.at),
        "recurs": queries.plan_of(opened.matter).recurs,
        "recurring": [(period, given[period.pk]) for period in found],
    }


def risks(opened: Opened) -> Values:
    return {"risks": issues.risks_of(opened.matter)}


def acceptance(opened: Opened) -> Values:
    return {
        **papers("F16", "F17", "F18")(opened),
        "commitments": list(commitments.of_root(opened.root, opened.actor, opened.at)[:100]),
    }


def archive(opened: Opened) -> Values:
    return {**papers("F20")(opened), "archive": archive_of(opened)}


def archive_of(opened: Opened) -> Any:
    """The archive, if there is one that the reader may open: its reading right is its own."""
    try:
        return knowledge.archive_of_matter(opened.actor, opened.matter, at=opened.at)
    except NotFound:
        return None


def story(opened: Opened) -> Values:
    return {
        "story": timeline.entries(
            opened.matter,
            opened.actor,
            at=opened.at,
            limit=timeline.PAGE,
            before=opened.before,
        )
    }


def open_loops(opened: Opened) -> Values:
    return {"may_urge": may_urge}


SECTIONS: dict[str, Section] = {
    "overview": Section(_("Overview"), (), overview),
    "request": Section(_("Request and consensus"), ("F25", "F13", "F02", "F01", "F03"), request),
    "plan": Section(_("Plan and duties"), ("F05", "F06", "F04", "F26"), plan),
    "papers": Section(_("Meetings and papers"), PAPER_CODES, meetings),
    "resources": Section(_("Resources"), ("F19",), needs),
    "progress": Section(_("Progress"), (), weeks),
    "risks": Section(_("Risks"), ("F11",), risks),
    "acceptance": Section(_("Acceptance and review"), ("F16", "F17", "F18"), acceptance),
    "archive": Section(_("Archive"), ("F20",), archive),
    "changes": Section(_("Changes and ends"), tuple(queries.REQUESTS), changes.read),
    "loops": Section(_("Open loops"), (), open_loops),
    "timeline": Section(_("Timeline"), (), story),
}


def tabs_of(matter: Any) -> dict[str, Section]:
    """The sections of a matter; that of papers only where its playbook asks for one."""
    plan = queries.plan_of(matter)
    has_papers = any(plan.asks_for(code) for code in PAPER_CODES)
    return {key: section for key, section in SECTIONS.items() if key != "papers" or has_papers}


def counts(rows: list[loops.LoopRow]) -> dict[str, int]:
    """How much is open in each section."""
    found = dict.fromkeys(SECTIONS, 0)
    for row in rows:
        section = loops.section_of(row.loop)
        if section != "overview":
            found[section] += 1
    return found | {"loops": len(rows)}
