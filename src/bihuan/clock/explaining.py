"""How a due instant came about: first as data, then as a sentence in Chinese and in English."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bihuan.clock.arithmetic import Due, Part, Way, days_counted, is_open
from bihuan.clock.calendars import Calendar, Schedule
from bihuan.clock.days import DayKind, Names
from bihuan.clock.limits import Profile, Unit, spell
from bihuan.clock.official import FIRST_YEAR
from bihuan.clock.places import CHINESE
from bihuan.clock.zones import HOUR_US, to_us

ZH, EN = "zh-hans", "en"
LANGUAGES = (ZH, EN)
MOST_RUNS = 8
FEW_DAYS = 6
EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZH_DAYS = "一二三四五六日"
EN_UNITS = {
    Unit.HOURS: ("hour", "hours"),
    Unit.WORKING_HOURS: ("working hour", "working hours"),
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.DAYS: ("calendar day", "calendar days"),
}
RECEIVED = ("收到", "received")
ZH_UNITS = {
    Unit.HOURS: "小时",
    Unit.WORKING_HOURS: "个工作小时",
    Unit.WORKING_DAYS: "个工作日",
    Unit.DAYS: "个自然日",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row of the same kind and name at the same place."""

    first: date
    last: date
    kind: DayKind
    name: Names
    place: Names


@dataclass(frozen=True, slots=True)
class Explanation:
    """`passed` are the days not worked on the way, `worked` the make-up days and those with hours of their own; `begun`
    says what happened at the start."""

    due: Due
    place: Names
    passed: tuple[Run, ...]
    worked: tuple[Run, ...]
    open_years: tuple[tuple[int, str], ...]
    begun: Names = RECEIVED

    def sentence(self, language: str) -> str:
        return _chinese(self) if language == ZH else _english(self)

    def sentences(self) -> dict[str, str]:
        return {language: self.sentence(language) for language in LANGUAGES}


def explain(schedule: Schedule, due: Due, *, begun: Names = RECEIVED) -> Explanation:
    """Why it is due then: what was skipped, what was worked out of the order, and what is not certain. `begun`: what
    happened at the start, in Chinese and in English."""
    days = days_counted(schedule, to_us(due.start), due.parts)
    runs = tuple(runs_of(schedule, days))
    last = schedule.calendar_on(schedule.ordinal_at(to_us(due.at)))
    return Explanation(
        due=due,
        place=place_of(last),
        passed=tuple(run for run in runs if run.kind not in {DayKind.MAKE_UP, DayKind.HALF_DAY}),
        worked=tuple(run for run in runs if run.kind in {DayKind.MAKE_UP, DayKind.HALF_DAY}),
        open_years=tuple(_open_years(schedule, days)),
        begun=begun,
    )


def limit_words(due: Due) -> Names:
    """What was counted, in Chinese and in English: 2 个工作日, 2 working days."""
    return f"{spell(due.limit.amount)} {ZH_UNITS[_unit_meant(due)]}", _en_limit(due)


def place_of(calendar: Calendar) -> Names:
    if calendar.place:
        return calendar.place, calendar.place
    return CHINESE.get(calendar.zone.name, calendar.zone.city), calendar.zone.city


def runs_of(schedule: Schedule, days: range) -> Iterator[Run]:
    """Everything on the way but plain working days."""
    run: Run | None = None
    for ordinal in days:
        calendar = schedule.calendar_on(ordinal)
        day = date.fromordinal(ordinal)
        plan = calendar.plan(day)
        if plan.kind == DayKind.WORKING:
            if run:
                yield run
            run = None
            continue
        place = place_of(calendar)
        if run and (run.kind, run.name, run.place) == (plan.kind, plan.name, place):
            run = Run(run.first, day, run.kind, run.name, run.place)
            continue
        if run:
            yield run
        run = Run(day, day, plan.kind, plan.name, place)
    if run:
        yield run


def _open_years(schedule: Schedule, days: range) -> Iterator[tuple[int, str]]:
    for year in range(date.fromordinal(days[0]).year, date.fromordinal(days[-1]).year + 1) if days else ():
        if is_open(schedule, year, days):
            yield year, schedule.calendar_on(days[-1]).official.country


# English ------------------------------------------------------------------------------------------------------------


