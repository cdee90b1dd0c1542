"""Working calendars: looked at by everybody, edited by the PMO. The company's own stands under number 0."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.agenda import queries as agenda
from bihuan.agenda.operations import Change
from bihuan.clock.errors import ClockError
from bihuan.clock.official import CHINA
from bihuan.clock.published import LARGEST, Notice, read_notices
from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.ledger.queries import TimelineEntry
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import CalendarDayKind, Weekday
from bihuan.organisation.operations import DayValues, HoursValues
from bihuan.organisation.queries.calendars import FIRST_SHOWN, LAST_SHOWN
from bihuan.organisation.rules import may_edit_calendars, require_calendar_right
from bihuan.web.formats import MONTHS, WEEKDAYS
from bihuan.web.http import Request, day_of, number_of, redirect_to, text_of
from bihuan.web.organisation import changing
from bihuan.web.organisation.posted import NO_FINDINGS
from bihuan.web.render import notify, render

COMPANY = 0
PAGE = "organisation/calendar.html"
OFFICIAL = "organisation/official_years.html"
HOURS, DAY = "hours", "day"
MARKS = {
    "HOLIDAY": pgettext_lazy("mark in a calendar", "H"),
    "MAKE_UP": pgettext_lazy("mark in a calendar", "W"),
    "HALF_DAY": pgettext_lazy("mark in a calendar", "½"),
    "SITE_HOLIDAY": pgettext_lazy("mark in a calendar", "C"),
}
SPOKEN = {
    "HOLIDAY": gettext_lazy("holiday"),
    "MAKE_UP": gettext_lazy("worked to make up for a day off"),
    "HALF_DAY": gettext_lazy("hours of its own"),
    "SITE_HOLIDAY": gettext_lazy("nobody works"),
}


@require_safe
def calendars(request: Request) -> HttpResponse:
    context = {
        "cards": queries.calendar_cards(request.at),
        "years": queries.official_year_cards(),
        "built_in": queries.built_in_years(),
        "may_edit": may_edit_calendars(request.actor),
        "recounts": agenda.recounts(),
    }
    return render(request, "organisation/calendars.html", context)


@require_safe
def calendar(request: Request, pk: int) -> HttpResponse:
    return render(request, PAGE, _context(request, pk))


@require_POST
def set_hours(request: Request, pk: int) -> HttpResponse:
    values = HoursValues(
        hours=text_of(request, "hours"), country=text_of(request, "country"), make_up_as=_weekday(request) or 0
    )

    def act() -> None:
        operations.set_hours(
            _site(pk),
            starts_on=day_of(request, "starts_on"),
            values=values,
            seen_revision=number_of(request, "revision") or 0,
            actor=request.actor,
            at=request.at,
        )

    return _carry_out(
        request,
        pk,
        HOURS,
        act,
        _("The working hours were saved."),
        reason=f"{text_of(request, 'hours')} ({text_of(request, 'starts_on')})",
    )


@require_POST
def set_day(request: Request, pk: int) -> HttpResponse:
    values = DayValues(
        kind=text_of(request, "kind"),
        name=text_of(request, "name"),
        weekday=_weekday(request),
        hours=text_of(request, "hours"),
    )

    def act() -> None:
        operations.set_day(
            _site(pk),
            day=day_of(request, "day"),
            values=values,
            seen_revision=number_of(request, "revision") or 0,
            actor=request.actor,
            at=request.at,
        )

    return _carry_out(
        request,
        pk,
        DAY,
        act,
        _("The day was saved."),
        reason=f"{text_of(request, 'day')} {_kind(values.kind)} {values.name}",
    )


@require_POST
def clear_day(request: Request, pk: int) -> HttpResponse:
    def act() -> None:
        operations.clear_day(
            _site(pk),
            day=day_of(request, "day"),
            seen_revision=number_of(request, "revision") or 0,
            actor=request.actor,
            at=request.at,
        )

    return _carry_out(
        request, pk, DAY, act, _("The day is again what its weekday says."), reason=f"{text_of(request, 'day')} —"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def load_official(request: Request) -> HttpResponse:
    """A file or pasted text; every year of it or none."""
    require_calendar_right(request.actor)
    context: dict[str, Any] = {"typed": {"country": CHINA}, "findings": NO_FINDINGS}
    if request.method != "POST":
        return render(request, OFFICIAL, context)
    country = text_of(request, "country")
    try:
        content = _content(request)
        notices = _notices(content, country)
        years = "、".join(str(notice.year) for notice in notices)

        def act() -> None:
            operations.load_official_years(notices, country=country, actor=request.actor, at=request.at)

        def done(more: str) -> HttpResponse:
            told = _("Loaded: %(years)s.") % {"years": years}
            return notify(request, redirect_to(request, back), f"{told} {more}".strip())

        back = reverse("organisation:calendars")
        typed = _typed(content)
        said = [
            [notice.year, [[day.day.isoformat(), day.is_off, day.name] for day in notice.days]] for notice in notices
        ]
        change = Change(act, {"official": said, "country": country.upper()}, None, f"{country.upper()} {years}")
        title = _("Official years %(years)s") % {"years": years}
        return changing.look_or_change(request, change, title=title, back=back, done=done, text=typed)
    except Refused as refusal:
        again = {"typed": request.POST, "findings": refusal.findings}
        return render(request, OFFICIAL, again, status=refusal.status)


def _kind(kind: str) -> str:
    return str(dict(CalendarDayKind.choices).get(kind, kind))


def _content(request: Request) -> bytes:
    file = request.FILES.get("file")
    content = file.read(LARGEST + 1) if file is not None else request.POST.get("text", "").strip().encode()
    if not content:
        raise Refused([error("organisation.calendar_file_missing", "file")])
    return content


def _notices(content: bytes, country: str) -> list[Notice]:
    try:
        return read_notices(content, country=country.upper() or CHINA)
    except ClockError as refused:
        raise Refused([Finding(refused.code, "file", refused.params)]) from None


def _typed(content: bytes) -> str:
    """What was read, as a page can send it again."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _site(pk: int) -> int | None:
    return None if pk == COMPANY else pk


