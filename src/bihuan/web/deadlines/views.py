"""What runs against whom until when, and how each instant came about."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.clock import Unit, parse_limit
from bihuan.collaborations import queries as collaborations
from bihuan.deadlines import operations, queries, rules
from bihuan.deadlines.enums import Level, State
from bihuan.web.acting import Sent, carry_out, seen_revision
from bihuan.web.collaborations.loops import form_title
from bihuan.web.deadlines.marks import COLOURS, lateness_text, left_mark
from bihuan.web.deadlines.outcomes import rule_name
from bihuan.web.formats import span_text
from bihuan.web.http import Request, text_of
from bihuan.web.render import render

SHOWN = 100
SIGNOFF = "signoff"
MINE, OVERDUE, ALL = "", "overdue", "all"


@require_safe
def deadlines(request: Request) -> HttpResponse:
    """Mine, all that I may read, or of these what is overdue: fixed number of queries."""
    shape = request.GET.get("show", MINE)
    found = queries.watched_by(
        request.actor, at=request.at, everybody=shape in {ALL, OVERDUE}, overdue=shape == OVERDUE,
        after=request.GET.get("after", ""),
    )  # fmt: skip
    rows = list(found[: SHOWN + 1])
    cards = queries.cards_of(rows[:SHOWN], request.at)
    matters = collaborations.titles_of({card.deadline.root_id for card in cards})
    context = {
        "cards": [(card, matters.get(card.deadline.root_id)) for card in cards], "shape": shape,
        "titles": titles_of(card.deadline for card in cards),
        "next": queries.key_of(rows[SHOWN - 1]) if len(rows) > SHOWN else "", "left": left_mark,
    }  # fmt: skip
    return render(request, "deadlines/list.html", context)


@require_safe
def deadline(request: Request, deadline_id: int) -> HttpResponse:
    """One deadline: the way to its instant, the ladder, how it went, and stopping or restarting its clock."""
    return _show(request, deadline_id, Sent())


@require_POST
def pause(request: Request, deadline_id: int) -> HttpResponse:
    def act(found: Any, **seen: Any) -> None:
        operations.pause(found, reason=text_of(request, "reason"), **seen)

    return _act(request, deadline_id, "pause", act, _("The clock stands still."))


@require_POST
def resume(request: Request, deadline_id: int) -> HttpResponse:
    return _act(request, deadline_id, "resume", operations.resume, _("The clock goes on."))


def _act(request: Request, deadline_id: int, name: str, act: Callable[..., object], done: str) -> HttpResponse:
    found = queries.deadline_for(request.actor, deadline_id, at=request.at)
    seen: dict[str, Any] = {"seen_revision": seen_revision(request), "actor": request.actor, "at": request.at}
    return carry_out(
        request, name, lambda: act(found, **seen), show=lambda sent: _show(request, deadline_id, sent),
        address=reverse("deadlines:show", args=[deadline_id]), done=done,
    )  # fmt: skip


def _acts(request: Request, found: Any) -> set[str]:
    """The forms the actor gets: those whose act would not be refused for who he is or how it stands."""
    if found.state == State.PAUSED:
        return {"resume"} if rules.may_resume(request.actor, found) else set()
    if found.state == State.RUNNING and rules.can_stand_still(found, request.at):
        return {"pause"} if rules.may_pause(request.actor, found) else set()
    return set()


def _stopped(found: Any, request: Request) -> str:
    """How long the clock has stood still in all; empty when it never did."""
    span = found.paused_for + (request.at - found.paused_at if found.paused_at else timedelta())
    return span_text(span) if span else ""


def _show(request: Request, deadline_id: int, sent: Sent) -> HttpResponse:
    found = queries.deadline_for(request.actor, deadline_id, at=request.at)
    (card,) = queries.cards_of([found], request.at)
    way = queries.explained(found)
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    context = {
        "card": card, "deadline": found, "title": titles_of([found])[found.pk], "left": left_mark,
        "matter": collaborations.collaboration_for(request.actor, found.root_id, at=request.at),
        "way": way[language],
        "limit": limit_text(found.limit), "said_by": _said_by(found.said_by),
        "ladder": [(COLOURS[level], level.label, instant) for level, instant in found.rungs],
        "late": lateness_text(found.late_minutes), "stopped": _stopped(found, request),
        "executive_from": _executive_from(found), "acts": _acts(request, found), "sent": sent,
    }  # fmt: skip
    return render(request, "deadlines/show.html", context, status=sent.status)


def _executive_from(found: Any) -> str:
    """The rung, where the executive hears of it sooner than usual."""
    level = found.its_rule.executive_from
    return str(level.label) if level is not Level.RED_PLUS else ""


def _said_by(name: str) -> tuple[str, int] | None:
    """Which playbook in which version set the limit; None where the rule itself does."""
    playbook, _space, version = name.partition(" ")
    return (playbook, int(version)) if version.isdigit() else None


def titles_of(deadlines: Iterable[Any]) -> dict[int, str]:
    """By deadline: “Decision: Request · 市场部”, “Task: …”. Two queries when a decision is among them, else none."""
    found = list(deadlines)
    forms = collaborations.forms_of_signoffs({row.subject_id for row in found if row.subject_kind == SIGNOFF})
    return {row.pk: _title(row, forms.get(row.subject_id, "") if row.subject_kind == SIGNOFF else "") for row in found}


def _title(deadline: Any, form: str) -> str:
    about = " · ".join(filter(None, (form_title(form) if form else "", deadline.what)))
    rule = rule_name(deadline.rule)
    return _("%(rule)s: %(about)s") % {"rule": rule, "about": about} if about else rule


def limit_text(limit: str) -> str:
    """“2 working days”; empty for an instant that a person typed."""
    if not limit:
        return ""
    found = parse_limit(limit)
    count = int(found.amount)
    return {
        Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", count),
        Unit.WORKING_HOURS: ngettext("%(count)d working hour", "%(count)d working hours", count),
        Unit.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", count),
        Unit.DAYS: ngettext("%(count)d calendar day", "%(count)d calendar days", count),
    }[found.unit] % {"count": count}
