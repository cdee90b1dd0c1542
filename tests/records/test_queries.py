import pytest

from bihuan.kernel.errors import NotFound
from bihuan.records import operations, queries
from bihuan.records.operations import fresh
from tests.records.cast import AT, ROOT
from tests.records.test_operations import GOOD


def see(cast, part, record):
    return queries.record_for(cast.actor(part), record.pk, at=AT)


def test_a_draft_is_open_to_its_filler_only(cast):
    record = cast.start()
    assert see(cast, "filler", record) == record
    for part in ("colleague", "stranger"):
        with pytest.raises(NotFound):
            see(cast, part, record)


def test_a_submitted_record_is_open_to_the_scope_only(cast):
    record = cast.start(**GOOD)
    cast.submit(record)
    assert see(cast, "colleague", record) == record
    with pytest.raises(NotFound):
        see(cast, "stranger", record)


def test_lists_follow_the_same_rule_as_single_records(cast):
    draft, sent = cast.start(), cast.start(**GOOD)
    cast.submit(sent)
    assert list(queries.records_of(ROOT, actor=cast.actor("filler"), at=AT)) == [draft, sent]
    assert list(queries.records_of(ROOT, actor=cast.actor("colleague"), at=AT)) == [sent]
    assert list(queries.records_of(ROOT, actor=cast.actor("stranger"), at=AT)) == []


def test_drafts_of_a_person_are_what_is_being_filled_in(cast):
    draft, sent = cast.start(), cast.start(**GOOD)
    cast.submit(sent)
    assert list(queries.drafts_of(cast.actor("filler"), at=AT)) == [draft]
    operations.return_to_draft(sent, reason="x", actor=cast.actor("colleague"), at=AT)
    assert set(queries.drafts_of(cast.actor("filler"), at=AT)) == {draft, sent}


def test_the_latest_version_is_that_of_a_record_that_stands(cast):
    assert queries.latest(ROOT, "T01") is None
    assert queries.settled_forms(ROOT, ["T01"]) == set()
    record = cast.start(**GOOD)
    assert queries.record_of(ROOT, "T01") == record
    version = cast.submit(record)
    assert queries.latest(ROOT, "T01") == version
    assert queries.settled_forms(ROOT, ["T01", "T02"]) == {"T01"}
    operations.withdraw(fresh(record), reason="x", actor=cast.actor("filler"), at=AT)
    assert queries.latest(ROOT, "T01") is None
    assert queries.record_of(ROOT, "T01") is None


def test_findings_cost_the_same_queries_for_one_row_and_for_three(cast, django_assert_num_queries):
    record = see(cast, "filler", cast.start())
    rows = [{"id": str(n), "name": "A", "target": "1", "owner": cast.filler.pk} for n in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(1):
            assert queries.findings_of(record, {"title": "t", "metrics": rows[:count]}, at=AT) == []


def test_an_inactive_person_cannot_be_named(cast):
    type(cast.filler).objects.filter(pk=cast.colleague.pk).update(is_active=False)
    found = queries.findings_of(cast.start(), {"title": "t", "lead": cast.colleague.pk}, at=AT)
    assert [(finding.code, finding.place) for finding in found] == [("records.unknown_person", "lead")]
