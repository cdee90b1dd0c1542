"""Bringing data in through the browser: files, columns, every row looked at, then in, chunk by chunk."""

import json
import os
import re
from datetime import timedelta
from io import BytesIO
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Count
from python_calamine import CalamineWorkbook

from bihuan.collaborations.models import Collaboration
from bihuan.documents import reading
from bihuan.files.models import StoredFile
from bihuan.files.operations import NAME_LIMIT, told_name
from bihuan.files.queries import path_of
from bihuan.integrations import handlers
from bihuan.integrations.models import ImportChange, ImportProblem, ImportRun, SavedMapping
from bihuan.integrations.neutral import work
from bihuan.integrations.operations import TOPIC
from bihuan.integrations.queries import folder_of
from bihuan.kernel.now import now
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Department, Person
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.worker import jobs
from tests.cast import make_company
from tests.integrations.books import COMPANY, write_book
from tests.witness import everything


@pytest.fixture
def data_dir(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def sign_in(company, client_for):
    return lambda office: client_for(company[office])


@pytest.fixture
def client(playbooks, data_dir, sign_in):
    return sign_in("管理员")


NUMBERED = {**COMPANY, "项目台账": [["项目编号", *COMPANY["项目台账"][0][1:]], *COMPANY["项目台账"][1:]]}


@pytest.fixture
def book(tmp_path):
    return write_book(tmp_path / "company.xlsx")


def hand_in(client, *paths):
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return client.post("/imports/add", {"files": files})


def run_of(answer):
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return ImportRun.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[-1])


def form_of(run):
    """The form of the mapping as the page shows it."""
    words = {"revision": run.revision}
    for position, each in enumerate(run.mapping):
        words |= {f"s{position}": each["table"], f"s{position}.was": each["table"]}
        words |= {f"s{position}.{number}": column["field"] for number, column in enumerate(each["columns"])}
    return words


def drain():
    outbox.run_once(at=now(), limit=200)
    assert not Delivery.objects.exclude(last_error="").values_list("last_error", flat=True)


def checked(client, *paths):
    run = run_of(hand_in(client, *paths))
    assert client.post(f"/imports/{run.pk}/check", form_of(run)).status_code == 302
    drain()
    run.refresh_from_db()
    assert run.state == "CHECKED", run.refusal
    return run


def brought_in(client, *paths):
    run = checked(client, *paths)
    assert client.post(f"/imports/{run.pk}/start", {"revision": run.revision}).status_code == 302
    drain()
    run.refresh_from_db()
    return run


@pytest.mark.django_db
def test_files_are_kept_under_keys_of_their_own_and_their_columns_shown(client, book, data_dir):
    run = run_of(hand_in(client, book))
    stored = StoredFile.objects.get()
    assert (stored.name, path_of(stored.key).read_bytes()) == ("company.xlsx", book.read_bytes())
    assert [each["table"] for each in run.mapping] == ["departments", "people", "collaborations"]
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "爱好" in page
    assert "围棋" in page
    assert Entry.objects.filter(name="integrations.import.begun").count() == 1
    assert not Collaboration.objects.exists()


@pytest.mark.django_db
def test_the_list_of_imports_goes_on_by_key(client, book, monkeypatch):
    monkeypatch.setattr("bihuan.integrations.queries.RUNS", 2)
    pks = [run_of(hand_in(client, book)).pk for _ in range(3)]
    first = client.get("/imports/").content.decode()
    assert [f'href="/imports/{pk}/"' in first for pk in pks] == [False, True, True]
    assert f'href="/imports/?before={pks[1]}"' in first
    rest = client.get(f"/imports/?before={pks[1]}").content.decode()
    assert [f'href="/imports/{pk}/"' in rest for pk in pks] == [True, False, False]
    assert 'rel="next"' not in rest
    assert f'href="/imports/{pks[2]}/"' in client.get("/imports/?before=x").content.decode()


