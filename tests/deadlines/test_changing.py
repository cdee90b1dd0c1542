"""Many rows are written in one go, and only as they were seen."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.deadlines.errors import DeadlineStale
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.changing import write_many
from bihuan.kernel.subjects import SubjectRef
from tests.deadlines.running import begin, instant
from tests.witness import refused


def test_rows_with_other_values_each_are_written_by_one_statement_or_not_at_all(cast):
    rows = [begin(cast, subject=SubjectRef("signoff", number)) for number in range(1, 4)]
    for number, row in enumerate(rows, 1):
        row.due_at = instant(f"2026-12-0{number} 18:00")
    with CaptureQueriesContext(connection) as asked:
        write_many(rows, {"due_at"})
    assert len(asked) == 1
    found = Deadline.objects.order_by("pk").values_list("due_at", "revision")
    assert list(found) == [(row.due_at, 1) for row in rows]
    Deadline.objects.filter(pk=rows[1].pk).update(revision=7)
    for row in rows:
        row.due_at = instant("2027-01-04 18:00")
    with refused(DeadlineStale):
        write_many(rows, {"due_at"})
