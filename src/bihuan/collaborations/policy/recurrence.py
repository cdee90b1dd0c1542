"""F27: what comes round, in which period, who gives what to it by when, and what follows a period (AS26)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bihuan.collaborations.policy.body import Body, Ref, day, normal, ref, rows, text, whole
from bihuan.collaborations.policy.parties import Matter, departments_fit, people_fit, person_fits
from bihuan.collaborations.policy.playbook import ARCHIVED_IN, FINAL, JUDGED, REVIEWED_IN, WORK
from bihuan.kernel.findings import Finding, error

ONE_DAY = timedelta(days=1)
CONSOLIDATION = ""
"""The line of a period that is not a row of the form: what is made of all that was given."""


class Cadence(StrEnum):
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"


class Gap(StrEnum):
    """What happens when something is missing on its day: all wait, or it is consolidated as incomplete."""

    WAIT = "WAIT"
    NAMED = "NAMED"


class Waiver(StrEnum):
    NONE = ""
    ASKED = "ASKED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Span:
    """A period by its days, both included."""

    cadence: Cadence
    starts_on: date
    ends_on: date

    @property
    def key(self) -> str:
        """`2026-W40`, `2026-09`, `2026-Q3`."""
        if self.cadence is Cadence.WEEK:
            year, week, _weekday = self.starts_on.isocalendar()
            return f"{year}-W{week:02}"
        if self.cadence is Cadence.MONTH:
            return f"{self.starts_on:%Y-%m}"
        return f"{self.starts_on.year}-Q{quarter_of(self.starts_on)[1]}"

    @property
    def following(self) -> "Span":
        return span_of(self.cadence, self.ends_on + ONE_DAY)

    @property
    def closes_quarter(self) -> bool:
        """No later period ends in the same quarter."""
        return quarter_of(self.ends_on) != quarter_of(self.following.ends_on)

    @property
    def closes_year(self) -> bool:
        return self.ends_on.year != self.following.ends_on.year


def quarter_of(on: date) -> tuple[int, int]:
    return on.year, (on.month + 2) // 3


def span_of(cadence: Cadence, on: date) -> Span:
    """The period a day lies in: a week from Monday to Sunday, a month, a quarter of the year."""
    if cadence is Cadence.WEEK:
        monday = on - timedelta(days=on.weekday())
        return Span(cadence, monday, monday + timedelta(days=6))
    months = 1 if cadence is Cadence.MONTH else 3
    first = on.month - (on.month - 1) % months
    last = first + months - 1
    after = date(on.year + last // 12, last % 12 + 1, 1)
    return Span(cadence, date(on.year, first, 1), after - ONE_DAY)


@dataclass(frozen=True, slots=True)
class Give:
    """What a department gives to every period, on the n-th working day after its end."""

    line: str
    department: Ref
    owner: Ref
    data: str
    working_day: int
    as_file: bool
    layout: str


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A frozen F27 as values."""

    cadence: Cadence
    first_on: date
    last_on: date | None
    gives: tuple[Give, ...]
    consolidator: Ref
    result: str
    consolidated_on: int
    receiver: Ref
    checks: tuple[tuple[str, str], ...]
    gap: Gap

    def is_last(self, span: Span) -> bool:
        return self.last_on is not None and span.ends_on >= self.last_on

    def first_span(self, today: date) -> Span:
        """Where it begins: periods that were over before the work began are nobody's any more."""
        return span_of(self.cadence, max(self.first_on, today))


def recurrence_of(body: Body) -> Recurrence | None:
    """None while it is not whole."""
    cadence, first_on = text(body, "cadence"), day(body, "first_on")
    consolidator, receiver = ref(body, "consolidator"), ref(body, "receiver")
    consolidated_on, gap = whole(body, "consolidated_on"), text(body, "gap_rule")
    gives = tuple(_gives(body))
    is_said = cadence in set(Cadence) and gap in set(Gap) and gives
    if not (is_said and first_on and consolidator and receiver and consolidated_on):
        return None
    return Recurrence(
        cadence=Cadence(cadence),
        first_on=first_on,
        last_on=day(body, "last_on"),
        gives=gives,
        consolidator=consolidator,
        result=text(body, "result"),
        consolidated_on=consolidated_on,
        receiver=receiver,
        checks=tuple((text(row, "id"), text(row, "text")) for row in rows(body, "checks")),
        gap=Gap(gap),
    )