def test_a_check_says_what_would_happen_and_writes_none_of_it(client, book):
    before = (Department.objects.count(), Person.objects.count())
    run = checked(client, book)
    assert {kind: each["created"] for kind, each in run.foreseen.items() if each["created"]} == {
        "departments": 3, "people": 3, "posts": 4, "collaborations": 3,
    }  # fmt: skip
    assert (Department.objects.count(), Person.objects.count(), Collaboration.objects.count()) == (*before, 0)
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "2026年13月1日" in page


@pytest.mark.django_db
def test_a_page_that_is_overtaken_leaves_the_files_the_worker_reads(client, book):
    run = checked(client, book)
    folder = folder_of(run)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    overtaken = {**form_of(run), "revision": run.revision - 1, "s1": ""}
    assert client.post(f"/imports/{run.pk}/check", overtaken).status_code == 409
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.django_db
def test_what_was_foreseen_is_what_comes_in_and_a_second_time_nothing_changes(client, book):
    run = brought_in(client, book)
    assert (run.state, run.counts) == ("DONE", run.foreseen)
    assert Collaboration.objects.count() == 3
    fact = Entry.objects.get(name="organisation.person.added", subject_id=Person.objects.get(username="zhao.yi").pk)
    assert (fact.actor_kind, fact.actor_id) == ("IMPORT", run.begun_by_id)
    entries = Entry.objects.exclude(name__startswith="integrations.").count()
    again = brought_in(client, book)
    assert {kind: each["unchanged"] for kind, each in again.counts.items()} == {
        kind: each["created"] for kind, each in run.counts.items()
    }
    assert Entry.objects.exclude(name__startswith="integrations.").count() == entries


@pytest.mark.django_db
def test_a_row_that_says_something_else_is_shown_before_it_comes_in(client, tmp_path):
    brought_in(client, write_book(tmp_path / "first.xlsx", NUMBERED))
    rows = [list(row) for row in NUMBERED["项目台账"]]
    rows[1][1] = "新品上市二期"
    run = checked(client, write_book(tmp_path / "later.xlsx", {**COMPANY, "项目台账": rows}))
    change = ImportChange.objects.get(run=run)
    assert (change.row, change.before["title"], change.after["title"]) == ("1", "新品上市", "新品上市二期")
    assert Collaboration.objects.get(source_key="1").title == "新品上市"
    assert "新品上市二期" in client.get(f"/imports/{run.pk}/").content.decode()


@pytest.mark.django_db
def test_every_row_that_would_change_is_shown_page_by_page_and_stands_in_the_report(client, tmp_path, monkeypatch):
    monkeypatch.setattr("bihuan.integrations.queries.PAGE", 2)
    brought_in(client, write_book(tmp_path / "first.xlsx", NUMBERED))
    rows = [list(row) for row in NUMBERED["项目台账"]]
    for number, row in enumerate(rows[1:]):
        row[1] = f"改名之事{number}"
    rows[1][3] = "技术部"
    run = checked(client, write_book(tmp_path / "later.xlsx", {**COMPANY, "项目台账": rows}))
    first = client.get(f"/imports/{run.pk}/").content.decode()
    assert [f"→ 改名之事{number}" in first for number in range(3)] == [True, True, False]
    assert "<b>参与部门</b> <del>" in first
    assert "participant_keys" not in first
    assert "[&#39;" not in first
    further = re.search(r'href="(\?changed=\d+)#changes"', first)[1]
    rest = client.get(f"/imports/{run.pk}/{further}").content.decode()
    assert [f"→ 改名之事{number}" in rest for number in range(3)] == [False, False, True]
    report = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/imports/{run.pk}/report.xlsx").content))
    told = report.get_sheet_by_name("变更内容").to_python()
    assert {tuple(row[2:]) for row in told if row[4] == "标题"} == {
        ("事项", str(number + 1), "标题", was, f"改名之事{number}")
        for number, was in enumerate(("新品上市", "系统迁移", "无主之事"))
    }


