"""F19: whether a loan is whole and possible, how long it lasts, and what is owed while it lasts (G21, G22, AS23)."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bihuan.collaborations.policy.body import Body, Ref, day, group, ref, rows, text, whole
from bihuan.collaborations.policy.lines import CriterionLine
from bihuan.collaborations.policy.parties import Matter, not_past, people_fit, person_fits
from bihuan.kernel.findings import Finding, error

WHOLE = 100
A_YEAR = timedelta(days=365)


class Owed(StrEnum):
    """What somebody owes while a loan lasts."""

    REPORT = "REPORT"
    APPRAISAL = "APPRAISAL"
    RETURN = "RETURN"


@dataclass(frozen=True, slots=True)
class OtherLoan:
    """A loan of the same person that its parties have agreed to: the matter's number and its days, both included."""

    number: str
    start: date
    end: date

    def overlaps(self, start: date, end: date) -> bool:
        return self.start <= end and start <= self.end


@dataclass(frozen=True, slots=True)
class LoanContext:
    """`has_begun`: the loan is under way, so that only its end can still be ahead. `others` run beside it.

    `earlier` are all loans of the person that were ever agreed to.
    """

    matter: Matter
    others: tuple[OtherLoan, ...] = ()
    has_begun: bool = False
    earlier: tuple[OtherLoan, ...] = ()


@dataclass(frozen=True, slots=True)
class Loan:
    """A frozen F19 as values."""

    person: Ref
    lender: Ref
    start: date
    end: date
    appraiser: Ref
    coordinator: Ref
    appraised_on: tuple[date, ...] = field(default=())


def loan_of(body: Body) -> Loan | None:
    """None for a paper of an earlier edition, which did not say these things in fields."""
    person, lender, start, end = ref(body, "person"), ref(body, "lending_dept"), day(body, "start"), day(body, "end")
    appraiser, coordinator = ref(group(body, "appraisal"), "appraiser"), ref(body, "coordinator")
    if not (person and lender and start and end and appraiser and coordinator):
        return None
    appraised = (day(row, "on") for row in rows(body, "appraisal_dates"))
    return Loan(person, lender, start, end, appraiser, coordinator, tuple(sorted(on for on in appraised if on)))


def months_of(body: Body) -> int | None:
    """The months from the first day to the last, begun ones counted; none without both days in their order."""
    start, end = day(body, "start"), day(body, "end")
    return _months(start, end) if start is not None and end is not None and start <= end else None


def months_in_all(body: Body, earlier: Iterable[OtherLoan]) -> int | None:
    """The months of this loan and of those of the same person that ended less than a year before it begins."""
    own, start = months_of(body), day(body, "start")
    if own is None or start is None:
        return None
    near = (loan for loan in earlier if abs(start - loan.end) < A_YEAR or loan.start <= start <= loan.end)
    return own + sum(_months(loan.start, loan.end) for loan in near)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + (end.day >= start.day)


def check(body: Body, context: LoanContext) -> list[Finding]:
    return [
        *_parties(body, context.matter),
        *_term(body, context),
        *_appraisal(body, context.matter),
        *person_fits("coordinator", ref(body, "coordinator"), context.matter.people),
        *person_fits("support.contact", ref(group(body, "support"), "contact"), context.matter.people),
        *people_fit(rows(body, "handover_out"), "handover_out", "to", context.matter.people),
    ]


def _parties(body: Body, matter: Matter) -> Iterator[Finding]:
    """The lead department borrows, one that takes part lends, and the person works there."""
    lender, borrower = ref(body, "lending_dept"), ref(body, "borrowing_dept")
    yield from person_fits("person", ref(body, "person"), matter.people, lender)
    if borrower and borrower.id != matter.initiating:
        yield error("collaborations.borrower_leads_not", "borrowing_dept", department=borrower.name)
    if lender and borrower and lender.id == borrower.id:
        yield error("collaborations.lent_to_itself", "lending_dept", department=lender.name)
    elif lender and lender.id not in matter.involved:
        yield error("collaborations.department_not_involved", "lending_dept", department=lender.name)