def _gives(body: Body) -> Iterator[Give]:
    for row in rows(body, "contributions"):
        department, owner, working_day = ref(row, "dept"), ref(row, "owner"), whole(row, "working_day")
        if department and owner and working_day:
            yield Give(
                line=text(row, "id"), department=department, owner=owner, data=text(row, "data"),
                working_day=working_day, as_file=text(row, "given_as") == "FILE", layout=text(row, "layout"),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecurrenceContext:
    """`running`: the period under way and its cadence, once the work has begun; `places`: the zone by department."""

    matter: Matter
    running: Span | None = None
    places: Mapping[int, str] | None = None


def computed(body: Body, context: RecurrenceContext) -> dict[str, list[dict[str, str]]]:
    """By which clock each department's day is counted."""
    places = context.places or {}
    found = []
    for row in rows(body, "contributions"):
        department = ref(row, "dept")
        found.append({"id": text(row, "id"), "zone": places.get(department.id, "") if department else ""})
    return {"contributions": found}


def check(body: Body, context: RecurrenceContext) -> list[Finding]:
    given = rows(body, "contributions")
    return [
        *_days(body, context),
        *departments_fit(given, "contributions", context.matter),
        *people_fit(given, "contributions", "owner", context.matter.people, "dept"),
        *_twice(given),
        *person_fits("consolidator", ref(body, "consolidator"), context.matter.people),
        *person_fits("receiver", ref(body, "receiver"), context.matter.people),
        *_received(body),
    ]


def _days(body: Body, context: RecurrenceContext) -> Iterator[Finding]:
    first, last = day(body, "first_on"), day(body, "last_on")
    if first and last and last < first:
        yield error("collaborations.ends_before_start", "last_on", end=last.isoformat())
    running = context.running
    if running is not None and text(body, "cadence") not in ("", running.cadence):
        yield error("collaborations.cadence_fixed", "cadence", period=running.key)
    if running is not None and last and last < running.starts_on:
        yield error("collaborations.recurrence_ended_before", "last_on", period=running.key)
    consolidated = whole(body, "consolidated_on")
    for index, row in enumerate(rows(body, "contributions")):
        given = whole(row, "working_day")
        if given and consolidated and given > consolidated:
            yield error(
                "collaborations.given_after_consolidation", f"contributions.{index}.working_day", given=given,
                consolidated=consolidated,
            )  # fmt: skip


def _twice(given: Iterable[Body]) -> Iterator[Finding]:
    """A department gives the same thing once."""
    seen: set[tuple[int, str]] = set()
    for index, row in enumerate(given):
        department, data = ref(row, "dept"), normal(text(row, "data"))
        if department is None or not data:
            continue
        if (department.id, data) in seen:
            yield error("collaborations.given_twice", f"contributions.{index}.data", department=department.name)
        seen.add((department.id, data))


def _received(body: Body) -> Iterator[Finding]:
    """Whoever consolidates does not accept his own work."""
    consolidator, receiver = ref(body, "consolidator"), ref(body, "receiver")
    if consolidator and receiver and consolidator.id == receiver.id:
        yield error("collaborations.receives_own_work", "receiver", person=receiver.name)


def step_after(step: str, span: Span, *, is_last: bool) -> str:
    """What follows a step of a recurring matter.

    After each period the next one; a review where it closes a quarter, then an archive where it closes a year; both,
    and the end, after the last.
    """
    if step == WORK:
        return JUDGED
    if step == JUDGED and (is_last or span.closes_quarter):
        return REVIEWED_IN
    if step in (JUDGED, REVIEWED_IN) and (is_last or span.closes_year):
        return ARCHIVED_IN
    return FINAL if is_last else WORK


@dataclass(frozen=True, slots=True)
class Given:
    """How a contribution to a period stands. `is_in`: handed in, whether looked at or not."""

    id: int
    line: str
    what: str
    who: str
    due: str
    is_due: bool
    is_in: bool
    is_checked: bool
    waiver: Waiver

    @property
    def is_settled(self) -> bool:
        return self.is_checked or self.waiver is Waiver.GRANTED


def missing(given: Iterable[Given]) -> list[Given]:
    """What has neither come nor been waived, the consolidation left out."""
    return [one for one in given if one.line != CONSOLIDATION and not one.is_in and not one.is_settled]


def not_gathered(given: Collection[Given]) -> list[Finding]:
    """What the consolidation waits for, each named."""
    return [
        error("collaborations.contribution_missing", f"contribution.{one.id}", who=one.who, what=one.what, due=one.due)
        for one in missing(given)
    ]


def incomplete_findings(given: Collection[Given], gap: Gap) -> list[Finding]:
    """Whether it may be consolidated without what is missing: only where that was agreed, and once its day is over."""
    lacking = missing(given)
    if not lacking:
        return [error("collaborations.nothing_missing")]
    if gap is Gap.WAIT:
        return [error("collaborations.waits_for_all")]
    return [
        error("collaborations.still_in_time", f"contribution.{one.id}", who=one.who, what=one.what, due=one.due)
        for one in lacking
        if not one.is_due
    ]


def not_settled(given: Collection[Given]) -> list[Finding]:
    """The final state needs every contribution, looked at by somebody else, or an approved waiver for it."""
    found = []
    for one in given:
        if one.line == CONSOLIDATION or one.is_settled:
            continue
        code = "contribution_unchecked" if one.is_in else "contribution_missing"
        found.append(error(f"collaborations.{code}", f"contribution.{one.id}", who=one.who, what=one.what, due=one.due))
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """What the receiver says about a check: whether it holds, and a note."""

    holds: bool | None
    note: str = ""


def check_findings(checks: Iterable[tuple[str, str]], said: Mapping[str, Checked]) -> list[Finding]:
    """Every check is answered, and holds."""
    found = []
    for line, what in checks:
        answer = said.get(line, Checked(None))
        if answer.holds is None:
            found.append(error("collaborations.check_unanswered", f"checks.{line}", what=what))
        elif not answer.holds:
            found.append(error("collaborations.check_failed", f"checks.{line}", what=what))
    return found
