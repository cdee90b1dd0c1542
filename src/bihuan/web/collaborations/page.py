"""The page of one matter: its head, one of its sections, and what was refused on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from bihuan.access.operations import note_reading
from bihuan.collaborations import queries
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.queries import merging
from bihuan.collaborations.queries.steps import gates_held, has_worked
from bihuan.collaborations.rules import carries, may_withdraw
from bihuan.kernel.findings import Finding
from bihuan.organisation import queries as organisation
from bihuan.web.acting import Sent
from bihuan.web.approvals.sheets import DECIDED
from bihuan.web.collaborations import loops, sections, steps
from bihuan.web.collaborations.loops import LoopRow, step_name
from bihuan.web.collaborations.sections import SECTIONS, Opened
from bihuan.web.commitments.views import KINDS, STATES
from bihuan.web.http import Request
from bihuan.web.render import render
from bihuan.web.ring import RingStep

NOTHING_MORE: Mapping[str, Any] = {}

TEMPLATE = "collaborations/matter.html"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every section."""

    ring: list[RingStep]
    period: str
    gaps: int
    is_closed: bool
    done: int
    step: str
    step_name: str
    purpose: Any
    who: Any
    following: str
    next: LoopRow | None
    may_advance: bool
    may_lead: bool
    may_withdraw: bool
    findings: list[Finding]
    rests_until: str


