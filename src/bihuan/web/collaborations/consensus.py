"""The consensus line by line: who agreed to which text, what departments want otherwise, and the answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.access.operations import note_reading
from bihuan.approvals.enums import SignoffState
from bihuan.approvals.operations import AmendmentAnswer
from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.agreement import Line, Said, waiting
from bihuan.collaborations.policy.consensus import BINDS
from bihuan.collaborations.queries.consensus import FORM, Agreement, agreement_of
from bihuan.collaborations.queries.steps import step_asking
from bihuan.collaborations.rules import may_fill
from bihuan.records import registry
from bihuan.records.enums import Status
from bihuan.records.policy.freezing import agreed
from bihuan.records.schema import Field, Form
from bihuan.web.acting import Sent, carry_out
from bihuan.web.approvals.facts import Line as Words
from bihuan.web.approvals.facts import line_of
from bihuan.web.approvals.sheets import DECIDED, DECISION_OF
from bihuan.web.approvals.wording import Reworded, reworded, wanted_words
from bihuan.web.http import Request, text_of
from bihuan.web.render import render

PAGE, ACT = "collaborations/consensus.html", "answer"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in words, with its earlier texts and how each differs from the one that followed."""

    line: Line
    words: Words
    binds: str
    earlier: Sequence[tuple[Any, Sequence[Reworded]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one department wants otherwise."""

    said: Said
    title: str
    list_label: "str | Promise"
    changes: Sequence[Reworded]


@require_safe
def consensus(request: Request, pk: int) -> HttpResponse:
    return _show(request, pk, Sent())


@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """Take over or decline what departments want, all or none of what was answered."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)

    def act() -> None:
        operations.answer_amendments(matter, _answers(request), actor=request.actor, at=request.at)

    address = reverse("collaborations:consensus", args=[pk])
    return carry_out(
        request,
        ACT,
        act,
        show=lambda sent: _show(request, pk, sent),
        address=address,
        done=_("Your answer is recorded."),
    )


def _answers(request: Request) -> list[AmendmentAnswer]:
    """`answer-<slot>` is `take` or `decline`; what has no answer waits."""
    found = []
    for name in request.POST:
        slot = name.removeprefix("answer-")
        if slot != name and slot.isascii() and slot.isdigit() and len(slot) < 19:
            said = text_of(request, name)
            if said in {"take", "decline"}:
                seen, reason = text_of(request, f"seen-{slot}"), text_of(request, f"reason-{slot}")
                found.append(AmendmentAnswer(int(slot), seen, said == "take", reason))
    return found


def _show(request: Request, pk: int, sent: Sent) -> HttpResponse:
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    note_reading(matter.scope_id, actor=request.actor, at=request.at)
    agreement = agreement_of(matter)
    form = registry.form_of(agreement.record) if agreement.record is not None else None
    context = {
        "matter": matter, "agreement": agreement, "sent": sent, "act": ACT, "decided": DECIDED,
        "decision_of": DECISION_OF, "lines": [], "gone": [], "wanted": [], "summary": "",
        "may_answer": _may_answer(request, matter, agreement), "is_late": _is_late(matter),
        "is_rewritten": agreement.record is not None and agreement.record.status == Status.RETURNED,
    }  # fmt: skip
    if form is not None and agreement.lines:
        shown = [_shown(form, line) for line in agreement.lines]
        context |= {
            "lines": [each for each in shown if not each.line.is_gone],
            "gone": [each for each in shown if each.line.is_gone],
            "wanted": [_wanted(form, agreement.lines, said) for said in waiting(agreement.lines)],
            "summary": _summary(agreement.lines),
        }
    return render(request, PAGE, context, status=sent.status)


def _may_answer(request: Request, matter: Any, agreement: Agreement) -> bool:
    asking = queries.plan_of(matter).step_asking(FORM)
    is_open = agreement.signoff is not None and agreement.signoff.state == SignoffState.OPEN
    return asking is not None and is_open and may_fill(request.actor, matter, asking.filler_of(FORM))


def _is_late(matter: Any) -> bool:
    """Whether the step in which the consensus is made is over: who joined since is still asked."""
    run = queries.current_run(matter)
    return run is not None and step_asking(matter, run, FORM) is None


def _shown(form: Form, line: Line) -> Shown:
    field = _list(form, line.list_key)
    texts = [line.now, *line.before]
    earlier = [(text, reworded(field, text.row, after.row)) for after, text in pairwise(texts)]
    return Shown(line, _words(form, line, field), _binds(line), earlier)


def _words(form: Form, line: Line, field: Field) -> Words:
    return line_of(form, {line.list_key: [agreed(field, line.now.row)]}, line.part)


def _binds(line: Line) -> str:
    chosen = line.now.row.get(BINDS) or ()
    return "、".join(str(each["name"]) for each in chosen)


def _list(form: Form, key: str) -> Field:
    field = form.field(key)
    if field is None:
        raise LookupError(key)
    return field


def _wanted(form: Form, lines: Sequence[Line], said: Said) -> Wanted:
    line = next(each for each in lines if each.part == said.part)
    field, amendment = _list(form, line.list_key), said.amendment
    return Wanted(said, str(amendment.get("title") or ""), field.label, wanted_words(field, amendment))


def _summary(lines: Sequence[Line]) -> str:
    standing = [line for line in lines if not line.is_gone]
    whole = sum(line.is_agreed for line in standing)
    pattern = ngettext(
        "%(agreed)s of %(count)s line agreed by all it binds", "%(agreed)s of %(count)s lines agreed by all they bind",
        len(standing),
    )  # fmt: skip
    return pattern % {"agreed": whole, "count": len(standing)}