def _term(body: Body, context: LoanContext) -> Iterator[Finding]:
    start, end = day(body, "start"), day(body, "end")
    if not context.has_begun:
        yield from not_past("start", start, context.matter.today)
    yield from not_past("end", end, context.matter.today)
    if start is None or end is None:
        return
    if end < start:
        yield error("collaborations.ends_before_start", "end", end=end.isoformat())
        return
    person = ref(body, "person")
    for other in context.others:
        if person and other.overlaps(start, end):
            yield error(
                "collaborations.on_loan_elsewhere", "person", person=person.name, number=other.number,
                start=other.start.isoformat(), end=other.end.isoformat(),
            )  # fmt: skip


def _appraisal(body: Body, matter: Matter) -> Iterator[Finding]:
    said = group(body, "appraisal")
    weights = [whole(said, "weight_borrowing"), whole(said, "weight_lending")]
    total = sum(weight for weight in weights if weight is not None)
    if None not in weights and total != WHOLE:
        yield error("collaborations.weights_not_whole", "appraisal.weight_lending", total=total)
    appraiser, person = ref(said, "appraiser"), ref(body, "person")
    yield from person_fits("appraisal.appraiser", appraiser, matter.people)
    if appraiser and person and appraiser.id == person.id:
        yield error("collaborations.appraises_himself", "appraisal.appraiser", person=person.name)
    start, end = day(body, "start"), day(body, "end")
    for index, row in enumerate(rows(body, "appraisal_dates")):
        on = day(row, "on")
        if on and start and end and not start <= on <= end:
            yield error(
                "collaborations.outside_the_loan", f"appraisal_dates.{index}.on", start=start.isoformat(),
                end=end.isoformat(),
            )  # fmt: skip


def month_ends(start: date, end: date) -> Iterator[date]:
    """The last day of each month the loan touches; of the last one the last day of the loan."""
    on = start
    while on <= end:
        last = on.replace(day=monthrange(on.year, on.month)[1])
        yield min(last, end)
        on = last + timedelta(days=1)


def owed_during(loan: Loan) -> list[tuple[Owed, date]]:
    """A report for every month, an appraisal on each of its dates, and the return on the last day."""
    return [
        *((Owed.REPORT, on) for on in month_ends(loan.start, loan.end)),
        *((Owed.APPRAISAL, on) for on in loan.appraised_on),
        (Owed.RETURN, loan.end),
    ]


def not_free(loan: Loan, others: Iterable[OtherLoan], away: Iterable[tuple[date, date]], today: date) -> list[Finding]:
    """G21: the person is on no other loan, at work on the first day, and that day has come. `away`: until, excluded."""
    found = [
        error(
            "collaborations.on_loan_elsewhere", "form.F19", person=loan.person.name, number=other.number,
            start=other.start.isoformat(), end=other.end.isoformat(),
        )
        for other in others
        if other.overlaps(loan.start, loan.end)
    ]  # fmt: skip
    begins = max(loan.start, today)
    for since, until in away:
        if since <= begins < until:
            said = {"person": loan.person.name, "until": (until - timedelta(days=1)).isoformat()}
            found.append(error("collaborations.lent_person_away", "form.F19", **said))
    if today < loan.start:
        found.append(error("collaborations.loan_not_begun", "form.F19", start=loan.start.isoformat()))
    return found


def not_over(loan: Loan, today: date) -> list[Finding]:
    """The work of a loan is over when its last day is (G23)."""
    if today > loan.end:
        return []
    return [error("collaborations.loan_not_over", "form.F19", person=loan.person.name, end=loan.end.isoformat())]


def judged(body: Body) -> list[CriterionLine]:
    """What acceptance judges of a loan: each duty, and each standard of the appraisal."""
    return [
        CriterionLine(row=f"{part}-{text(row, 'id')}", item=text(row, "text"), test="", department=None, due=None)
        for part in ("duties", "standards")
        for row in rows(body, part)
    ]