@pytest.mark.django_db
def test_a_kind_of_remark_is_not_named_after_its_first_row(client, tmp_path):
    sheets = {"事项": [["编号", "标题", "主责部门"], ["a", "甲", "丙部"], ["b", "乙", "丁部"]]}
    run = checked(client, write_book(tmp_path / "x.xlsx", sheets))
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "未知的部门“…”。</a>" in page
    assert "未知的部门“丙部”。</a>" not in page
    remarks = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/imports/{run.pk}/report.xlsx").content))
    rows = remarks.get_sheet_by_name("问题").to_python()
    assert ["主责部门", "丙部", "未知的部门“丙部”。", "按原样导入"] in [row[3:] for row in rows]


@pytest.mark.django_db
def test_a_mapping_is_corrected_kept_and_offered_again(client, tmp_path):
    path = write_book(tmp_path / "x.xlsx", {"甲": [["键", "什么", "谁管"], ["k", "修门", "D1"]]})
    run = run_of(hand_in(client, path))
    words = form_of(run) | {"s0": "collaborations"}
    page = client.post(f"/imports/{run.pk}/check", words | {"look": "1"})
    assert 'value="lead_department"' in page.content.decode()
    words |= {"s0.was": "collaborations", "s0.0": "id", "s0.1": "title", "s0.2": "lead_department"}
    assert client.post(f"/imports/{run.pk}/check", words).status_code == 302
    assert SavedMapping.objects.get().fields == ["id", "title", "lead_department"]
    later = run_of(hand_in(client, path))
    assert [column["field"] for column in later.mapping[0]["columns"]] == ["id", "title", "lead_department"]


@pytest.mark.django_db
def test_a_column_that_is_missing_is_asked_for_and_a_sheet_left_out_is_told(client, tmp_path):
    titles = ["编号", "事情", "主责部门", "责任人", "状态"]
    sheets = {"台账": [titles, ["a", "修门", "", "", ""]], "说明": [["随便写的"], ["一"], [""], ["二"]]}
    path = write_book(tmp_path / "x.xlsx", sheets)
    run = run_of(hand_in(client, path))
    assert [each["table"] for each in run.mapping] == ["collaborations", ""]
    assert "台账：没有哪一列写明“标题”。" in client.get(f"/imports/{run.pk}/").content.decode()
    assert client.post(f"/imports/{run.pk}/check", form_of(run)).status_code == 422
    assert client.post(f"/imports/{run.pk}/check", form_of(run) | {"s0.1": "title"}).status_code == 302
    drain()
    assert [each.table for each in SavedMapping.objects.all()] == ["collaborations"]
    told = ImportProblem.objects.filter(run=run, severity="ERROR").values_list("code", "file", "value")
    assert list(told) == [("integrations.sheet_left_out", "x.xlsx › 说明", "2")]
    assert "其中 2 行留在系统之外" in client.get(f"/imports/{run.pk}/?only=errors").content.decode()


@pytest.mark.django_db
def test_a_mapping_that_cannot_be_used_is_refused_with_what_was_chosen(client, book):
    run = run_of(hand_in(client, book))
    words = form_of(run) | {"s2.1": "goals"}
    answer = client.post(f"/imports/{run.pk}/check", words)
    assert answer.status_code == 422
    assert '<option value="goals" selected>' in answer.content.decode()
    run.refresh_from_db()
    assert (run.state, Delivery.objects.filter(topic=TOPIC).count()) == ("MAPPING", 0)


@pytest.mark.django_db
def test_a_hostile_file_is_refused_with_a_sentence_and_nothing_is_kept(client, tmp_path, data_dir):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"PK\3\4 no workbook at all")
    answer = hand_in(client, path)
    assert answer.status_code == 422
    assert "bad.xlsx" in answer.content.decode()
    assert (ImportRun.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert [each for each in (data_dir / "files").rglob("*") if each.is_file()] == []
    assert hand_in(client).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../x.csv", "x.csv"),
        ("..\\x.csv", "x.csv"),
        ("a\u202evsc.csv", "avsc.csv"),
        ("/etc/passwd.csv", "passwd.csv"),
    ],
)
def test_no_name_leads_anywhere(client, data_dir, name, told):
    file = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    file.name = name
    client.post("/imports/add", {"files": [file]})
    (stored,) = StoredFile.objects.all()
    assert path_of(stored.key).is_relative_to(data_dir / "files")
    assert stored.name == told