def _weekday(request: Request) -> int | None:
    return number_of(request, "weekday")


def _carry_out(
    request: Request, pk: int, form: str, act: Callable[[], None], told: str, *, reason: str
) -> HttpResponse:
    """Show what moves by it, or do it and show the year again; when it is refused, the page says why and keeps what was
    typed."""
    address = reverse("organisation:calendar", args=[pk]) + f"?year={_year(request)}"

    def done(more: str) -> HttpResponse:
        return notify(request, redirect_to(request, address), f"{told} {more}".strip())

    place = queries.place_of_site(_site(pk))[0] or _("The whole company")
    said = {name: request.POST.getlist(name) for name in sorted(request.POST) if name not in changing.LEFT_OUT}
    change = Change(act, {"form": form, "path": request.path, "said": said}, _site(pk), f"{place} {reason}".strip())
    try:
        return changing.look_or_change(request, change, title=change.reason, back=address, done=done)
    except (Refused, Stale) as refusal:
        again = _context(request, pk) | {"typed": request.POST, "findings": refusal.findings, "form": form}
        return render(request, PAGE, again, status=refusal.status)


def _context(request: Request, pk: int) -> dict[str, Any]:
    year = _year(request)
    page = queries.calendar_page(_site(pk), year=year, at=request.at)
    return {
        "page": page,
        "pk": pk,
        "before": year - 1 if year > FIRST_SHOWN else None,
        "after": year + 1 if year < LAST_SHOWN else None,
        "marks": {kind: str(mark) for kind, mark in MARKS.items()},
        "spoken": {kind: str(text) for kind, text in SPOKEN.items()},
        "weekday_letters": WEEKDAYS["zh" if _is_chinese() else "en"],
        "month_names": [f"{month}月" for month in range(1, 13)] if _is_chinese() else MONTHS,
        "history": [_line(entry) for entry in page.history],
        "kinds": CalendarDayKind.choices,
        "weekdays": Weekday.choices,
        "may_edit": may_edit_calendars(request.actor),
        "typed": {},
        "findings": NO_FINDINGS,
        "form": "",
    }


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _year(request: Request) -> int:
    """The year to show: the one asked for, or that of the day that was typed, or this one."""
    asked = request.GET.get("year", "") or text_of(request, "year")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else queries.day_of(request.at).year
    return min(max(year, FIRST_SHOWN), LAST_SHOWN)


@dataclass(frozen=True, slots=True)
class Line:
    """A change of the calendar, for the timeline."""

    icon: str
    text: str
    who: str
    at: Any
    note: str = ""


def _line(entry: TimelineEntry) -> Line:
    body = entry.body or {}
    after, before = body.get("after") or {}, body.get("before") or {}
    note = f"{_said(before)} → {_said(after)}" if before else ""
    return Line("calendar", _text(entry.name, body, after), entry.actor_name, entry.at, note)


def _text(name: str, body: dict[str, Any], after: dict[str, Any]) -> str:
    if name == "organisation.calendar.hours_set":
        return _("From %(day)s: %(said)s") % {"day": body.get("starts_on", ""), "said": _said(after)}
    if name == "organisation.calendar.day_cleared":
        return _("%(day)s is a usual day again") % {"day": body.get("day", "")}
    return _("%(day)s: %(said)s") % {"day": body.get("day", ""), "said": _said(after)}


def _said(values: dict[str, Any]) -> str:
    """What hours or a day were said to be, in a few words."""
    if not values:
        return "—"
    if "country" in values:
        return f"{values['hours']} ({values['country']})"
    kind = str(dict(CalendarDayKind.choices).get(values.get("kind", ""), ""))
    weekday = values.get("weekday")
    more = [str(Weekday(weekday).label) if weekday is not None else "", values.get("hours", ""), values.get("name", "")]
    return " ".join(filter(None, [kind, *more]))
