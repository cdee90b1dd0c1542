"""The rules of time: how long, counted how. Everybody may look, the PMO chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.clock import Profile
from bihuan.deadlines import operations, queries, rules
from bihuan.ledger.queries import TimelineEntry
from bihuan.web.acting import Sent, carry_out, seen_revision
from bihuan.web.deadlines.outcomes import rule_name
from bihuan.web.deadlines.views import limit_text
from bihuan.web.http import Request, text_of
from bihuan.web.render import render

COME_ROUND = ("T11", "T13")
KINDS: Mapping[str, Promise] = {
    "EXECUTIVE": pgettext_lazy("kind of a time limit", "executives"),
    "HIGH": pgettext_lazy("kind of a time limit", "high risk"),
    "URGENT": pgettext_lazy("kind of a time limit", "urgent"),
}
PROFILES: Mapping[str, Promise] = {
    "": pgettext_lazy("hours of a time rule", "as shipped: day and night"),
    Profile.LITERAL: pgettext_lazy("hours of a time rule", "day and night"),
    Profile.WORK_AWARE: pgettext_lazy("hours of a time rule", "working time"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A choice that was made, for the timeline."""

    icon: str
    text: str
    who: str
    at: datetime
    note: str = ""


@require_safe
def choices(request: Request) -> HttpResponse:
    """Every rule that is bound, and what each choice would make of now: fixed number of queries."""
    return _show(request, Sent())


@require_POST
def choose_profile(request: Request, rule_id: str) -> HttpResponse:
    def act() -> None:
        operations.choose_profile(
            rule_id, profile=text_of(request, "profile"), seen_revision=seen_revision(request), actor=request.actor,
            at=request.at,
        )  # fmt: skip

    return carry_out(
        request, rule_id, act, show=lambda sent: _show(request, sent), address=reverse("deadlines:rules"),
        done=_("This holds for what begins from now on."),
    )  # fmt: skip


def _show(request: Request, sent: Sent) -> HttpResponse:
    context: dict[str, Any] = {
        "cards": queries.rule_cards(request.at), "rule_name": rule_name, "limits": limits_text, "profiles": PROFILES,
        "literal": Profile.LITERAL, "aware": Profile.WORK_AWARE, "may_choose": rules.may_choose_profiles(request.actor),
        "come_round": COME_ROUND,
        "history": [_line(entry) for entry in queries.history_of_choices()], "sent": sent,
    }  # fmt: skip
    return render(request, "deadlines/rules.html", context, status=sent.status)


def limits_text(limits: Mapping[str, str]) -> str:
    """“2 working days; executives: 3 working days”; empty for a rule whose instants are typed or come round."""
    said = (
        _("%(kind)s: %(limit)s") % {"kind": KINDS[kind], "limit": limit_text(limit)} if kind else limit_text(limit)
        for kind, limit in limits.items()
    )
    return pgettext("time limits", "; ").join(said)


def _line(entry: TimelineEntry) -> Line:
    body = entry.body or {}
    before, after = (str(PROFILES[body.get(name, "")]) for name in ("before", "after"))
    text = _("%(rule)s: hours are %(hours)s") % {"rule": rule_name(body.get("rule", "")), "hours": after}
    return Line("clock", text, entry.actor_name, entry.at, f"{before} → {after}")
