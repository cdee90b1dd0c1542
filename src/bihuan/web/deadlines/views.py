"""What runs against whom until when, and how each instant came about."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from bihuan.clock import Unit, parse_limit
from bihuan.collaborations import queries as collaborations
from bihuan.deadlines import queries
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.web.deadlines.marks import COLOURS, lateness_text, left_mark
from bihuan.web.http import Request
from bihuan.web.render import render

SHOWN = 100
MINE, OVERDUE, ALL = "", "overdue", "all"


@require_safe
def deadlines(request: Request) -> HttpResponse:
    """Mine, all that I may read, or of these what is overdue: fixed number of queries."""
    shape = request.GET.get("show", MINE)
    found = queries.watched_by(
        request.actor, at=request.at, everybody=shape in {ALL, OVERDUE}, overdue=shape == OVERDUE
    )
    rows = list(found[: SHOWN + 1])
    cards = queries.cards_of(rows[:SHOWN], request.at)
    matters = collaborations.titles_of({card.deadline.root_id for card in cards})
    context = {
        "cards": [(card, matters.get(card.deadline.root_id)) for card in cards], "shape": shape,
        "is_cut": len(rows) > SHOWN, "title_of": title_of, "left": left_mark,
    }  # fmt: skip
    return render(request, "deadlines/list.html", context)


@require_safe
def deadline(request: Request, deadline_id: int) -> HttpResponse:
    """One deadline: the way to its instant, the ladder, and how it went."""
    found = queries.deadline_for(request.actor, deadline_id, at=request.at)
    (card,) = queries.cards_of([found], request.at)
    way = queries.explained(found)
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    context = {
        "card": card, "deadline": found, "title_of": title_of, "left": left_mark,
        "matter": collaborations.collaboration_for(request.actor, found.root_id, at=request.at),
        "way": way[language] if way else "", "limit": limit_text(found.limit),
        "ladder": [(COLOURS[level], level.label, instant) for level, instant in found.rungs],
        "late": lateness_text(found.late_minutes),
    }  # fmt: skip
    return render(request, "deadlines/show.html", context)


def title_of(deadline: Any) -> str:
    """“Decision: 市场部”."""
    return ": ".join(filter(None, (str(RULE_NAMES[deadline.rule]), deadline.what)))


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