def show(
    request: Request, pk: int, section: str, *, sent: Sent | None = None, more: Mapping[str, Any] = NOTHING_MORE
) -> HttpResponse:
    """The whole page; it reads the matter anew, so that a refusal shows how it stands now. `more` is what was looked
    at."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    note_reading(matter.scope_id, actor=request.actor, at=request.at, secrecy=matter.scope.secrecy)
    run = queries.current_run(matter)
    opened = Opened(matter, run, request.actor, request.at, before=_before(request))
    rows = loops.rows_of(queries.loops_of(matter.pk), request.at)
    sent = sent or Sent()
    head = _head(opened, rows)
    values = SECTIONS[section].read(opened)
    offered = _offered(opened, head, values)
    named = _people(matter, sent) if offered & {"lead", "adopt"} else ()
    context = {
        "matter": matter, "run": run, "head": head, "loops": rows, "here": section,
        "blocking": links_of(head.findings, rows, pk),
        "tabs": sections.tabs_of(matter), "counts": sections.counts(rows), "sent": sent, "step_name": step_name,
        "directory": organisation.directory(named, (), request.at),
        "address": address(pk, section), "today": organisation.day_of(request.at).isoformat(),
        "decided_words": DECIDED, "promise_words": STATES, "promise_kinds": KINDS,
        "merged_into": merging.merged_into(matter, request.actor, at=request.at),
        "offered": offered, **values, **more,
    }  # fmt: skip
    return render(request, TEMPLATE, context, status=sent.status)


def _offered(opened: Opened, head: Head, values: Mapping[str, Any]) -> set[str]:
    """The acts whose forms stand on the page."""
    allowed = {
        "lead": head.may_lead and "recent" in values,
        "withdraw": head.may_withdraw and "recent" in values,
        "adopt": bool(values.get("may_adopt")),
        "filer": bool(values.get("filers")),
        "acknowledge": bool(values.get("may_acknowledge")),
        "reclassify": bool(values.get("may_reclassify")),
        "resume": bool(values.get("may_resume")),
        "merge": bool(values.get("mergeable")),
        "join": bool(values.get("join_departments")),
        "say-lead": bool(values.get("may_say_lead")),
        "decide-lead": bool(values.get("may_decide_lead")),
        "follow-up": bool(values.get("follow_departments")),
        "parent": bool(values.get("possible_parents")),
        "leave-parent": bool(values.get("may_take_off")),
    }
    acts = {name for name, may in allowed.items() if may}
    acts |= {f"revise-{paper.form.code}" for paper in values.get("papers", ()) if paper.may_revise}
    acts |= {f"apart-{other.id}" for other in values.get("asked_about", ()) if values.get("may_merge")}
    if values.get("may_answer_join"):
        acts |= {f"answer-{each.pk}" for each in values["asking_to_join"]}
    acts |= {f"take-back-{row.record.form_code}" for row in values.get("requests", ()) if row.may_take_back}
    if values.get("may_report") and opened.matter.ended_at is None and head.step != "IMPORTED":
        acts |= {f"measure-{row.metric.pk}" for row in values["metrics"]}
        acts |= {f"reach-{one.pk}" for one in values["milestones"] if one.reached_on is None}
    return acts


def address(pk: int, section: str) -> str:
    from bihuan.web.jinja import url  # noqa: PLC0415 - the environment imports the render module this one uses

    if section == "overview":
        return url("collaborations:overview", pk)
    return url("collaborations:section", pk, section)


def _before(request: Request) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _people(matter: Any, sent: Sent) -> list[int]:
    typed = sent.typed.get("lead", "")
    picked = [int(typed)] if typed.isascii() and typed.isdigit() and len(typed) < 19 else []
    return [key for key in (matter.lead_id, matter.initiator_id, *picked) if key]


def _head(opened: Opened, rows: list[LoopRow]) -> Head:
    matter, run, actor, at = opened.matter, opened.run, opened.actor, opened.at
    plan = queries.plan_of(matter)
    step = run.step if run else ""
    ring = queries.ring_of(matter, run=run, open_gates=[row.loop.gate for row in rows])
    following = queries.step_following(matter, run) if run else None
    purpose, who = steps.help_of(plan.step(step), plan) if step else ("", "")
    named = {row.loop.owner: row.owner for row in rows}
    open_now = [row.loop for row in rows]
    findings = queries.findings_to_leave(matter, at, run, loops=open_now, names=named) if following else []
    may_lead = carries(actor, matter) and run is not None and step != "IMPORTED"
    return Head(
        ring=[RingStep(step_name(arc.step), arc.state, arc.gaps, arc.comes_round) for arc in ring.arcs],
        period=run.period if run else "",
        gaps=ring.gaps,
        is_closed=ring.is_closed,
        done=ring.done,
        step=step,
        step_name=" ".join(filter(None, (step_name(step or matter.ending), run.period if run else ""))),
        purpose=purpose,
        who=who,
        following=step_name(following.key) if following else "",
        next=_next(rows, gates_held(matter, run) if run else ()),
        may_advance=may_lead and following is not None and not plan.step(step).auto,
        may_lead=may_lead,
        may_withdraw=may_withdraw(actor, matter)
        and run is not None
        and plan.is_before(step, "EXECUTE")
        and not has_worked(matter, run),
        findings=_without_doubles(findings),
        rests_until=next((loop.params["until"] for loop in open_now if loop.kind == LoopKind.RESUME), ""),
    )


def _next(rows: list[LoopRow], gates: Sequence[str]) -> LoopRow | None:
    """The one thing that holds the matter back: soonest due at the gates of this step, else whatever is open."""
    return next((row for row in rows if row.loop.gate in gates), None) or next(
        (row for row in rows if row.loop.kind == "STEP"), None
    )


TOLD_HERE = ("form.", "loop.", "contribution.")


def _without_doubles(findings: list[Finding]) -> list[Finding]:
    """A draft's many gaps are told on the form; here its missing is enough."""
    return [finding for finding in findings if finding.place.startswith(TOLD_HERE) or "." not in finding.place]


def links_of(findings: Sequence[Finding], rows: list[LoopRow], pk: int) -> list[tuple[Finding, str]]:
    """Each finding with the page where it can be mended."""
    by_loop = {f"loop.{row.loop.pk}": row.href for row in rows}
    return [(finding, by_loop.get(finding.place) or _section_address(finding, pk)) for finding in findings]


def _section_address(finding: Finding, pk: int) -> str:
    kind, _dot, code = finding.place.partition(".")
    if kind == "contribution":
        return reverse("collaborations:contribution", args=[int(code)])
    if kind == "periods":
        return address(pk, "progress")
    return address(pk, loops.SECTION_OF_FORM.get(code, "overview")) if kind == "form" else ""
