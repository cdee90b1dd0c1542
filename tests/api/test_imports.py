"""Bringing data in by a program: handed in, mapped, checked, in, with its report, as on the pages."""

from base64 import b64encode
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from bihuan.api.imports import LARGEST
from bihuan.collaborations.models import Collaboration
from bihuan.integrations.models import ImportRun
from bihuan.outbox import operations as outbox
from tests.api.conftest import codes
from tests.integrations.books import write_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def administrator(program, playbooks, data_dir):
    return program("管理员")


@pytest.fixture
def book(tmp_path):
    return sent("company.xlsx", write_book(tmp_path / "company.xlsx").read_bytes())


def sent(name, content):
    return {"files": [{"name": name, "content": b64encode(content).decode()}]}


def table(rows):
    return sent("matters.csv", "\n".join(rows).encode())


def works(at):
    while outbox.run_once(at=at, limit=200):
        pass


def test_a_workbook_comes_in_step_by_step(administrator, book, at, data_dir):
    begun = administrator.post("/imports", book, key="import-company")
    assert (begun.status_code, begun.json()["state"]) == (201, "MAPPING")
    assert administrator.post("/imports", book, key="import-company").json() == begun.json()
    path = f"/imports/{begun.json()['id']}"
    shown = administrator.get(path).json()
    assert [sheet["table"] for sheet in shown["sheets"]] == ["departments", "people", "collaborations"]
    assert shown["begun_by"]["name"] == "高翔"

    checking = administrator.post(f"{path}/check", {"seen_revision": shown["revision"]}).json()
    assert checking["state"] == "CHECKING"
    works(at)
    checked = administrator.get(path).json()
    assert (checked["state"], checked["foreseen"]["collaborations"]["created"]) == ("CHECKED", 3)
    assert not Collaboration.objects.exists()

    market, technology = checked["matches"]
    assert [(each["name"], each["source_key"]) for each in checked["matches"]] == [("市场部", "D1"), ("技术部", "D2")]
    body = {"seen_revision": checked["revision"], "same": [market["id"], technology["id"]]}
    started = administrator.post(f"{path}/start", body).json()
    assert started["state"] == "RUNNING"
    works(at)
    done = administrator.get(path).json()
    assert (done["state"], done["counts"]["collaborations"]) == ("DONE", checked["foreseen"]["collaborations"])
    assert done["counts"]["departments"]["created"] == checked["foreseen"]["departments"]["created"] - 2
    assert [each["is_same"] for each in done["matches"]] == [True, True]
    assert Collaboration.objects.count() == 3
    remarks = administrator.get(f"{path}/remarks").json()["items"]
    assert len(remarks) == done["problem_count"]
    assert "2026年13月1日" in {each["value"] for each in remarks}
    single = [each for each in remarks if each["finding"]["code"] == "integrations.one_department"]
    assert administrator.get(f"{path}/remarks?code=integrations.one_department").json()["items"] == single != []
    report = CalamineWorkbook.from_filelike(BytesIO(administrator.get(f"{path}/report").content))
    assert len(report.sheet_names) == 5
    assert [each["id"] for each in administrator.get("/imports").json()["items"]] == [done["id"]]
    assert administrator.get(f"{path}/changes?before=5").json() == {"items": [], "next": None}


def test_columns_are_said_in_the_words_of_the_tables(administrator, refuses, at):
    known = {each["key"]: each for each in administrator.get("/imports/tables").json()["items"]}
    needed = [column["key"] for column in known["collaborations"]["columns"] if column["needed"]]
    assert needed == ["title"]
    begun = administrator.post("/imports", table(["甲,乙", "own-1,一件事"])).json()
    path, seen = f"/imports/{begun['id']}", begun["revision"]
    (sheet,) = administrator.get(path).json()["sheets"]
    assert (sheet["table"], [column["title"] for column in sheet["columns"]]) == ("", ["甲", "乙"])
    for sheets, code in (
        (None, "integrations.no_sheet_used"),
        ([], "integrations.mapping_misfits"),
        ([{"table": "collaborations", "fields": ["title"]}], "integrations.mapping_misfits"),
        ([{"table": "collaborations", "fields": ["id", "id"]}], "integrations.column_twice"),
        ([{"table": "dreams", "fields": ["id", "title"]}], "integrations.table_unknown"),
    ):
        answer = refuses(422, administrator.post, f"{path}/check", {"seen_revision": seen, "sheets": sheets})
        assert code in {each for each, _place in codes(answer)}
    said = [{"table": "collaborations", "fields": ["id", "title"]}]
    refuses(409, administrator.post, f"{path}/check", {"seen_revision": seen + 1, "sheets": said})
    assert administrator.post(f"{path}/check", {"seen_revision": seen, "sheets": said}).json()["state"] == "CHECKING"
    stopped = administrator.post(f"{path}/stop").json()
    assert (stopped["state"], administrator.get(path).json()["refusal"][0]["code"]) == (
        "MAPPING", "integrations.stopped_by_hand",
    )  # fmt: skip
    refuses(409, administrator.post, f"{path}/stop")
    works(at)
    assert ImportRun.objects.get().state == "MAPPING"


