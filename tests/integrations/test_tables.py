"""Workbooks and CSV files come in as they are: recognised, put together, told where something is odd."""

import json
from pathlib import Path

import pytest

from bihuan.cli.main import main
from bihuan.collaborations.models import Collaboration
from bihuan.documents.errors import Unsafe
from bihuan.integrations.foreseeing import Before, foresee
from bihuan.integrations.neutral.run import run_import
from bihuan.integrations.neutral.work import work_of
from bihuan.integrations.tables.mapping import Sheet, findings_of, recognise
from bihuan.integrations.tables.names import NOWHERE
from bihuan.integrations.tables.source import opened, sheets_of
from bihuan.kernel.errors import Refused
from bihuan.organisation.models import Department, Person, Post
from tests.integrations.books import COMPANY, csv_of, write_book


def bring_in(path, at, mapping=None, elsewhere=NOWHERE):
    with opened(path, mapping=mapping, elsewhere=elsewhere) as ready:
        return run_import(ready.folder, at=at, problems=ready.problems)


def test_sheets_are_recognised_by_their_columns_wherever_the_titles_stand(tmp_path):
    path = write_book(tmp_path / "company.xlsx")
    found = [recognise(sheet) for sheet in sheets_of([(path, path.name)])]
    assert [(each.table, each.header) for each in found] == [("departments", 1), ("people", 2), ("collaborations", 1)]
    assert found[1].fields == ("handle", "name", "department", "role", "")
    assert found[2].fields == (
        "order", "title", "lead_department", "participants", "owners", "created", "status", "acceptance_criteria", "",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_workbook_of_a_company_comes_in_and_comes_again_unchanged(tmp_path, at):
    path = write_book(tmp_path / "company.xlsx")
    report = bring_in(path, at)
    created = {kind: counts["created"] for kind, counts in report.counts.items()}
    assert created == {"organisations": 0, "departments": 3, "people": 3, "posts": 4, "collaborations": 3}
    assert Department.objects.get(name="华东组").parent.name == "市场部"
    posts = Post.objects.filter(person__username="zhao.yi").order_by("pk")
    assert [(post.department.name, post.title, post.kind) for post in posts] == [
        ("技术部", "工程师", "STAFF"), ("华东组", "顾问", "STAFF"),
    ]  # fmt: skip
    assert Post.objects.get(kind="HEAD", department__name="市场部").person.name == "王敏"
    again = bring_in(path, at)
    assert {kind: counts["unchanged"] for kind, counts in again.counts.items()} == created
    assert again.problems == report.problems


@pytest.mark.django_db
def test_a_post_held_beside_another_is_said_in_a_column_and_foreseen(tmp_path, at):
    (title, head, *rows) = COMPANY["花名册"]
    marked = [[*row, "是" if row[3] == "顾问" else ""] for row in rows]
    staff = {**COMPANY, "花名册": [title, [*head, "兼任"], *marked]}
    bring_in(write_book(tmp_path / "company.xlsx", staff), at)
    weights = Post.objects.filter(person__username="zhao.yi").order_by("pk").values_list("title", "is_main")
    assert list(weights) == [("工程师", True), ("顾问", False)]
    marked[2][-1], marked[3][-1] = "是", "否"
    path = write_book(tmp_path / "again.xlsx", {**COMPANY, "花名册": [title, [*head, "兼任"], *marked]})
    with opened(path) as ready:
        chunks = [chunk for chunk in work_of(ready.folder).chunks if chunk.rows == "posts"]
        seen = [(entry.row.title, one.result, one.after) for chunk in chunks
                for entry, one in zip(chunk.entries, foresee(chunk, Before(), at), strict=True)]  # fmt: skip
        assert [each for each in seen if each[1] != "unchanged"] == [
            ("工程师", "updated", {"is_main": False}), ("顾问", "updated", {"is_main": True}),
        ]  # fmt: skip
        assert run_import(ready.folder, at=at).counts["posts"] == {
            "created": 0, "updated": 2, "unchanged": 2, "rejected": 0,
        }  # fmt: skip
    assert list(weights.all()) == [("工程师", False), ("顾问", True)]


@pytest.mark.django_db
def test_the_days_of_a_post_come_in_by_columns_are_foreseen_and_come_again_unchanged(tmp_path, at):
    def staff(name, *days):
        (title, head, *rows) = COMPANY["花名册"]
        dated = [[*row, *said] for row, said in zip(rows, days, strict=True)]
        table = {**COMPANY, "花名册": [title, [*head, "任职开始日期", "卸任日期"], *dated]}
        return write_book(tmp_path / name, table)

    def held():
        rows = Post.objects.filter(person__username="zhao.yi").order_by("starts_on")
        return [(row.title, str(row.starts_on), row.ends_on and str(row.ends_on)) for row in rows]

    none = ("", "")
    path = staff("a.xlsx", none, none, ("2024年3月1日", ""), ("2025-01-01", "2025-06-30"))
    report = bring_in(path, at)
    assert (report.counts["posts"]["created"], report.problems) == (4, bring_in(path, at).problems)
    assert held() == [("工程师", "2024-03-01", None), ("顾问", "2025-01-01", "2025-06-30")]
    path = staff("b.xlsx", none, none, ("2024/02/01", "2031-01-01"), ("2025-09-01", "2025-08-01"))
    with opened(path) as ready:
        chunks = [chunk for chunk in work_of(ready.folder).chunks if chunk.rows == "posts"]
        seen = {entry.row.title: (one.result, one.codes, one.after) for chunk in chunks
                for entry, one in zip(chunk.entries, foresee(chunk, Before(), at), strict=True)}  # fmt: skip
        counts = run_import(ready.folder, at=at).counts["posts"]
        assert run_import(ready.folder, at=at).counts["posts"] == {**counts, "updated": 0, "unchanged": 3}
    assert seen["工程师"] == ("updated", (), {"starts_on": "2024-02-01", "ends_on": "2031-01-01"})
    assert seen["顾问"] == ("rejected", ("organisation.ends_before_start",), {})
    assert counts == {"created": 0, "updated": 1, "unchanged": 2, "rejected": 1}
    assert held() == [("工程师", "2024-02-01", "2031-01-01"), ("顾问", "2025-01-01", "2025-06-30")]


@pytest.mark.django_db
def test_what_a_matter_says_is_taken_and_what_has_no_column_is_kept(tmp_path, at):
    report = bring_in(write_book(tmp_path / "company.xlsx"), at)
    first = Collaboration.objects.get(source_key="新品上市")
    assert (first.title, first.lead_department.name, first.lead.name) == ("新品上市", "市场部", "王敏")
    assert sorted(party.department.name for party in first.parties.all()) == ["华东组", "技术部"]
    assert first.source.content["created"] == {"day": "2026-03-05", "raw": "2026-03-05"}
    assert first.created_at.astimezone(at.tzinfo).isoformat() == "2026-03-05T00:00:00+08:00"
    assert Collaboration.objects.get(source_key="系统迁移").created_at == at
    assert [each.text for each in first.criterions.all()] == ["首月销量 1000 台"]
    assert json.loads(first.source.raw)["other_columns"] == {"备注": "=1+1"}
    second = Collaboration.objects.get(source_key="系统迁移")
    assert second.lead.username == "wang.min"
    told = {
        (each.file, each.line, each.code, each.value)
        for each in report.problems
        if each.row in ("系统迁移", "无主之事")
    }
    place = "company.xlsx › 项目台账"
    assert told == {
        (place, 3, "integrations.number_absent", ""),
        (place, 4, "integrations.number_absent", ""),
        (place, 3, "integrations.not_a_day", "2026年13月1日"),
        (place, 3, "integrations.criteria_missing", ""),
        (place, 3, "integrations.one_department", ""),
        (place, 3, "integrations.requester_missing", ""),
        (place, 4, "integrations.department_unknown", "不存在的部门"),
        (place, 4, "integrations.person_unknown", "谁"),
        (place, 4, "integrations.criteria_missing", ""),
        (place, 4, "integrations.one_department", ""),
        (place, 4, "integrations.requester_missing", ""),
        (place, 4, "integrations.status_missing", ""),
    }


@pytest.mark.django_db
def test_a_row_gives_itself_no_rights(tmp_path, at):
    rows = [["账号", "姓名", "is_administrator", "管理员", "password"], ["mallory", "Mallory", "TRUE", "是", "secret"]]
    bring_in(write_book(tmp_path / "people.xlsx", {"人员": rows}), at)
    mallory = Person.objects.get(username="mallory")
    assert (mallory.is_administrator, mallory.has_usable_password()) == (False, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", ","), ("gb18030", "\t"), ("utf-16", ",")],
)
def test_csv_of_every_kind_says_the_same(tmp_path, at, encoding, delimiter):
    (tmp_path / "部门.csv").write_bytes(csv_of(COMPANY["组织架构"], delimiter).encode(encoding))
    (tmp_path / "人员.csv").write_bytes(csv_of(COMPANY["花名册"][1:], delimiter).encode(encoding))
    report = bring_in(tmp_path, at)
    assert (report.counts["departments"]["created"], report.counts["people"]["created"]) == (3, 3)
    assert Department.objects.get(name="市场部").source_key == "D1"


@pytest.mark.django_db
def test_two_people_of_one_name_are_not_guessed(tmp_path, at):
    people = [["账号", "姓名"], ["a", "张伟"], ["b", "张伟"]]
    matters = [["编号", "标题", "主责部门", "责任人"], ["m", "事项", "", "张伟"]]
    report = bring_in(write_book(tmp_path / "x.xlsx", {"人员": people, "协作事项": matters}), at)
    assert [each.value for each in report.problems if each.code == "integrations.person_unknown"] == ["张伟"]
    assert Collaboration.objects.get(source_key="m").lead is None


@pytest.mark.django_db
def test_rows_that_belong_to_no_matter_are_named(tmp_path, at):
    risks = [["协作事项编号", "风险描述"], ["nowhere", "雨"]]
    report = bring_in(write_book(tmp_path / "x.xlsx", {"风险": risks}), at)
    assert [(each.file, each.line, each.code, each.value) for each in report.problems] == [
        ("x.xlsx › 风险", 2, "integrations.belongs_nowhere", "nowhere")
    ]


@pytest.mark.django_db
def test_what_stands_beside_a_matter_is_kept_with_it(tmp_path, at):
    sheets = {
        "协作事项": [["编号", "标题", "所属版本"], ["m", "事项", "p"]],
        "变更记录": [["协作事项编号", "变更时间", "字段", "原值", "新值"], ["m", "2026-01-02", "status", "a", "b"],
                  ["m", "2026-01-02", "title", "x", "y"], ["m", "2026-02-03", "status", "b", "c"]],
        "版本计划": [["编号", "名称", "开始日期"], ["p", "一期", "2026-01-01"]],
        "测试报告": [["编号", "所属版本", "测试结论"], ["r", "p", "通过"]],
    }  # fmt: skip
    report = bring_in(write_book(tmp_path / "x.xlsx", sheets), at)
    assert {kind: counts["created"] for kind, counts in report.beside.items()} == {
        "programmes": 1, "changes": 2, "acceptance_reports": 1,
    }  # fmt: skip
    row = Collaboration.objects.get(source_key="m")
    assert row.parent.title == "一期"
    kept = [json.loads(annex.raw)["changes"] for annex in row.annexes.order_by("position")]
    assert [[change["new"] for change in changes] for changes in kept] == [["b", "y"], ["c"]]
    assert [(annex.kind, annex.source_key) for annex in row.parent.annexes.all()] == [("REPORT", "r")]


def test_a_mapping_that_cannot_be_used_says_where():
    sheet = Sheet("x.csv", "", [(1, ["标题", "名", "标题二"])])
    offered = recognise(sheet)
    wrong = type(offered)("x.csv", "", "collaborations", 1, offered.titles, ("goals", "nonsense", "goals"))
    assert [(each.code, each.place) for each in findings_of([wrong])] == [
        ("integrations.column_unknown", "sheet.0"), ("integrations.column_twice", "sheet.0"),
        ("integrations.column_missing", "sheet.0"),
    ]  # fmt: skip
    none = type(offered)("x.csv", "", "", 1, offered.titles, ("", "", ""))
    assert [each.code for each in findings_of([none])] == ["integrations.no_sheet_used"]


@pytest.mark.django_db
def test_a_mapping_file_corrects_what_was_recognised(tmp_path, at, capsys):
    sheets = {"甲": [["什么", "谁管", "哪天"], ["修门", "D1", "2026-05-06"]]}
    path = write_book(tmp_path / "x.xlsx", sheets)
    with pytest.raises(Refused):
        bring_in(path, at)
    assert main(["import", str(path), "--print-mapping"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["sheets"][0]["table"] == ""
    said["sheets"][0]["table"] = "collaborations"
    for column, name in zip(said["sheets"][0]["columns"], ("title", "lead_department", "created"), strict=True):
        column["field"] = name
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(said))
    report = bring_in(path, at, mapping)
    assert report.counts["collaborations"]["created"] == 1
    said["sheets"][0]["columns"][1]["field"] = "id"
    mapping.write_text(json.dumps(said))
    assert main(["import", str(path), "--mapping", str(mapping), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["collaborations"]["created"] == 1
    assert list(Collaboration.objects.order_by("pk").values_list("source_key", "title")) == [
        ("修门", "修门"), ("D1", "修门"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_refused_file_ends_with_1_and_a_sentence(tmp_path, capsys):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"%PDF-1.7 nothing of a workbook")
    assert main(["import", str(path)]) == 1
    assert "x.xlsx" in capsys.readouterr().err
    with pytest.raises(Unsafe):
        sheets_of([(path, path.name)])


@pytest.mark.alike
@pytest.mark.shared
@pytest.mark.django_db(transaction=True)
def test_both_real_organisations_come_in_from_their_workbooks_and_again_unchanged(real_folder, at):
    for name, expected in (("openeuler", (134, 1653, 615, 24)), ("kubernetes", (299, 1120, 654, 32))):
        report = bring_in(real_folder / f"{name}.xlsx", at)
        created = {kind: counts["created"] for kind, counts in (report.counts | report.beside).items()}
        kinds = ("departments", "people", "collaborations", "programmes")
        assert tuple(created[kind] for kind in kinds) == expected
        again = bring_in(real_folder / f"{name}.xlsx", at)
        assert {kind: counts["unchanged"] for kind, counts in (again.counts | again.beside).items()} == created


@pytest.mark.django_db
def test_a_file_is_found_from_the_folder_one_stands_in(tmp_path, at, monkeypatch):
    write_book(tmp_path / "company.xlsx")
    monkeypatch.chdir(tmp_path)
    assert bring_in(Path("company.xlsx"), at).counts["collaborations"]["created"] == 3