def _english(told: Explanation) -> str:
    due = told.due
    head = f"{told.begun[1]} {time_in_english(due.start)} + {_en_limit(due)} → {time_in_english(due.at, due.start)}"
    if due.at.utcoffset() != due.start.utcoffset():
        head += f" (UTC{due.at:%z} in {told.place[1]})"
    notes = [*_en_way(told), *days_in_english(told.passed), *worked_in_english(told.worked)]
    notes += [
        f"provisional: the official days of {year} ({country}) are "
        + ("not known here" if year < FIRST_YEAR else "not published yet")
        for year, country in told.open_years
    ]
    return "; ".join([head, *notes])


def time_in_english(when: datetime, after: datetime | None = None) -> str:
    year = "" if after and after.year == when.year else f" {when.year}"
    return f"{day_in_english(when.date())}{year} {_clock(when)}"


def day_in_english(day: date) -> str:
    return f"{EN_DAYS[day.weekday()]} {day.day} {EN_MONTHS[day.month - 1]}"


def _en_limit(due: Due) -> str:
    unit = _unit_meant(due)
    amount = due.limit.amount
    return f"{spell(amount)} {EN_UNITS[unit][amount != 1]}"


def _en_way(told: Explanation) -> Iterator[str]:
    due = told.due
    if due.begins > due.start:
        begins = time_in_english(due.begins, due.start)
        yield f"that is outside working hours in {told.place[1]}, so counting begins {begins}"
    if due.parts[0].way is Way.ELAPSED:
        yield "hours run on through nights and days of rest"
    if due.limit.counts_days:
        day = "the day of receipt" if told.begun == RECEIVED else "that day"
        yield f"{day} is not counted, due at close of business in {told.place[1]}"
    if any(part.way is Way.SAME_TIME for part in due.parts):
        yield ", then ".join(_en_part(part) for part in due.parts)


def _en_part(part: Part) -> str:
    if part.way is Way.SAME_TIME:
        days = f"the {_en_nth(part.amount)} following working day" if part.amount > 1 else "the next working day"
        return f"the same time on {days}"
    hours = spell(Decimal(part.amount) / HOUR_US)
    return f"{hours} {EN_UNITS[Unit.WORKING_HOURS][hours != '1']}"


def _en_nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in {11, 12, 13} else 0, "th")
    return f"{number}{ending}"


def days_in_english(runs: Sequence[Run]) -> Iterator[str]:
    for place, rests in _rests_by_place(runs):
        days = [*dict.fromkeys(EN_WEEKDAYS[day.weekday()] for day in rests)]
        if len(rests) <= FEW_DAYS:
            verb = "is no working day" if len(days) == 1 else "are no working days"
            yield f"{_listed(days, ' and ')} {verb} in {place[1]}"
        else:
            yield f"{len(rests)} days at weekends are no working days in {place[1]}"
    named = [run for run in runs if run.kind != DayKind.REST]
    for run in named[:MOST_RUNS]:
        name = f" ({run.name[1]})" if run.name[1] else ""
        yield f"{_en_span(run)} {'is' if run.first == run.last else 'are'} off{name}"
    if len(named) > MOST_RUNS:
        yield f"and {len(named) - MOST_RUNS} more times off"