def test_what_a_file_is_called_is_the_last_part_of_its_name_without_marks():
    """A program says names without the browser's way of cleaning them."""
    assert [told_name(name) for name in ("..\\../x\u202e\0.csv", "a/", "CON", "a.php.jpg")] == [
        "x.csv", "file", "CON", "a.php.jpg",
    ]  # fmt: skip
    assert told_name(f"{'长' * 4096}.csv") == f"{'长' * (NAME_LIMIT - 4)}.csv"


@pytest.mark.django_db
def test_the_pmo_brings_matters_in_and_leaves_the_organisation(client, sign_in, book):
    brought_in(client, book)
    pmo = sign_in("PMO专员")
    run = brought_in(pmo, book)
    assert run.counts["departments"] == {"created": 0, "updated": 0, "unchanged": 3, "rejected": 0}
    Person.objects.filter(username="zhao.yi").update(name="赵二")
    run = brought_in(pmo, book)
    assert run.counts["people"]["rejected"] == 1
    assert ImportProblem.objects.filter(run=run, code="integrations.organisation_left").count() == 1
    assert Person.objects.get(username="zhao.yi").name == "赵二"


@pytest.mark.django_db
def test_an_import_is_its_owners_and_the_administrators(client, sign_in, book):
    pmo = sign_in("PMO专员")
    run = run_of(hand_in(client, book))
    assert pmo.get(f"/imports/{run.pk}/").status_code == 404
    own = run_of(hand_in(pmo, book))
    assert client.get(f"/imports/{own.pk}/").status_code == 200
    head = sign_in("产品部负责人")
    for address in ("/imports/", f"/imports/{run.pk}/", f"/imports/{run.pk}/report.xlsx"):
        assert head.get(address).status_code == 403
    assert hand_in(head, book).status_code == 403


@pytest.mark.django_db
def test_who_loses_the_right_while_it_comes_in_stops_it(client, company, book):
    run = checked(client, book)
    client.post(f"/imports/{run.pk}/start", {"revision": run.revision})
    Person.objects.filter(pk=run.begun_by_id).update(is_administrator=False)
    drain()
    run.refresh_from_db()
    assert (run.state, run.refusal) == ("FAILED", [{"code": "integrations.right_ended"}])
    assert not Collaboration.objects.exists()


@pytest.mark.django_db
def test_after_every_chunk_another_process_may_go_on(client, book, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 1)
    run = checked(client, book)
    client.post(f"/imports/{run.pk}/start", {"revision": run.revision})
    seen = []
    while outbox.run_once(at=now(), limit=1):
        handlers._HELD.clear()
        run.refresh_from_db()
        seen.append(run.done)
    assert (run.state, run.counts) == ("DONE", run.foreseen)
    assert seen == sorted(seen)
    assert seen[-1] == run.total
    assert Collaboration.objects.count() == 3


@pytest.mark.django_db
def test_a_chunk_that_breaks_is_taken_back_whole_and_tried_again(client, book, monkeypatch):
    run = checked(client, book)
    client.post(f"/imports/{run.pk}/start", {"revision": run.revision})
    kept, broken = handlers.keep_changes, []

    def breaks(*given):
        kept(*given)
        if given[1].rows == "matters" and not broken:
            broken.append(True)
            raise ConnectionError

    monkeypatch.setattr(handlers, "keep_changes", breaks)
    outbox.run_once(at=now(), limit=200)
    run.refresh_from_db()
    assert (broken, run.state, run.done, Collaboration.objects.count()) == ([True], "RUNNING", 10, 0)
    outbox.run_once(at=now() + timedelta(hours=1), limit=200)
    run.refresh_from_db()
    assert (run.state, run.counts, Collaboration.objects.count()) == ("DONE", run.foreseen, 3)


