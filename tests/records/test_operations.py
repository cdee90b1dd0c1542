import json

import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.ledger.models import EntryBody
from bihuan.records import operations, queries
from bihuan.records.enums import Status
from bihuan.records.errors import DraftChanged, NotADraft, NotTheFiller
from bihuan.records.models import Counter, Record, Version
from tests.records.cast import AT, ROOT, everything, facts

GOOD = {"title": "New form", "metrics": [{"name": "Sales", "target": "1", "budget": "5万"}]}


def last_fact():
    return json.loads(EntryBody.objects.latest("pk").body)


def test_starting_a_draft_prefills_it_and_keeps_the_department(cast):
    record = cast.start(title="typed")

    stored = Record.objects.get(pk=record.pk)
    assert stored.draft == {"mode": "TALKS", "title": "typed"}
    assert (stored.status, stored.number, stored.revision) == (Status.DRAFT, "", 1)
    assert (stored.filler, stored.department) == (cast.filler, cast.market)
    assert (stored.root, stored.scope_id) == (ROOT, cast.scope_id)
    assert facts() == ["records.record.started"]
    assert last_fact() == {"form_code": "T01", "record_id": record.pk}


def test_the_machine_fills_in_no_form(cast):
    with pytest.raises(NotAllowed):
        operations.start_draft("T01", root=ROOT, scope_id=cast.scope_id, actor=SYSTEM, at=AT)
    assert everything() == [[], [], [], []]


def test_nobody_fills_in_a_form_for_a_department_that_is_not_his(cast):
    with pytest.raises(NotAllowed):
        operations.start_draft(
            "T01", root=ROOT, scope_id=cast.scope_id, actor=cast.actor("stranger"), at=AT, department_id=cast.market.pk
        )
    assert everything() == [[], [], [], []]


def test_a_draft_keeps_what_was_typed_as_it_was_typed(cast):
    record = cast.start()
    typed = {"title": "a\x00b\ud800 =1+1 \u202e<b>𠮷", "cost": "5.5 万元", "due_on": "尽快", "people": "many"}

    saved = cast.save(record, **typed)

    assert saved.draft == typed
    assert saved.revision == 2
    assert facts() == ["records.record.started"]


def test_rows_get_ids_and_blank_ones_are_not_kept(cast):
    saved = cast.save(cast.start(), metrics=[{"name": "A"}, {"id": "", "name": " "}, {"id": "b2", "name": "B"}])

    assert [row["name"] for row in saved.draft["metrics"]] == ["A", "B"]
    assert len(saved.draft["metrics"][0]["id"]) == 8
    assert saved.draft["metrics"][1]["id"] == "b2"


def test_a_name_typed_without_a_pick_becomes_the_person(cast):
    saved = cast.save(
        cast.start(), lead="", lead__text=" 王敏 ", metrics=[{"name": "A", "owner": "", "owner__text": "Nobody"}]
    )

    assert saved.draft["lead"] == cast.colleague.pk
    assert "lead__text" not in saved.draft
    assert saved.draft["metrics"][0]["owner__text"] == "Nobody"


def test_a_changed_name_wins_over_the_id_of_the_page_before(cast):
    saved = cast.save(cast.start(), lead=str(cast.filler.pk), lead__text="王敏")
    assert saved.draft["lead"] == cast.colleague.pk
    saved = cast.save(saved, lead=str(cast.filler.pk), lead__text="周明")
    assert saved.draft == {"lead": str(cast.filler.pk)}
    saved = cast.save(saved, lead=str(cast.filler.pk), lead__text="")
    assert saved.draft == {"lead": ""}


def test_two_people_of_one_name_are_not_guessed(cast):
    type(cast.filler).objects.create(username="other", name="王敏")
    saved = cast.save(cast.start(), lead="", lead__text="王敏")
    assert saved.draft == {"lead": "", "lead__text": "王敏"}


def test_the_second_who_saves_is_told_and_the_first_text_stays(cast):
    record = cast.start()
    cast.save(record, title="first")
    before = everything()

    with pytest.raises(DraftChanged) as stale:
        cast.save(record, title="second")

    assert stale.value.params == {"who": "周明", "at": "2026-11-17 10:00"}
    assert everything() == before


@pytest.mark.parametrize(
    "body", [{"status": "APPROVED"}, {"total": "1"}, {"metrics": [{"reached": True}]}, {"metrics": "x"}]
)
def test_fields_that_are_not_to_be_filled_in_are_refused(cast, body):
    record = cast.start()
    before = everything()

    with pytest.raises(Refused):
        cast.save(record, **body)

    assert everything() == before


def test_only_the_filler_saves_submits_discards_and_withdraws(cast):
    record = cast.start(**GOOD)
    before = everything()
    actor = cast.actor("colleague")

    for act in (
        lambda: cast.save(record, part="colleague", title="x"),
        lambda: cast.submit(record, part="colleague"),
        lambda: operations.discard_draft(record, seen_revision=1, actor=actor, at=AT),
        lambda: operations.withdraw(record, reason="x", actor=actor, at=AT),
    ):
        with pytest.raises(NotTheFiller):
            act()

    assert everything() == before


def test_submitting_freezes_numbers_and_tells(cast):
    record = cast.start(**GOOD)

    version = cast.submit(record)

    stored = Record.objects.get(pk=record.pk)
    assert (stored.status, stored.number, stored.revision) == (Status.SUBMITTED, "T-2026-0001", 2)
    assert stored.current_version == version
    assert version.data["title"] == "New form"
    assert version.data["total"] == "50000.00"
    assert version.digest == digest(version.data)
    row = version.data["metrics"][0]
    assert row["reached"] is True
    assert version.parts == {f"metrics/{row['id']}": digest(row)}
    assert facts() == ["records.record.started", "records.record.submitted"]
    assert last_fact() == {
        "form_code": "T01", "record_id": record.pk, "version": 1, "number": "T-2026-0001", "digest": version.digest,
        "parts": version.parts,
    }  # fmt: skip


