"""Choosing a day: what stands under its field, what somebody typed into it, and the month to choose from."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan import clock
from bihuan.clock import ClockError, Limit, Schedule
from bihuan.clock.sentences import EN, ZH, sentence_of
from bihuan.organisation import queries as organisation
from bihuan.web.agenda.pages import FIRST, LAST, cells_of, weeks_of_month, within
from bihuan.web.agenda.typed import LONGEST, meant, meant_with_time
from bihuan.web.formats import WEEKDAYS, is_day, month_text
from bihuan.web.http import Request
from bihuan.web.render import render

ONE, COUNTED = timedelta(days=1), timedelta(days=400)


@require_safe
def day(request: Request) -> HttpResponse:
    """What a day is, said under its field: at the site of the department of the line, else of the reader.

    `said` is what somebody typed that is no day of the browser: the header X-Day says which one is meant; without it
    the answer says why none is, which is no failure of the request. `timed` is asked by a field with a time: X-Time
    says which, where one was said or counted.
    """
    schedule = _schedule(request)
    said = request.GET.get("said", "")
    if said:
        return _understood(request, said[: LONGEST + 1], schedule)
    typed = request.GET.get("day", "")
    wanted = date.fromisoformat(typed) if is_day(typed) else None
    if wanted is None or not FIRST <= wanted <= LAST:
        return HttpResponse(status=204)
    return _told(request, wanted, schedule)


@require_safe
def month(request: Request) -> HttpResponse:
    """The month of a day to choose from, with what each day is."""
    today = timezone.localdate(request.at)
    day, chosen = _asked(request, "day") or today, _asked(request, "chosen")
    weeks = weeks_of_month(day)
    schedule = _schedule(request)
    cells = cells_of(organisation.days_between(schedule, weeks[0][0], weeks[-1][-1] + ONE), [])
    numbers = _numbers(schedule, today, weeks[-1][-1])
    context = {
        "weeks": weeks, "cells": cells, "numbers": numbers, "day": day, "chosen": chosen, "today": today,
        "heading": month_text(day), "weekdays": WEEKDAYS["zh" if _is_chinese() else "en"],
    }  # fmt: skip
    return _kept(render(request, "agenda/month.html", context))


def _understood(request: Request, said: str, schedule: Schedule) -> HttpResponse:
    is_timed, today = bool(request.GET.get("timed")), timezone.localdate(request.at)
    try:
        found, at = meant_with_time(said, today) if is_timed else (meant(said, today), None)
        if isinstance(found, Limit):
            due = clock.add(schedule, request.at, found)
            how = clock.explain(schedule, due).sentences()[ZH if _is_chinese() else EN]
            local = timezone.localtime(due.at) if is_timed else due.at
            return _told(request, local.date(), schedule, how=how, at=at or (local.time() if is_timed else None))
    except ClockError as refused:
        what, mend = sentence_of(refused, ZH if _is_chinese() else EN)
        return render(request, "agenda/no_day.html", {"said": "", "what": what, "mend": mend})
    if found is None or not FIRST <= found <= LAST:
        return render(request, "agenda/no_day.html", {"said": said})
    return _told(request, found, schedule, at=at)


def _told(
    request: Request, wanted: date, schedule: Schedule, *, how: str = "", at: time | None = None
) -> HttpResponse:  # fmt: skip
    (drawn,) = organisation.days_between(schedule, wanted, wanted + ONE)
    number = _numbers(schedule, timezone.localdate(request.at), wanted).get(wanted, 0)
    context = {"cell": cells_of([drawn], [])[wanted], "number": number, "how": how}
    response = render(request, "agenda/day.html", context)
    response["X-Day"] = wanted.isoformat()
    if at is not None:
        response["X-Time"] = f"{at:%H:%M}"
    return _kept(response)


def _numbers(schedule: Schedule, today: date, last: date) -> Mapping[date, int]:
    """The days worked after today, up to a day that is not too far, numbered."""
    if not today < last <= today + COUNTED:
        return {}
    ahead = organisation.days_between(schedule, today + ONE, last + ONE)
    worked = [each.day for each in ahead if each.is_worked]
    return {day: number for number, day in enumerate(worked, start=1)}


def _schedule(request: Request) -> Schedule:
    text = request.GET.get("department", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        return organisation.schedule_of_department(int(text))
    return organisation.schedule_of_person(request.actor.person_id or 0)


def _asked(request: Request, name: str) -> date | None:
    typed = request.GET.get(name, "")
    return within(date.fromisoformat(typed)) if is_day(typed) else None


def _is_chinese() -> bool:
    return (get_language() or ZH).startswith("zh")


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, max-age=300"
    return response