@pytest.mark.django_db
def test_an_import_is_stopped_between_two_chunks_and_goes_on_from_there(client, book, sign_in):
    run = checked(client, book)
    client.post(f"/imports/{run.pk}/start", {"revision": run.revision})
    outbox.run_once(at=now(), limit=1)
    assert sign_in("PMO专员").post(f"/imports/{run.pk}/stop").status_code == 404
    assert client.post(f"/imports/{run.pk}/stop").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.refusal) == ("FAILED", [{"code": "integrations.stopped_by_hand"}])
    done = run.done
    drain()
    run.refresh_from_db()
    assert (run.state, run.done, Collaboration.objects.count()) == ("FAILED", done, 0)
    assert "有人停止了本次导入。" in client.get(f"/imports/{run.pk}/").content.decode()
    assert client.post(f"/imports/{run.pk}/stop").status_code == 409
    client.post(f"/imports/{run.pk}/start", {"revision": run.revision})
    drain()
    run.refresh_from_db()
    assert (run.state, run.counts, Collaboration.objects.count()) == ("DONE", run.foreseen, 3)
    assert Entry.objects.filter(name="integrations.import.ended").count() == 2


@pytest.mark.django_db
def test_a_check_is_stopped_and_the_columns_can_be_looked_at_again(client, book):
    run = run_of(hand_in(client, book))
    client.post(f"/imports/{run.pk}/check", form_of(run))
    assert client.post(f"/imports/{run.pk}/stop").status_code == 302
    drain()
    run.refresh_from_db()
    assert (run.state, run.done) == ("MAPPING", 0)
    assert client.post(f"/imports/{run.pk}/check", form_of(run)).status_code == 302


@pytest.mark.django_db
def test_a_page_that_is_overtaken_starts_nothing(client, book):
    run = checked(client, book)
    assert client.post(f"/imports/{run.pk}/start", {"revision": run.revision - 1}).status_code == 409
    assert not Delivery.objects.filter(topic=TOPIC, state="PENDING").exists()


@pytest.mark.django_db
def test_the_report_is_the_workbook_with_the_bad_rows_marked_in_place(client, book):
    run = brought_in(client, book)
    answer = client.get(f"/imports/{run.pk}/report.xlsx")
    found = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert found.sheet_names[2:] == ["组织架构", "花名册", "项目台账"]
    rows = found.get_sheet_by_name("项目台账").to_python()
    assert rows[0][1:3] == ["序号", "项目名称"]
    assert "2026年13月1日" in rows[2][0]
    assert rows[1][9] == "=1+1"
    assert b"<f>" not in answer.content
    kinds = dict(ImportProblem.objects.filter(run=run).values_list("code").annotate(many=Count("pk")))
    counted = found.get_sheet_by_name(found.sheet_names[0]).to_python()[-len(kinds) :]
    assert [int(row[1]) for row in counted] == sorted(kinds.values(), reverse=True)
    page = client.get(f"/imports/{run.pk}/?code=integrations.one_department").content.decode()
    assert page.count("只写了一个部门，没有其他部门参与。</span>") == kinds["integrations.one_department"]
    assert page.count('class="says ') == kinds["integrations.one_department"]


@pytest.mark.django_db
def test_json_files_of_the_known_shape_need_no_columns(client, tmp_path):
    from tests.integrations.folders import matters, write

    folder = write(tmp_path / "folder", matters(2))
    run = brought_in(client, folder / "org.json", folder / "collaborations.jsonl")
    assert run.counts["collaborations"]["created"] == 2
    assert json.loads(Collaboration.objects.get(source_key="acme/1").source.raw) == matters(2)[0]
    address = f"/imports/{run.pk}/report.xlsx"
    assert address in client.get(f"/imports/{run.pk}/").content.decode()
    report = CalamineWorkbook.from_filelike(BytesIO(client.get(address).content))
    assert len(report.get_sheet_by_name(report.sheet_names[1]).to_python()) == 1 + run.problem_count


