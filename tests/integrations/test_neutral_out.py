"""Everything a person may see goes out, and comes in again as it was."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bihuan.cli.main import main
from bihuan.collaborations.models import Collaboration
from bihuan.documents.formulas import guarded, unguarded
from bihuan.files import operations as files
from bihuan.files import queries as file_queries
from bihuan.files.models import Parcel
from bihuan.integrations.neutral.run import run_import
from bihuan.integrations.neutral_out import gathering, packing
from bihuan.integrations.neutral_out.run import ask_for_export, carry_on, export_to
from bihuan.integrations.neutral_out.sheets import TooLongForSheet, csv_lines, write_xlsx
from bihuan.kernel.actor import SYSTEM, Actor, ActorKind
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.kernel.sentences import explain
from bihuan.organisation.queries import day_of
from bihuan.outbox import operations as outbox
from tests.integrations.folders import matter, write
from tests.witness import facts_since, last_entry, refused

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＋1", "'=1", "''=1")


def reader(person_id: int | None = None) -> Actor:
    return Actor(ActorKind.PERSON, person_id, "reader", frozenset({"g:pmo", "all"}))


def exported(folder: Path, at: Any) -> dict[str, Any]:
    """The files of an export, by name."""
    export_to(folder, form="json", actor=reader(), at=at)
    return {
        path.name: json.loads(path.read_text()) if path.suffix == ".json" else path.read_text().splitlines()
        for path in folder.iterdir()
    }


@pytest.mark.django_db
def test_what_came_in_goes_out_as_it_came(tmp_path: Path, at: Any) -> None:
    given = [matter(title=title, id=f"acme/{title}") for title in FORMULAS]
    run_import(write(tmp_path / "in", given), at=at)
    out = exported(tmp_path / "out", at)
    assert [json.loads(line) for line in out["collaborations.jsonl"]] == given
    assert run_import(tmp_path / "out", at=at).counts["collaborations"]["unchanged"] == len(given)


def test_of_what_was_begun_here_the_shape_takes_the_part_it_knows(campaign: Any, tmp_path: Path) -> None:
    campaign.carry_to("EXECUTE")
    (line,) = exported(tmp_path / "out", campaign.at)["collaborations.jsonl"]
    body = json.loads(line)
    matter_now = campaign.refreshed()
    assert (body["id"], body["number"], body["title"], body["status"]) == (
        f"bihuan/matter/{matter_now.pk}", matter_now.number, matter_now.title, "EXECUTE",
    )  # fmt: skip
    assert body["owners"] == [f"bihuan/person/{campaign.company.lead.pk}"]
    assert len(body["participating_departments"]) == 3
    assert [each["name"] for each in body["milestones"]] == [each.name for each in matter_now.milestones.all()]


@pytest.mark.django_db
def test_an_export_of_this_company_comes_into_an_empty_one_and_goes_out_equal(tmp_path: Path, at: Any) -> None:
    from tests.campaign import Campaign, operations
    from tests.cast import make_company

    with transaction.atomic():
        operations.publish_shipped_playbooks(at=at)
        begun = Campaign.begin(make_company(at), at)
        begun.request()
        first = exported(tmp_path / "first", begun.at)
        transaction.set_rollback(True)
    assert not Collaboration.objects.exists()
    run_import(tmp_path / "first", at=at)
    assert exported(tmp_path / "second", at) == first


@pytest.mark.django_db
def test_nobody_takes_along_what_he_may_not_read(tmp_path: Path, at: Any) -> None:
    run_import(write(tmp_path / "in", [matter()]), at=at)
    stranger = Actor(ActorKind.PERSON, None, "stranger", frozenset({"p:999"}))
    assert gathering.matters(stranger, at=at) == gathering.Batch([], 0, 0)
    assert gathering.count_of(stranger, at=at) == 0


@pytest.mark.django_db
def test_workbooks_and_tables_hold_every_row_as_text_and_come_in_again(tmp_path: Path, at: Any) -> None:
    given = [matter(title=title, id=f"acme/{n}", number=str(n)) for n, title in enumerate(FORMULAS)]
    run_import(write(tmp_path / "in", given), at=at)
    export_to(tmp_path / "out.xlsx", form="xlsx", actor=reader(), at=at)
    book = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx"))
    sheet = book.get_sheet_by_name("collaborations").to_python()
    at_title = sheet[0].index("title")
    # a workbook itself takes a lone \r for a line break
    assert [str(row[at_title]).replace("\n", "\r") for row in sheet[1:]] == list(FORMULAS)
    export_to(tmp_path / "out.zip", form="csv", actor=reader(), at=at)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        rows = list(csv.reader(io.StringIO(archive.read("collaborations.csv").decode("utf-8-sig"), newline="")))
    assert [unguarded(row[at_title]) for row in rows[1:]] == list(FORMULAS)
    assert all(row[at_title].startswith("'") for row in rows[1:])


@pytest.mark.django_db
def test_the_workbook_is_read_by_import_and_changes_only_how_a_line_is_written(tmp_path: Path, at: Any) -> None:
    run_import(write(tmp_path / "in", [matter()]), at=at)
    export_to(tmp_path / "out.xlsx", form="xlsx", actor=reader(), at=at)
    assert main(["import", str(tmp_path / "out.xlsx")]) == 0
    row = Collaboration.objects.get()
    assert (row.source_key, row.title, row.lead_department and row.lead_department.source_key) == (
        "acme/1", "Sell more", "acme/sales",
    )  # fmt: skip
    assert [each.name for each in row.milestones.all()] == ["alpha"]


@given(st.text(alphabet="'=+-@＝a \t"))
def test_the_guard_of_a_cell_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_csv_begins_with_a_mark_and_keeps_line_breaks() -> None:
    content = b"".join(csv_lines([["a"], ["x\ny"]]))
    assert content == b'\xef\xbb\xbfa\r\n"x\ny"\r\n'


def test_a_text_too_long_for_a_workbook_is_refused_not_cut(tmp_path: Path) -> None:
    with pytest.raises(TooLongForSheet):
        write_xlsx(tmp_path / "x.xlsx", [("long", [["x" * 40_000]])])


def drained(at: Any) -> None:
    while outbox.run_once(at=at):
        pass


def test_the_worker_puts_it_together_in_pieces_and_the_ledger_says_who_took_it(
    campaign: Any, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "BATCH", 2)
    for _ in range(4):
        type(campaign).begin(campaign.company, campaign.at)
    drained(campaign.at)
    client = client_for(campaign.company.lead)
    before = last_entry()
    assert client.post("/exports/ask", {"form": "json", "request_key": "k" * 16}).status_code == 302
    parcel = Parcel.objects.get()
    assert (parcel.owner, parcel.total, parcel.done, parcel.ended_at) == (campaign.company.lead, 5, 0, None)
    assert client.get(f"/exports/{parcel.pk}/file").status_code == 404
    assert "hx-trigger" in client.get("/exports/").content.decode()
    drained(parcel.asked_at)
    parcel.refresh_from_db()
    assert (parcel.done, parcel.ended_at is not None) == (5, True)
    (fact,) = facts_since(before, "integrations.export.made")
    assert fact == {"name": "integrations.export.made", "form": "json", "matters": 5, "lines": 5}
    content = client.get(f"/exports/{parcel.pk}/file").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.read("collaborations.jsonl").splitlines()) == 5
    other = client_for(campaign.company.outsider)
    assert other.get(f"/exports/{parcel.pk}/file").status_code == 404
    assert f"/exports/{parcel.pk}/" not in other.get("/exports/").content.decode()
    day = day_of(parcel.asked_at)
    campaign.company.lead.posts.update(starts_on=day - timedelta(days=1), ends_on=day)
    gone = client.get(f"/exports/{parcel.pk}/file")
    assert (gone.status_code, "职务已经结束" in gone.content.decode()) == (422, True)
    client.post("/exports/ask", {"form": "json", "request_key": "l" * 16})
    again = Parcel.objects.latest("pk")
    drained(again.asked_at)
    assert client.get(f"/exports/{again.pk}/file").status_code == 200


def test_a_piece_carried_out_twice_changes_nothing(campaign: Any) -> None:
    actor = campaign.actor("产品经理")
    parcel = ask_for_export(form="csv", actor=actor, at=campaign.at)
    payload = {"parcel": parcel.pk, "number": 0, "after": 0, "done": 0, "lines": 0}
    for _ in range(2):
        carry_on(payload, campaign.at, "")
    assert [path.name for path in file_queries.parts_of(parcel)] == ["000000-collaborations.jsonl", "org.json"]
    drained(campaign.at)
    before = last_entry()
    carry_on({**payload, "number": 1, "after": 10**9}, campaign.at, "")
    assert facts_since(before) == []


def test_an_unknown_form_and_one_who_is_nobody_are_refused(campaign: Any) -> None:
    with refused(Refused, "integrations.export_form") as caught:
        ask_for_export(form="pdf", actor=campaign.actor("产品经理"), at=campaign.at)
    assert "json, csv, xlsx" in explain(caught.value.findings[0]).mend
    with refused(NotAllowed):
        ask_for_export(form="json", actor=SYSTEM, at=campaign.at)


def test_a_leaver_gets_nothing_more(campaign: Any) -> None:
    parcel = ask_for_export(form="json", actor=campaign.actor("产品经理"), at=campaign.at)
    type(campaign.company.lead).objects.filter(pk=campaign.company.lead.pk).update(is_active=False)
    drained(campaign.at)
    parcel.refresh_from_db()
    assert (parcel.done, parcel.ended_at, file_queries.parts_of(parcel)) == (0, None, [])


@pytest.mark.django_db(transaction=True)
def test_old_parcels_are_thrown_away_with_their_files(at: Any) -> None:
    from tests.cast import make_company

    company = make_company(at)
    parcel = ask_for_export(form="json", actor=company.actor("产品经理"), at=at)
    drained(at)
    folder = file_queries.folder_of(parcel)
    assert folder.is_dir()
    assert files.throw_away(before=at) == 0
    assert files.throw_away(before=at + timedelta(seconds=1)) == 1
    assert (folder.exists(), Parcel.objects.exists()) == (False, False)
    with pytest.raises(NotFound):
        file_queries.parcel_for(company.actor("产品经理"), parcel.pk)


def test_the_command_line_exports_as_a_person_and_overwrites_nothing(
    campaign: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "all"
    assert main(["export", str(target), "--as", "lin", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(target), "form": "json", "matters": 1}
    assert {path.name for path in target.iterdir()} == {"org.json", "collaborations.jsonl"}
    assert main(["export", str(target), "--as", "lin"]) == 1
    assert "nothing is overwritten" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "x"), "--as", "nobody-here"]) == 1
    assert "Nobody has the account" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "x.xlsx"), "--as", "qian"]) == 0
    book = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx"))
    assert "collaborations" not in book.sheet_names


def test_the_api_asks_shows_and_hands_over(campaign: Any, client_for: Any) -> None:
    client = client_for(campaign.company.lead)
    headers = {"idempotency-key": "export-0001"}
    answer = client.post("/api/v1/exports", {"form": "xlsx"}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (201, "WAITING")
    pk = answer.json()["id"]
    drained(Parcel.objects.get().asked_at)
    (shown,) = client.get("/api/v1/exports").json()["items"]
    assert (shown["id"], shown["form"], shown["done"], shown["ended_at"] is not None) == (pk, "xlsx", 1, True)
    content = client.get(f"/api/v1/exports/{pk}/file").content
    assert "collaborations" in CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert client_for(campaign.company.outsider).get(f"/api/v1/exports/{pk}").status_code == 404


def test_every_file_of_the_shape_has_its_place() -> None:
    assert {packing.SUFFIX[form] for form in packing.FORMS} == {".zip", ".xlsx"}
    assert gathering.home_of({"raised": None}) == gathering.ACTIONS
    assert gathering.home_of({"name": "x"}) == gathering.PROGRAMMES
    assert gathering.home_of({"name": "x", "title": "y"}) == gathering.MATTERS
