"""Small writes that every step of an import shares."""

from collections.abc import Iterable
from datetime import datetime

from bihuan.integrations.models import ImportProblem, ImportRun
from bihuan.integrations.neutral.problems import SHOWN, Problem
from bihuan.kernel.actor import Actor
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger

MOST_KEPT = 20_000


def record_about(run: ImportRun, fact: Fact, *, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=SubjectRef("import", run.pk), scope_id=None, at=at)


def keep_problems(run: ImportRun, problems: Iterable[Problem]) -> None:
    """Of very many the first MOST_KEPT are kept and all are counted."""
    listed = list(problems)
    room = max(0, MOST_KEPT - run.problem_count)
    ImportProblem.objects.bulk_create(row_of(run, problem) for problem in listed[:room])
    run.problem_count += len(listed)
    run.save(update_fields=["problem_count"])


def row_of(run: ImportRun, problem: Problem) -> ImportProblem:
    return ImportProblem(
        run=run,
        file=problem.file[:300],
        line=problem.line,
        row=problem.row[: SHOWN + 1],
        field=problem.field[: SHOWN + 1],
        value=problem.value[: SHOWN + 1],
        code=problem.code,
        params=dict(problem.params),
        severity=problem.severity.value,
    )