def test_departments_that_only_are_named_are_made_by_their_names(administrator, refuses, at):
    begun = administrator.post("/imports", table(["工号,姓名,部门", "n1,甲,新部", "n2,乙,旁部"])).json()
    path = f"/imports/{begun['id']}"
    administrator.post(f"{path}/check", {"seen_revision": begun["revision"]})
    works(at)
    seen = administrator.get(path).json()
    assert seen["founded"] is None
    assert seen["unlisted"] == [{"name": name, "people": 1, "matters": 0} for name in ("新部", "旁部")]
    wrong = {"seen_revision": seen["revision"], "founded": ["别处"]}
    assert codes(refuses(422, administrator.post, f"{path}/check", wrong)) == [
        ("integrations.department_not_named", "founded")
    ]
    administrator.post(f"{path}/check", {"seen_revision": seen["revision"], "founded": ["旁部"]})
    works(at)
    seen = administrator.get(path).json()
    assert (seen["founded"], seen["foreseen"]["departments"]["created"]) == (["旁部"], 1)
    administrator.post(f"{path}/check", {"seen_revision": seen["revision"], "founded": []})
    works(at)
    seen = administrator.get(path).json()
    assert (seen["founded"], seen["foreseen"]["departments"]["created"]) == ([], 0)


def test_files_of_many_mebibytes_go_through_for_who_may_import_and_nobody_else(administrator, program, refuses, at):
    rows = "".join(f"k{number},一件事,{'长' * 1000}\n" for number in range(2_000))
    large = sent("matters.csv", f"编号,标题,摘要\n{rows}".encode())
    assert len(large["files"][0]["content"]) > 7 * 1024 * 1024
    assert administrator.post("/imports", large).json()["state"] == "MAPPING"
    assert ImportRun.objects.get().sheets[0]["rows"] == 2_000
    refuses(413, program("市场部负责人").post, "/imports", large)
    refuses(413, administrator.post, "/imports", sent("a.csv", b"x" * LARGEST))
    refuses(413, administrator.post, "/collaborations", {"title": "x" * (6 * 1024 * 1024)})


def test_what_is_no_file_or_no_right_is_refused_and_kept_nowhere(administrator, program, refuses, data_dir, book):
    assert codes(refuses(422, administrator.post, "/imports", {"files": []})) == [("integrations.no_file", "files")]
    strange = {"files": [{"name": "a.csv", "content": "no base 64!"}]}
    assert codes(refuses(422, administrator.post, "/imports", strange)) == [
        ("integrations.content_not_base64", "files.0.content")
    ]
    refuses(422, administrator.post, "/imports", sent("a.xlsx", b"PK\x03\x04 not a workbook"))
    refuses(403, program("市场部负责人").post, "/imports", book)
    refuses(403, program("管理员", "read").post, "/imports", book)
    refuses(403, program("产品经理").get, "/imports")
    assert not (data_dir / "files").exists()
    begun = administrator.post("/imports", book).json()
    refuses(404, program("PMO专员").get, f"/imports/{begun['id']}")
    refuses(404, program("PMO专员").post, f"/imports/{begun['id']}/start", {"seen_revision": 1})
    stored = next((data_dir / "files").rglob("*/*"))
    stored.unlink()
    refuses(404, administrator.get, f"/imports/{begun['id']}/report")