def worked_in_english(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs[:MOST_RUNS]:
        kind = "worked to make up for a day off" if run.kind == DayKind.MAKE_UP else "worked with hours of its own"
        name = f" ({run.name[1]})" if run.name[1] else ""
        yield f"{_en_span(run)} {'is' if run.first == run.last else 'are'} {kind}{name}"
    if len(runs) > MOST_RUNS:
        yield f"and {len(runs) - MOST_RUNS} more such days"


def _en_span(run: Run) -> str:
    if run.first == run.last:
        return day_in_english(run.first)
    if (run.first.year, run.first.month) == (run.last.year, run.last.month):
        return f"{run.first.day}–{run.last.day} {EN_MONTHS[run.last.month - 1]}"
    return f"{run.first.day} {EN_MONTHS[run.first.month - 1]} – {run.last.day} {EN_MONTHS[run.last.month - 1]}"


# Chinese ------------------------------------------------------------------------------------------------------------


def _chinese(told: Explanation) -> str:
    due = told.due
    head = (
        f"{time_in_chinese(due.start)} {told.begun[0]} + {limit_words(due)[0]} → {time_in_chinese(due.at, due.start)}"
    )
    if due.at.utcoffset() != due.start.utcoffset():
        head += f"（{told.place[0]}，UTC{due.at:%z}）"
    notes = [*_zh_way(told), *days_in_chinese(told.passed), *worked_in_chinese(told.worked)]
    notes += [
        f"暂定：{year} 年（{country}）的官方日历{'未收录' if year < FIRST_YEAR else '尚未公布'}"
        for year, country in told.open_years
    ]
    return "；".join([head, *notes])


def time_in_chinese(when: datetime, after: datetime | None = None) -> str:
    year = "" if after and after.year == when.year else f"{when.year}年"
    return f"{year}{day_in_chinese(when.date())} {_clock(when)}"


def day_in_chinese(day: date) -> str:
    return f"{day.month}月{day.day}日 周{ZH_DAYS[day.weekday()]}"


def _zh_way(told: Explanation) -> Iterator[str]:
    due = told.due
    if due.begins > due.start:
        yield f"{told.begun[0]}时不在{told.place[0]}的工作时间内，从{time_in_chinese(due.begins, due.start)} 起算"
    if due.parts[0].way is Way.ELAPSED:
        yield "按自然小时连续计算，夜间和休息日不停"
    if due.limit.counts_days:
        yield f"{told.begun[0]}当天不计，到期时间为{told.place[0]}下班时"
    if any(part.way is Way.SAME_TIME for part in due.parts):
        yield "，再加".join(_zh_part(part) for part in due.parts)


def _zh_part(part: Part) -> str:
    if part.way is Way.SAME_TIME:
        return "下一个工作日的同一时刻" if part.amount == 1 else f"之后第 {part.amount} 个工作日的同一时刻"
    return f" {spell(Decimal(part.amount) / HOUR_US)} 个工作小时"


def days_in_chinese(runs: Sequence[Run]) -> Iterator[str]:
    for place, rests in _rests_by_place(runs):
        days = [*dict.fromkeys(f"周{ZH_DAYS[day.weekday()]}" for day in rests)]
        what = "、".join(days) if len(rests) <= FEW_DAYS else f"其间 {len(rests)} 个周末休息日"
        yield f"{what}在{place[0]}不是工作日"
    named = [run for run in runs if run.kind != DayKind.REST]
    for run in named[:MOST_RUNS]:
        yield f"{_zh_span(run)}放假" + (f"（{run.name[0]}）" if run.name[0] else "")
    if len(named) > MOST_RUNS:
        yield f"另有 {len(named) - MOST_RUNS} 次放假"


def worked_in_chinese(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs[:MOST_RUNS]:
        kind = "调休上班" if run.kind == DayKind.MAKE_UP else "按当天另定的时间上班"
        yield f"{_zh_span(run)}{kind}" + (f"（{run.name[0]}）" if run.name[0] else "")
    if len(runs) > MOST_RUNS:
        yield f"另有 {len(runs) - MOST_RUNS} 次"


def _zh_span(run: Run) -> str:
    if run.first == run.last:
        return day_in_chinese(run.first)
    return f"{run.first.month}月{run.first.day}日至{run.last.month}月{run.last.day}日"


# both ---------------------------------------------------------------------------------------------------------------


def _unit_meant(due: Due) -> Unit:
    """Hours that were counted at work are called working hours."""
    if due.profile is Profile.WORK_AWARE and due.parts[0].way is Way.WORKING_TIME:
        return Unit.WORKING_HOURS
    return due.limit.unit


def _clock(when: datetime) -> str:
    return f"{when:%H:%M:%S}" if when.second or when.microsecond else f"{when:%H:%M}"


def _rests_by_place(runs: Iterable[Run]) -> Iterator[tuple[Names, list[date]]]:
    """Days that the week leaves free, by place."""
    found: dict[Names, list[date]] = {}
    for run in runs:
        if run.kind == DayKind.REST:
            span = range(run.first.toordinal(), run.last.toordinal() + 1)
            found.setdefault(run.place, []).extend(map(date.fromordinal, span))
    yield from found.items()


def _listed(words: Sequence[str], last: str) -> str:
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