def test_a_refused_form_writes_nothing_and_uses_up_no_number(cast):
    record = cast.start(title="", metrics=[{"name": "A", "target": "much"}])
    before = everything()

    with pytest.raises(Refused) as refused:
        cast.submit(record)

    assert [(finding.code, finding.place) for finding in refused.value.findings] == [
        ("records.required", "title"),
        ("records.not_a_number", "metrics.0.target"),
    ]
    assert everything() == before
    cast.submit(cast.save(record, **GOOD))
    assert Counter.objects.get().last == 1


def test_the_owning_room_can_refuse(cast):
    record = cast.start(title="refuse me")
    with pytest.raises(Refused):
        cast.submit(record)
    assert Version.objects.count() == 0


def test_a_warning_does_not_hold_a_form_back(cast):
    version = cast.submit(cast.start(title="Improve roughly"))
    assert version.version == 1


def test_a_form_is_submitted_once(cast):
    record = cast.start(**GOOD)
    cast.submit(record)
    before = everything()

    for act in (lambda: cast.submit(record), lambda: cast.save(record, seen=2, title="late")):
        with pytest.raises(NotADraft):
            act()

    assert everything() == before


def test_a_returned_form_starts_from_the_frozen_text_and_keeps_its_number(cast):
    record = cast.start(**GOOD, lead=cast.filler.pk)
    first = cast.submit(record)

    returned = operations.return_to_draft(record, reason="Add a target.\x00", actor=cast.actor("colleague"), at=AT)

    assert (returned.status, returned.draft["title"], returned.draft["lead"]) == (
        Status.RETURNED, "New form", cast.filler.pk,
    )  # fmt: skip
    assert "total" not in returned.draft
    assert last_fact() == {
        "form_code": "T01", "record_id": record.pk, "number": "T-2026-0001", "version": 1, "reason": "Add a target.",
    }  # fmt: skip
    second = cast.submit(cast.save(returned, **{**returned.draft, "title": "Better"}))
    assert (second.version, second.record.number) == (2, "T-2026-0001")
    assert second.parts == first.parts
    assert second.digest != first.digest
    assert Version.objects.get(pk=first.pk).data["title"] == "New form"


def test_only_what_stands_can_be_returned(cast):
    record = cast.start(**GOOD)
    with pytest.raises(NotADraft):
        operations.return_to_draft(record, reason="x", actor=cast.actor("filler"), at=AT)
    assert facts() == ["records.record.started"]


def test_a_record_is_settled_once_per_status(cast):
    record = cast.start(**GOOD)
    cast.submit(record)
    actor = cast.actor("colleague")

    operations.settle(record, status=Status.IN_REVIEW, actor=actor, at=AT)
    operations.settle(record, status=Status.APPROVED, actor=actor, at=AT)
    operations.settle(record, status=Status.APPROVED, actor=actor, at=AT)

    assert Record.objects.get(pk=record.pk).status == Status.APPROVED
    assert facts()[2:] == ["records.record.settled", "records.record.settled"]
    assert last_fact()["before"] == "IN_REVIEW"
    with pytest.raises(NotADraft):
        operations.settle(record, status=Status.REJECTED, actor=actor, at=AT)


def test_a_withdrawn_number_is_not_given_again(cast):
    record = cast.start(**GOOD)
    cast.submit(record)

    withdrawn = operations.withdraw(record, reason="Not needed.", actor=cast.actor("filler"), at=AT)

    assert withdrawn.status == Status.WITHDRAWN
    assert last_fact()["reason"] == "Not needed."
    assert cast.submit(cast.start(**GOOD)).record.number == "T-2026-0002"


def test_a_superseded_record_names_the_one_in_its_place(cast):
    old, new = cast.start(**GOOD), cast.start(**GOOD)
    cast.submit(old)

    ended = operations.supersede(old, by=new, actor=cast.actor("filler"), at=AT)

    assert ended.status == Status.SUPERSEDED
    assert last_fact()["by_record_id"] == new.pk


def test_a_draft_can_be_thrown_away_and_a_submitted_form_cannot(cast):
    draft, sent = cast.start(), cast.start(**GOOD)
    cast.submit(sent)

    operations.discard_draft(draft, seen_revision=1, actor=cast.actor("filler"), at=AT)

    assert list(Record.objects.all()) == [sent]
    assert last_fact() == {"form_code": "T01", "record_id": draft.pk}
    with pytest.raises(NotADraft):
        operations.discard_draft(sent, seen_revision=2, actor=cast.actor("filler"), at=AT)


def test_series_count_for_themselves(db):
    assert [operations.allot("a", at=AT), operations.allot("a", at=AT), operations.allot("b", at=AT)] == [1, 2, 1]


def test_history_tells_what_each_version_changed(cast):
    record = cast.start(**GOOD)
    cast.submit(record)
    returned = operations.return_to_draft(record, reason="x", actor=cast.actor("colleague"), at=AT)
    cast.submit(cast.save(returned, **{**returned.draft, "title": "Better"}))

    steps = queries.history(Record.objects.get(pk=record.pk))

    assert [(step.version.version, [change.place for change in step.changes]) for step in steps] == [
        (2, ["title"]),
        (1, []),
    ]