@pytest.mark.django_db
def test_a_file_that_would_cover_another_is_refused_and_nothing_is_kept(client, book, tmp_path):
    from tests.integrations.folders import matters, write

    one = write(tmp_path / "one", matters(1)) / "collaborations.jsonl"
    other = one.rename(one.with_name("january.jsonl"))
    same = write(tmp_path / "two", matters(2)) / "collaborations.jsonl"
    for files, told in (((other, same), "只有其中一个能导入"), ((other, book), "两者不能一起读取")):
        answer = hand_in(client, *files)
        assert (answer.status_code, told in answer.content.decode()) == (422, True)
        assert "january.jsonl" in answer.content.decode()
        assert (ImportRun.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_everything_the_source_said_is_shown_in_words(client, sign_in, tmp_path):
    sheets = {
        "部门": [["编号", "名称"], ["D1", "市场部"]],
        "协作事项": [["编号", "标题", "主责部门", "所属版本", "备注栏"], ["m", "事项甲", "D1", "p", "\u202e怪"]],
        "变更记录": [["协作事项编号", "变更时间", "字段", "原值", "新值"], ["m", "2026-01-02", "status", "旧", "新"]],
        "检查单": [["协作事项编号", "内容", "完成"], ["m", "对过账", "是"]],
        "版本计划": [["编号", "名称", "开始日期"], ["p", "一期工程", "2026-01-01"]],
    }
    brought_in(client, write_book(tmp_path / "x.xlsx", sheets))
    pmo = sign_in("PMO专员")
    row = Collaboration.objects.get(source_key="m")
    page = pmo.get(f"/matters/{row.pk}/source").content.decode()
    for word in ("备注栏", "对过账", "旧", "新", "一期工程", "2026-01-02", "变更内容", '<td class="main">状态</td>'):
        assert word in page
    assert page.index("<dt>标题</dt>") < page.index("<dt>主责部门</dt>") < page.index("备注栏")
    parent = pmo.get(f"/matters/{row.parent_id}/source").content.decode()
    assert "事项甲" in parent


@pytest.mark.django_db
def test_many_matters_are_adopted_at_once_and_each_refusal_is_named(client, sign_in, company, book):
    brought_in(client, book)
    pmo = sign_in("PMO专员")
    page = pmo.get("/matters/adopt").content.decode()
    assert ("新品上市" in page, "系统迁移" in page, "无主之事" in page) == (True, True, False)
    chosen = list(Collaboration.objects.filter(source_key__in=("新品上市", "系统迁移")).values_list("pk", flat=True))
    too_late = pmo.post("/matters/adopt", {"matter": chosen, "playbook": "SEED_B", "step": "RETRO", "ground": "纪要"})
    assert (too_late.status_code, too_late.content.decode().count("事项不能在那里接手。")) == (422, 2)
    later = {"playbook": "SEED_B", "step": "PLAN", "ground": "纪要"}
    answer = pmo.post("/matters/adopt", {"matter": chosen, **later})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert {row.playbook_version.playbook.key for row in Collaboration.objects.filter(pk__in=chosen)} == {"SEED_B"}
    assert Entry.objects.filter(name="collaborations.collaboration.adopted").count() == 2
    assert {row.adopted_step for row in Collaboration.objects.filter(pk__in=chosen)} == {"PLAN"}
    again = pmo.post("/matters/adopt", {"matter": chosen[:1], "playbook": "SEED_B"})
    assert again.status_code == 422
    assert pmo.post("/matters/adopt", {"playbook": "SEED_B"}).status_code == 422
    assert sign_in("无岗位").post("/matters/adopt", {"matter": chosen[:1], "playbook": "SEED_B"}).status_code == 403


@pytest.mark.django_db
def test_what_was_handed_in_is_thrown_away_after_its_time_and_the_counts_stay(
    client, book, tmp_path, django_capture_on_commit_callbacks
):
    done = brought_in(client, book)
    other = tmp_path / "matters.csv"
    other.write_text("编号,标题\nx-1,一件事\n", encoding="utf-8")
    checked_only, fresh = checked(client, other), now()
    folder, (stored,) = folder_of(done), StoredFile.objects.filter(name="company.xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.throw_imports_away(fresh + timedelta(days=89)) == 0
    assert path_of(stored.key).exists()
    later = fresh + timedelta(days=91)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.throw_imports_away(later) == 2
    stored.refresh_from_db()
    assert (stored.thrown_away_at, path_of(stored.key).exists(), folder.exists()) == (later, False, False)
    assert Entry.objects.filter(name="integrations.import.files_thrown_away").count() == 2
    done.refresh_from_db()
    assert {tuple(sheet["samples"]) for sheet in done.sheets} == {()}
    page = client.get(f"/imports/{done.pk}/").content.decode()
    assert "report.xlsx" not in page
    assert "2026年13月1日" in page
    assert client.get(f"/imports/{done.pk}/report.xlsx").status_code == 422
    again = client.post(f"/imports/{checked_only.pk}/start", {"revision": checked_only.revision})
    assert again.status_code == 422
    written = everything()
    assert jobs.throw_imports_away(later) == 0
    assert everything() == written


@pytest.mark.django_db
def test_what_an_upload_that_broke_off_left_behind_is_gone_after_a_day(client, book, data_dir):
    run, gone = run_of(hand_in(client, book)), run_of(hand_in(client, book))
    assert client.post(f"/imports/{run.pk}/check", form_of(run)).status_code == 302
    kept = [path_of(stored.key) for stored in StoredFile.objects.order_by("pk")]
    StoredFile.objects.filter(pk=gone.files.get().stored_id).update(thrown_away_at=now())
    orphan, half_made = kept[0].parent / ("ab" * 16), folder_of(run).with_name(f"{run.pk}-made")
    left, fresh = folder_of(run).with_name("999999"), kept[0].parent / ("cd" * 16)
    for file in (orphan, fresh):
        file.write_bytes(b"x")
    for folder in (half_made, left):
        folder.mkdir()
    assert jobs.sweep(now()) == 0
    a_day_ago = (now() - timedelta(hours=25)).timestamp()
    for path in (*kept, folder_of(run), orphan, half_made, left):
        os.utime(path, (a_day_ago, a_day_ago))
    assert jobs.sweep(now()) == 4
    assert [path.exists() for path in (*kept, folder_of(run), fresh)] == [True, False, True, True]
    assert [path.exists() for path in (orphan, half_made, left)] == [False, False, False]


@pytest.mark.django_db
def test_what_is_at_work_keeps_its_files(client, book):
    run = run_of(hand_in(client, book))
    assert client.post(f"/imports/{run.pk}/check", form_of(run)).status_code == 302
    assert jobs.throw_imports_away(now() + timedelta(days=1000)) == 0
    assert StoredFile.objects.get().thrown_away_at is None


@pytest.mark.django_db
def test_a_department_made_by_hand_is_the_same_only_when_somebody_says_so(company, client, book):
    run = checked(client, book)
    offered = {match.name: match for match in run.matches.all()}
    assert {name: (match.source_key, match.offered_id) for name, match in offered.items()} == {
        "市场部": ("D1", company.departments["市场部"].pk), "技术部": ("D2", company.departments["技术部"].pk),
    }  # fmt: skip
    assert 'name="same"' in client.get(f"/imports/{run.pk}/").content.decode()
    chosen = {"revision": run.revision, "same": [offered["市场部"].pk]}
    assert client.post(f"/imports/{run.pk}/start", chosen).status_code == 302
    drain()
    market = Department.objects.get(pk=company.departments["市场部"].pk)
    assert market.source_key == "D1"
    assert Department.objects.get(source_key="D3").parent_id == market.pk
    assert [row.source_key for row in Department.objects.filter(name="技术部").order_by("pk")] == [None, "D2"]
    fact = Entry.objects.get(name="organisation.department.changed", subject_id=market.pk)
    assert fact.actor_name == "高翔"
    run.refresh_from_db()
    assert run.counts["departments"] == {"created": 2, "updated": 0, "unchanged": 1, "rejected": 0}
    again = brought_in(client, book)
    assert (again.matches.count(), again.counts["departments"]["unchanged"]) == (0, 3)


@pytest.mark.django_db
def test_departments_that_only_are_named_are_made_when_somebody_says_so(client, tmp_path):
    staff = [["工号", "姓名", "所属部门"], ["n1", "甲", "新部/一组"], ["n2", "乙", "旁部"], ["n3", "丙", "旁部"]]
    tracker = [["项目名称", "牵头部门"], ["某事", "外部"]]
    run = checked(client, write_book(tmp_path / "staff.xlsx", {"花名册": staff, "台账": tracker}))
    page = client.get(f"/imports/{run.pk}/").content.decode()
    ticked = re.findall(r'name="founded" value="([^"]+)"( checked)?', page)
    assert ticked == [("旁部", " checked"), ("新部/一组", " checked"), ("外部", "")]
    assert ("新部 › 一组" in page, "2 行人员" in page, "1 行事项" in page) == (True, True, True)
    assert run.foreseen["posts"]["created"] == 0

    before = everything()
    for founded, status in ((["旁部", "别处"], 422), (["旁部"], 409)):
        said = {"revision": run.revision - (status == 409), "keep": "1", "founded": founded}
        answer = client.post(f"/imports/{run.pk}/check", said)
        assert (answer.status_code, everything() == before) == (status, True)
    assert "外部" in answer.content.decode()

    said = {"revision": run.revision, "keep": "1", "founded": ["新部/一组", "旁部"]}
    assert client.post(f"/imports/{run.pk}/check", said).status_code == 302
    drain()
    run.refresh_from_db()
    assert (run.foreseen["departments"]["created"], run.foreseen["posts"]["created"]) == (3, 3)
    assert not Department.objects.filter(name="旁部").exists()
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert re.findall(r'name="founded" value="([^"]+)" checked', page) == ["旁部", "新部/一组"]
    assert client.post(f"/imports/{run.pk}/start", {"revision": run.revision}).status_code == 302
    drain()
    assert Department.objects.get(name="一组").parent.name == "新部"

    later = checked(client, write_book(tmp_path / "chart.xlsx", {"部门": [["部门编码", "部门名称"], ["B9", "旁部"]]}))
    same = {"revision": later.revision, "same": [later.matches.get().pk]}
    assert client.post(f"/imports/{later.pk}/start", same).status_code == 302
    drain()
    assert Department.objects.get(name="旁部").source_key == "B9"


@pytest.mark.django_db
def test_the_pmo_makes_no_departments_by_bringing_matters_in(sign_in, playbooks, data_dir, tmp_path):
    pmo = sign_in("PMO专员")
    run = checked(pmo, write_book(tmp_path / "t.xlsx", {"台账": [["项目名称", "牵头部门"], ["某事", "外部"]]}))
    assert 'name="founded"' not in pmo.get(f"/imports/{run.pk}/").content.decode()
    before = everything()
    said = {"revision": run.revision, "keep": "1", "founded": ["外部"]}
    assert (pmo.post(f"/imports/{run.pk}/check", said).status_code, everything() == before) == (403, True)


@pytest.mark.django_db
def test_a_match_that_does_not_hold_any_more_starts_nothing(company, client, book):
    run = checked(client, book)
    match = run.matches.get(name="市场部")
    Department.objects.filter(pk=match.offered_id).update(is_active=False)
    written = everything()
    answer = client.post(f"/imports/{run.pk}/start", {"revision": run.revision, "same": [match.pk]})
    assert (answer.status_code, "已撤销" in answer.content.decode()) == (422, True)
    assert f'value="{match.pk}" checked' in answer.content.decode()
    assert everything() == written


@pytest.mark.django_db(transaction=True)
def test_others_are_answered_and_write_while_a_file_is_read(data_dir, book, client_for, monkeypatch):
    """However long the child takes: nothing is locked meanwhile."""
    people, read, answered = make_company(now()), reading.run_child, []
    other = people["产品经理"]

    def write():
        answered.append(client_for(other).post("/language", {"language": "en", "next": "/"}).status_code)
        connection.close()

    def read_slowly(*asked):
        thread = Thread(target=write)
        thread.start()
        thread.join(60)
        answered.append("read")
        read(*asked)

    monkeypatch.setattr(reading, "run_child", read_slowly)
    assert hand_in(client_for(people["管理员"]), book).status_code == 302
    assert answered == [302, "read"]
    other.refresh_from_db()
    assert other.language == "en"
