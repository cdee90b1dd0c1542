"""Loans of people: what the secondment of a matter says, and where else somebody is lent."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.collaborations.policy.secondment import Loan, OtherLoan, loan_of
from bihuan.collaborations.queries.steps import plan_of
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import queries as records
from bihuan.records.models import Record, Version

SECONDMENT, AGREED = "F19", "RESOURCE"


def secondment_of(root: SubjectRef) -> Version | None:
    return records.latest(root, SECONDMENT)


def loan_in(collaboration: Collaboration) -> Loan | None:
    """The loan as last submitted in the matter; None where nobody is lent. One query, none where nobody can be."""
    if not plan_of(collaboration).asks_for(SECONDMENT):
        return None
    version = secondment_of(SubjectRef("collaboration", collaboration.pk))
    return loan_of(version.data) if version is not None else None


def loans_in(collaboration_ids: Iterable[int]) -> dict[int, Loan]:
    """By matter, the loan as last submitted in it. One query."""
    return dict(_submitted_in(list(collaboration_ids)))


def _submitted_in(collaborations: list[int] | QuerySet[Any, Any]) -> Iterator[tuple[int, Loan]]:
    """Every loan submitted in one of the matters, with it. One query."""
    rows = Record.objects.filter(
        form_code=SECONDMENT, root_kind="collaboration", root_id__in=collaborations, current_version__isnull=False
    )
    for row in rows.select_related("current_version").order_by("pk"):
        loan = loan_of(row.current_version.data) if row.current_version is not None else None
        if loan is not None:
            yield row.root_id, loan


def other_loans(person_id: int, *, besides: Collaboration) -> tuple[OtherLoan, ...]:
    """Loans of the person in running matters whose parties had all agreed before those of this matter. Two queries.

    Of two that were agreed to, the one whose step of resources began first stands; the other waits for its end.
    """
    agreed = StepRun.objects.filter(step=AGREED, round=1)
    mine = agreed.filter(collaboration=besides).values_list("pk", flat=True).first()
    first = agreed if mine is None else agreed.filter(pk__lt=mine)
    running = Collaboration.objects.filter(ended_at__isnull=True, step_runs__in=first).exclude(pk=besides.pk)
    return _loans_in(running, person_id)


def every_loan(person_id: int, *, besides: Collaboration) -> tuple[OtherLoan, ...]:
    """Loans of the person in whatever matters, ended ones too, whose parties had all agreed. Two queries."""
    agreed = StepRun.objects.filter(step=AGREED, round=1)
    return _loans_in(Collaboration.objects.filter(step_runs__in=agreed).exclude(pk=besides.pk), person_id)


def _loans_in(matters: QuerySet[Collaboration], person_id: int) -> tuple[OtherLoan, ...]:
    numbers = dict(matters.values_list("pk", "number"))
    return tuple(
        OtherLoan(numbers.get(root_id) or "", loan.start, loan.end)
        for root_id, loan in _submitted_in(matters.values("pk"))
        if loan.person.id == person_id
    )
