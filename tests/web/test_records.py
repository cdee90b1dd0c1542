import re

import pytest
from django.test import Client

from bihuan.approvals.operations import SlotSpec, open_signoff
from bihuan.kernel import principals
from bihuan.records import operations, registry
from bihuan.records.models import Record, Version
from tests.records.cast import AT, ROOT, Cast, everything, make_cast
from tests.records.sample import SAMPLE

GOOD = {
    "title": "New form", "goal": "First line\nsecond line", "cost": "15万", "is_urgent": "true", "mode": "TALKS",
    "metrics.0.id": "a1", "metrics.0.name": "Sales", "metrics.0.target": "1", "metrics.0.budget": "5万",
    "metrics.1.id": "", "metrics.1.name": "",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def sample_form():
    registry.register(SAMPLE)
    yield
    registry.unregister("T01")


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def signed_in(person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def filler(cast) -> Client:
    return signed_in(cast.filler)


@pytest.fixture
def record(cast):
    return cast.start()


def posted(record, **changes):
    return {"revision": str(Record.objects.get(pk=record.pk).revision), "typed": "1", **GOOD, **changes}


def text_of(response) -> str:
    return response.content.decode()


def submitted(cast):
    body = {"title": "New form", "goal": "First line\nsecond line", "cost": "15万", "share": "15%"}
    record = cast.start(**body, metrics=[{"id": "a1", "name": "Sales", "target": "1"}])
    cast.submit(record)
    return Record.objects.get(pk=record.pk)


def test_the_form_shows_every_field_and_what_is_missing(filler, record):
    page = text_of(filler.get(f"/records/{record.pk}/edit"))
    for field in SAMPLE.form.fields():
        assert str(field.label) in page
    assert 'href="#f-title"' in page
    assert "This is not filled in yet." in page
    assert 'name="revision" value="1"' in page


def test_what_waits_to_be_filled_in_is_listed_in_red_only_once_it_was_refused(filler, record):
    page = text_of(filler.get(f"/records/{record.pk}/edit"))
    assert ("still to fill in" in page, "to mend" in page, "has-error" in page) == (True, False, False)
    typed = text_of(filler.post(f"/records/{record.pk}/draft", posted(record, title=" ", people="0"), headers=HTMX))
    assert ("1 still to fill in" in typed, "1 thing to mend" in typed) == (True, True)
    refused = text_of(filler.post(f"/records/{record.pk}/submit", posted(record, title=" ")))
    assert ("still to fill in" in refused, "1 thing to mend" in refused) == (False, True)
    assert refused.count("has-error") == 1


def test_typing_saves_and_answers_with_the_findings_and_the_new_revision(filler, record):
    response = filler.post(f"/records/{record.pk}/draft", posted(record, people="0"), headers=HTMX)

    assert response.status_code == 200
    assert response["X-Revision"] == "2"
    assert "“0” is below 1." in text_of(response)
    assert "<html" not in text_of(response)
    stored = Record.objects.get(pk=record.pk)
    assert (stored.draft["cost"], stored.draft["people"]) == ("15万", "0")
    assert stored.draft["metrics"] == [
        {"id": "a1", "name": "Sales", "target": "1", "budget": "5万", "owner__text": ""}
    ] or (stored.draft["metrics"] == [{"id": "a1", "name": "Sales", "target": "1", "budget": "5万"}])


def test_without_javascript_the_button_saves_and_shows_the_form_again(filler, record):
    response = filler.post(f"/records/{record.pk}/draft", posted(record))
    assert (response.status_code, response["Location"]) == (303, f"/records/{record.pk}/edit")
    page = text_of(filler.get(response["Location"]))
    assert 'value="15万"' in page
    assert "The draft is saved." in page


def test_a_name_nobody_bears_stays_in_the_picker(filler, record):
    filler.post(f"/records/{record.pk}/draft", posted(record, lead="", lead__text="王小明"))
    page = text_of(filler.get(f"/records/{record.pk}/edit"))
    assert 'name="lead__text" value="王小明"' in page
    assert "“王小明” is nobody active in the directory." in page


def test_a_stale_save_is_told_and_keeps_both_texts(filler, cast, record):
    cast.save(record, title="first")
    before = everything()

    small = filler.post(f"/records/{record.pk}/draft", {**GOOD, "revision": "1", "typed": "1"}, headers=HTMX)
    whole = filler.post(f"/records/{record.pk}/draft", {**GOOD, "revision": "1", "typed": "1"})

    assert (small.status_code, whole.status_code) == (409, 409)
    assert "周明 saved this form at 2026-11-17 10:00 while you were typing." in text_of(small)
    assert "X-Revision" not in small
    assert ">New form</textarea>" in text_of(whole)
    assert everything() == before
    knowingly = filler.post(f"/records/{record.pk}/draft", {**GOOD, "revision": "1", "typed": "1", "over": "2"})
    assert knowingly.status_code == 303
    assert Record.objects.get(pk=record.pk).draft["title"] == "New form"


def test_submitting_goes_to_the_record(filler, record):
    response = filler.post(f"/records/{record.pk}/submit", posted(record))

    assert (response.status_code, response["Location"]) == (302, f"/records/{record.pk}")
    version = Version.objects.get()
    assert (version.data["cost"], version.data["is_urgent"]) == ("150000.00", True)
    assert Record.objects.get(pk=record.pk).number == "T-2026-0001"


def test_a_retried_submit_is_answered_like_the_first_and_writes_nothing(filler, record):
    data = posted(record)
    filler.post(f"/records/{record.pk}/submit", data)
    before = everything()

    again = filler.post(f"/records/{record.pk}/submit", data)

    assert (again.status_code, again["Location"]) == (303, f"/records/{record.pk}")
    assert everything() == before


def test_a_refused_submit_keeps_everything_typed(filler, record):
    response = filler.post(
        f"/records/{record.pk}/submit", posted(record, title="", due_on="2023-14-05", goal="尽快<b>做完</b>")
    )

    page = text_of(response)
    assert response.status_code == 422
    assert 'value="2023-14-05"' in page
    assert "尽快&lt;b&gt;做完&lt;/b&gt;" in page
    assert "“2023-14-05” is not a date." in page
    assert "Vague words: 尽快." in page
    assert 'name="revision" value="2"' in page
    assert Version.objects.count() == 0
    assert Record.objects.get(pk=record.pk).draft["due_on"] == "2023-14-05"


def test_a_reader_sees_the_frozen_text_as_a_sheet(cast):
    record = submitted(cast)
    page = text_of(signed_in(cast.colleague).get(f"/records/{record.pk}"))

    assert "T-2026-0001" in page
    assert "First line\nsecond line" in page
    assert "¥150,000.00" in page
    assert "15%" in page
    assert record.current_version.digest in page
    assert "<input" not in re.sub(r"(?s)<(nav|dialog|header)\b.*?</\1>", "", page.split("<main")[1].split("</main>")[0])
    assert "/edit" not in page


def test_a_signed_version_is_shown_from_its_frozen_text_only(cast):
    record = submitted(cast)
    operations.return_to_draft(record, reason="x", actor=cast.actor("colleague"), at=AT)
    Record.objects.filter(pk=record.pk).update(draft={"title": "Secret new draft"})
    for address in (f"/records/{record.pk}", f"/records/{record.pk}/print", f"/records/{record.pk}/versions/1"):
        page = text_of(signed_in(cast.colleague).get(address))
        assert "New form" in page
        assert "Secret new draft" not in page


def test_signatures_stand_on_page_and_print(cast):
    record = submitted(cast)
    slot = SlotSpec(
        key="head", principal=principals.person(cast.colleague.pk), label="Head of marketing",
        digest=record.current_version.digest,
    )  # fmt: skip
    open_signoff(
        "OPINIONS", subject=record.subject, root=ROOT, scope_id=cast.scope_id, digest=record.current_version.digest,
        author_id=cast.filler.pk, slots=[slot], actor=cast.actor("filler"), at=AT,
    )  # fmt: skip
    for address in (f"/records/{record.pk}", f"/records/{record.pk}/print"):
        assert "Head of marketing" in text_of(signed_in(cast.colleague).get(address))


def test_the_print_view_has_no_navigation(cast):
    record = submitted(cast)
    page = text_of(signed_in(cast.colleague).get(f"/records/{record.pk}/print"))
    assert record.current_version.digest in page
    assert "<nav" not in page
    assert "<form" not in page


def test_a_version_shows_what_it_changed(cast):
    record = submitted(cast)
    returned = operations.return_to_draft(record, reason="x", actor=cast.actor("colleague"), at=AT)
    changed = returned.draft | {"title": "Better", "metrics": [{"id": "b2", "name": "Cost", "target": "2"}]}
    cast.submit(cast.save(returned, **changed))

    client = signed_in(cast.colleague)
    new, old = (
        text_of(client.get(f"/records/{record.pk}/versions/2")),
        text_of(client.get(f"/records/{record.pk}/versions/1")),
    )

    assert "<del>New form</del>" in new
    assert "<ins>Better</ins>" in new
    assert "<strong>Metrics 1</strong>" in new
    assert "This is an older version." in old
    assert 'id="changes"' not in old


def test_what_one_may_not_see_does_not_exist(cast, record):
    sent = submitted(cast)
    stranger, colleague = signed_in(cast.stranger), signed_in(cast.colleague)
    missing = stranger.get("/records/999999").content
    for address in ("", "/edit", "/print", "/versions/1"):
        response = stranger.get(f"/records/{sent.pk}{address}")
        assert (response.status_code, response.content) == (404, missing)
        assert colleague.get(f"/records/{record.pk}{address}").status_code == 404
    before = everything()
    for client, target in ((stranger, sent), (colleague, record)):
        for act in ("draft", "submit", "discard"):
            assert client.post(f"/records/{target.pk}/{act}", posted(target)).status_code == 404
    assert everything() == before


def test_a_reader_cannot_change_what_he_may_read(cast):
    record = submitted(cast)
    operations.return_to_draft(record, reason="x", actor=cast.actor("colleague"), at=AT)
    colleague = signed_in(cast.colleague)
    before = everything()
    assert colleague.get(f"/records/{record.pk}/edit").status_code == 403
    assert colleague.post(f"/records/{record.pk}/draft", posted(record)).status_code == 403
    assert colleague.post(f"/records/{record.pk}/submit", posted(record)).status_code == 403
    assert everything() == before


def test_a_post_cannot_set_what_belongs_to_the_record(filler, record):
    extra = {"status": "APPROVED", "number": "X-1", "filler": "1", "total": "9", "metrics.0.reached": "true"}
    filler.post(f"/records/{record.pk}/submit", posted(record, **extra))
    stored = Record.objects.get(pk=record.pk)
    assert (stored.status, stored.number) == ("SUBMITTED", "T-2026-0001")
    assert stored.current_version.data["total"] == "50000.00"


def test_a_draft_can_be_thrown_away(filler, record):
    response = filler.post(f"/records/{record.pk}/discard", {"revision": "1"})
    assert response.status_code == 302
    assert Record.objects.count() == 0


def test_reading_a_draft_leads_to_the_form(filler, record):
    assert filler.get(f"/records/{record.pk}")["Location"] == f"/records/{record.pk}/edit"
    assert filler.get(f"/records/{record.pk}/print").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_saving_costs_the_same_queries_for_one_row_and_for_three(filler, record, rows, django_assert_max_num_queries):
    data = posted(record)
    for index in range(rows):
        data |= {f"metrics.{index}.name": "A", f"metrics.{index}.target": "1", f"metrics.{index}.id": f"r{index}"}
    with django_assert_max_num_queries(22):
        assert filler.post(f"/records/{record.pk}/draft", data, headers=HTMX).status_code == 200
