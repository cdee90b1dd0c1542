"""The same person in three spellings is one; who may be several stays as written and is told."""

import json

import pytest

from bihuan.collaborations.models import Collaboration
from bihuan.integrations.foreseeing import Before, foresee
from bihuan.integrations.neutral.fields import ORIGIN, TOLD, Row
from bihuan.integrations.neutral.run import run_import
from bihuan.integrations.neutral.work import known_before, work_of
from bihuan.integrations.queries import everything_before
from bihuan.integrations.tables.names import Elsewhere, Names
from bihuan.integrations.tables.source import opened
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.imported import names_known
from tests.integrations.books import write_book
from tests.integrations.folders import matter, write
from tests.integrations.test_run import counted
from tests.integrations.test_tables import bring_in

STAFF = [
    ("wang.min", ("wang.min", "王敏", "min.wang@acme.cn")),
    ("li.lei", ("li.lei", "李雷", "")),
    ("lilei2", ("lilei2", "李蕾", "")),
    ("ada", ("ada", "Ada Lovelace", "")),
]


@pytest.mark.parametrize(
    "said",
    ["王敏", "王 敏", "Wang Min", "wangmin", "WANG-MIN", "Min Wang", "min.wang@acme.cn", "王敏(wang.min)",
     "王敏 wang.min", "王敏（市场部）", "Wang Min <min.wang@acme.cn>", "@wang.min"],
)  # fmt: skip
def test_another_spelling_of_one_person_is_that_person(said: str) -> None:
    assert Names(STAFF, are_people=True).find(said) == "wang.min"


@pytest.mark.parametrize("said", ["li lei", "LiLei", "王敏（李雷）"])
def test_who_may_be_several_stays_as_written_and_each_is_told(said: str) -> None:
    names = Names(STAFF, are_people=True)
    assert names.find(said) == said
    assert [(code, value) for code, value, _meant in names.told] == [("may_be", said)]


@pytest.mark.parametrize("said", ["王民", "wm", "敏", "nobody@acme.cn", "市场部", "oe/TC", "Wang", ""])
def test_who_only_sounds_alike_or_is_cut_short_is_nobody(said: str) -> None:
    names = Names(STAFF, are_people=True)
    assert (names.find(said), names.told) == (said, [])


def test_only_another_spelling_is_told() -> None:
    names = Names(STAFF, are_people=True)
    names.all(["王敏", "wang.min", "Lovelace Ada"])
    assert names.told == [("taken_for", "Lovelace Ada", "ada")]


def test_who_stands_in_the_file_comes_before_who_is_known_from_elsewhere() -> None:
    elsewhere = Names([("old", ("old", "王敏", "")), ("zhao", ("zhao", "赵一", ""))])
    names = Names(STAFF, elsewhere, are_people=True)
    assert [names.find(said) for said in ("王敏", "赵一", "old")] == ["wang.min", "zhao", "old"]


@pytest.mark.django_db
def test_a_tracker_that_comes_later_finds_the_people_and_departments_that_are_there(tmp_path, at):
    bring_in(write_book(tmp_path / "company.xlsx"), at)
    operations.add_person(username="qian", name="钱进", actor=SYSTEM, at=at)
    rows = [
        ["编号", "项目名称", "牵头部门", "提出人", "负责人", "状态", "验收标准"],
        ["T1", "年会", "市场部", "钱进", "Wang Min", "进行中", "办完"],
    ]
    path = write_book(tmp_path / "later.xlsx", {"项目台账": rows})
    report = bring_in(path, at, elsewhere=Elsewhere(*names_known()))
    found = Collaboration.objects.get(source_key="T1")
    assert (found.lead.username, found.initiator.username, found.lead_department.name) == ("wang.min", "qian", "市场部")
    told = {(each.code, each.value, each.params.get("meant")) for each in report.problems}
    assert told == {
        ("integrations.taken_for", "Wang Min", "wang.min"),
        ("integrations.one_department", "", None),
        ("integrations.number_absent", "", None),
    }
    again = bring_in(path, at, elsewhere=Elsewhere(*names_known()))
    assert again.counts["collaborations"]["unchanged"] == 1
    assert Person.objects.count() == 4


@pytest.mark.parametrize("told", [5, [5], [["taken_for", 1, "x"]], [["key_twice", "a", "b"]], {"a": 1}])
def test_what_a_file_writes_where_remarks_are_handed_on_is_nothing(told: object) -> None:
    row = Row({}, "org.json", 1)
    row.take({ORIGIN: ["x.csv", 2], TOLD: told})
    assert (row.file, row.problems) == ("x.csv", [])


@pytest.mark.django_db
def test_a_workbook_behind_the_folder_meets_accounts_of_other_capitals_and_leaves_departments_in_their_organisation(
    tmp_path, at
):
    run_import(write(tmp_path / "folder", [matter()]), at=at)
    (tmp_path / "tables").mkdir()
    tables = {
        "people.csv": "账号,平台,姓名\nWang,mail,wang\nli,mail,li\nLI,mail,second\n",
        "departments.csv": "编号,名称,上级部门\nacme/sales,Sales,\nacme/new,New,\n",
    }
    for name, text in tables.items():
        (tmp_path / "tables" / name).write_text(text, encoding="utf-8")
    people = set(Person.objects.values_list("username", flat=True))
    with opened(tmp_path / "tables", elsewhere=Elsewhere(*names_known())) as ready:
        seen = [
            (entry.key, each.result)
            for chunk in work_of(ready.folder).chunks
            if chunk.rows == "departments"
            for entry, each in zip(chunk.entries, foresee(chunk, Before(), at), strict=True)
        ]
        report = run_import(ready.folder, at=at, problems=ready.problems)
    assert set(Person.objects.values_list("username", flat=True)) - people == {"mail:LI"}
    told = [(each.code, each.value) for each in report.problems if each.code == "integrations.taken_for"]
    assert told == [("integrations.taken_for", "mail:Wang")]
    parents = dict(Department.objects.values_list("source_key", "parent__source_key"))
    assert (parents["acme/sales"], parents["acme/new"]) == ("organisation:acme", None)
    assert seen == [("acme/sales", "unchanged"), ("acme/new", "created")]
    assert report.counts["departments"] == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}


@pytest.mark.django_db
def test_a_later_file_names_departments_that_came_in_before(tmp_path, at):
    bring_in(write_book(tmp_path / "company.xlsx"), at)
    assert Department.objects.get(source_key="D3").parent.source_key == "D1"
    later = {
        "部门": [["编号", "名称", "上级部门"], ["D3", "华东组", "市场部"], ["D4", "华南组", "D1"]],
        "员工": [
            ["工号", "姓名", "所属部门", "职务"],
            ["qian", "钱二", "市场部", "专员"],
            ["sun", "孙三", "没有的部", ""],
        ],
    }
    path = write_book(tmp_path / "later.xlsx", later)
    report = bring_in(path, at, elsewhere=Elsewhere(*names_known()))
    assert dict(
        Department.objects.filter(source_key__in=("D3", "D4")).values_list("source_key", "parent__source_key")
    ) == {
        "D3": "D1",
        "D4": "D1",
    }
    assert report.counts["departments"] == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}
    assert list(Post.objects.filter(person__username="qian").values_list("department__source_key", "title")) == [
        ("D1", "专员")
    ]
    assert [(each.code, each.value) for each in report.problems] == [("integrations.post_nowhere", "没有的部")]
    assert report.counts["posts"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1}


@pytest.mark.django_db
def test_a_later_list_of_departments_gives_and_never_takes_the_office_of_a_head(tmp_path, at):
    bring_in(write_book(tmp_path / "company.xlsx"), at)
    fang = Person.objects.create(username="fang.yuan", name="方圆")  # made by hand
    rows = [
        ["编号", "名称", "负责人", "接口人"],
        ["D2", "技术部", f"李雷;{fang.username}", "王敏"],
        ["D1", "市场部", "李雷", ""],
    ]
    path = write_book(tmp_path / "later.xlsx", {"部门": rows})
    known = everything_before()

    def those(kind):
        rows = Post.objects.filter(department__source_key__in=("D1", "D2"), kind=kind, ends_on=None)
        return sorted(rows.values_list("department__source_key", "person__name", "title"))

    report = bring_in(path, at, elsewhere=known)
    assert [(each.code, each.file, each.line, each.params) for each in report.problems] == [
        ("organisation.head_besides", "later.xlsx › 部门", 3, {"names": "王敏"})
    ]
    assert those("HEAD") == [("D1", "李雷", ""), ("D1", "王敏", "部长"), ("D2", "方圆", ""), ("D2", "李雷", "总监")]
    assert those("CONTACT") == [("D2", "王敏", "")]
    assert report.counts["posts"] == counted(created=3, unchanged=1)
    Post.objects.filter(department__source_key="D1", person__name="李雷").update(
        starts_on=day_of(at), ends_on=day_of(at)
    )
    again = bring_in(path, at, elsewhere=everything_before())
    assert ("organisation.post_ended_here", 3) in [(each.code, each.line) for each in again.problems]
    assert (again.counts["posts"], those("HEAD")[0]) == (counted(unchanged=4), ("D1", "王敏", "部长"))


@pytest.mark.django_db
def test_of_somebody_who_is_listed_elsewhere_the_posts_that_stay_are_told(tmp_path, at):
    bring_in(write_book(tmp_path / "company.xlsx"), at)
    rows = [
        ["zhao.yi", "赵一", "市场部", "专员"],
        ["wang.min", "王敏", "D1", "部长"],
    ]
    path = write_book(tmp_path / "roster.xlsx", {"员工": [["工号", "姓名", "所属部门", "职务"], *rows]})
    before = Before()
    with opened(path, elsewhere=everything_before()) as ready:
        work = work_of(ready.folder, besides=known_before())
        seen = [each.codes for chunk in work.chunks for each in foresee(chunk, before, at) if each.codes]
    report = bring_in(path, at, elsewhere=everything_before())
    told = ("organisation.posts_besides", {"names": "技术部、华东组"})
    assert [(each.code, each.params) for each in report.problems] == [told]
    assert [(each.code, each.params) for codes in seen for each in codes] == [told]
    assert Post.objects.filter(person__username="zhao.yi", ends_on=None).count() == 3
    assert bring_in(path, at, elsewhere=everything_before()).problems == []


@pytest.mark.django_db
def test_what_a_later_list_has_no_column_for_stays_with_departments_and_people(tmp_path, at):
    whole = {
        "部门": [
            ["编号", "名称", "上级部门", "类型", "职责"],
            ["D1", "市场部", "", "", ""],
            ["D2", "华东组", "D1", "小组", "卖"],
        ],
        "员工": [["工号", "姓名", "邮箱"], ["q2", "钱二", "q2@acme.cn"]],
    }
    bring_in(write_book(tmp_path / "whole.xlsx", whole), at)
    Department.objects.filter(source_key="D2").update(name_en="East")
    later = {
        "部门": [["编号", "名称", "负责人"], ["D2", "华东组", "q2"]],
        "员工": [["工号", "职务", "部门"], ["q2", "组长", "D2"]],
    }
    path = write_book(tmp_path / "later.xlsx", later)
    before = Before()
    with opened(path, elsewhere=everything_before()) as ready:
        chunks = work_of(ready.folder, besides=known_before()).chunks
        seen = [(chunk.rows, each.result) for chunk in chunks for each in foresee(chunk, before, at)]
    assert seen == [("departments", "unchanged"), ("people", "unchanged"), ("posts", "created")]
    report = bring_in(path, at, elsewhere=everything_before())
    assert (report.counts["departments"], report.counts["people"]) == (counted(unchanged=1), counted(unchanged=1))
    east = Department.objects.get(source_key="D2")
    kept = (east.parent.source_key, east.kind, east.description, east.name_en)
    assert kept == ("D1", "小组", "卖", "East")
    assert list(Person.objects.filter(username="q2").values_list("name", "email")) == [("钱二", "q2@acme.cn")]
    later["员工"] = [["工号", "姓名", "邮箱"], ["q2", "钱贰", ""]]
    bring_in(write_book(tmp_path / "later.xlsx", later), at, elsewhere=everything_before())
    assert list(Person.objects.filter(username="q2").values_list("name", "email")) == [("钱贰", "")]


@pytest.mark.django_db
def test_a_list_of_posts_alone_gives_them_to_those_who_are_in_already(tmp_path, at):
    bring_in(write_book(tmp_path / "company.xlsx"), at)
    fang = Person.objects.create(username="fang.yuan", name="方圆")  # made by hand
    rows = [["人员", "部门", "职务"], ["赵一", "D1", "顾问"], [fang.username, "D2", "教练"], ["谁也不是", "D1", "顾问"]]
    path = write_book(tmp_path / "posts.xlsx", {"任职": rows})
    for result in ("created", "unchanged"):
        before = Before()
        with opened(path, elsewhere=everything_before()) as ready:
            work = work_of(ready.folder, problems=ready.problems, besides=known_before())
            seen = [each.result for chunk in work.chunks for each in foresee(chunk, before, at)]
        report = bring_in(path, at, elsewhere=everything_before())
        assert seen == [result, result]
        assert report.counts["people"] == counted()
        assert report.counts["posts"] == counted(**{result: 2}, rejected=1)
        assert [
            (each.code, each.file, each.line, each.field, each.value, each.severity) for each in report.problems
        ] == [("integrations.post_of_nobody", "posts.xlsx › 任职", 4, "person", "谁也不是", "ERROR")]
    assert Person.objects.get(source_key="zhao.yi").name == "赵一"
    held = Post.objects.filter(title__in=("顾问", "教练"), ends_on=None).values_list(
        "person__name", "department__source_key"
    )
    assert sorted(held) == [("方圆", "D2"), ("赵一", "D1"), ("赵一", "D3")]
    assert not Person.objects.filter(name="谁也不是").exists()


@pytest.mark.django_db
def test_what_stands_beside_matters_is_counted_and_a_sheet_that_has_no_place_is_told(tmp_path, at):
    changes = [
        ["协作事项编号", "编号", "变更时间", "字段", "原值", "新值"],
        ["m", "c1", "2026-01-02", "status", "旧", "新"],
    ]
    sheets = {
        "协作事项": [["编号", "标题", "主责部门", "目标"], ["m", "事项甲", "", "卖出去"]],
        "变更记录": [*changes, ["nowhere", "c2", "2026-01-02", "status", "旧", "新"]],
        "部门例会": [
            ["部门", "标题", "星期", "时间"],
            ["D1", "周会", "周一", "09:00"],
            ["D1", "月会", "周二", "09:00"],
        ],
        "版本团队": [["所属版本", "角色", "负责人", "后备"], ["v1", "经理", "王敏", ""]],
    }
    first = bring_in(write_book(tmp_path / "whole.xlsx", sheets), at)
    assert first.beside == {"changes": counted(created=1, rejected=1)}
    assert sorted(
        (each.code, each.file, each.value) for each in first.problems if each.code.endswith(("nowhere", "left_out"))
    ) == [
        ("integrations.belongs_nowhere", "whole.xlsx › 变更记录", "nowhere"),
        ("integrations.belongs_nowhere", "whole.xlsx › 版本团队", "v1"),
        ("integrations.meetings_left_out", "whole.xlsx › 部门例会", "2"),
    ]
    sheets["变更记录"] = [*changes[:1], [*changes[1][:-1], "更新"], ["m", "c3", "2026-01-03", "status", "新", "完"]]
    report = bring_in(write_book(tmp_path / "whole.xlsx", sheets), at)
    assert report.beside == {"changes": counted(created=1, updated=1)}
    assert bring_in(tmp_path / "whole.xlsx", at).beside == {"changes": counted(unchanged=2)}


@pytest.mark.django_db
def test_what_a_file_has_no_column_and_no_table_for_stays(tmp_path, at):
    whole = {
        "部门": [["编号", "名称"], ["D1", "市场部"], ["D2", "技术部"]],
        "协作事项": [["编号", "标题", "主责部门", "目标", "备注栏"], ["m", "事项甲", "D1", "卖出去", "急"]],
        "参与部门": [["协作事项编号", "部门"], ["m", "D2"]],
        "验收标准": [["协作事项编号", "标准"], ["m", "卖出一千台"]],
        "里程碑": [["协作事项编号", "名称", "日期"], ["m", "上市", "2026-03-01"]],
        "变更记录": [["协作事项编号", "变更时间", "字段", "原值", "新值"], ["m", "2026-01-02", "status", "旧", "新"]],
    }
    bring_in(write_book(tmp_path / "whole.xlsx", whole), at)
    found = Collaboration.objects.get(source_key="m")
    annexes = list(found.annexes.values_list("kind", "raw"))
    assert len(annexes) == 1

    later = write_book(tmp_path / "later.xlsx", {"台账": [["编号", "标题", "目标"], ["m", "事项甲二期", ""]]})
    report = bring_in(later, at, elsewhere=everything_before())
    assert report.counts["collaborations"]["updated"] == 1
    found = Collaboration.objects.get(source_key="m")
    assert (found.title, found.lead_department.name) == ("事项甲二期", "市场部")
    assert list(found.parties.values_list("department__name", flat=True)) == ["技术部"]
    assert [each.text for each in found.criterions.all()] == ["卖出一千台"]
    assert [each.name for each in found.milestones.all()] == ["上市"]
    assert list(found.annexes.values_list("kind", "raw")) == annexes
    line = json.loads(found.source.raw)
    assert (line["other_columns"], line["goals"]) == ({"备注栏": "急"}, [])

    again = bring_in(later, at, elsewhere=everything_before())
    assert again.counts["collaborations"]["unchanged"] == 1


@pytest.mark.django_db
def test_a_department_made_by_hand_is_named_by_its_name_alone(tmp_path, at, company):
    market = Department.objects.get(name="市场部")
    tables = {
        "员工": [
            ["工号", "姓名", "所属部门", "职务"],
            ["q2", "钱二", "市场部", "专员"],
            ["sun", "孙三", "无名部", ""],
        ],
        "台账": [["编号", "标题", "牵头部门", "配合部门"], ["T1", "跟进大客户", "市场部", "技术部"]],
    }
    path = write_book(tmp_path / "x.xlsx", tables)
    with opened(path, elsewhere=everything_before()) as ready:
        chunks = [chunk for chunk in work_of(ready.folder, besides=known_before()).chunks if chunk.rows == "posts"]
        assert [each.result for chunk in chunks for each in foresee(chunk, Before(people={"q2"}), at)] == ["created"]
    report = bring_in(path, at, elsewhere=everything_before())
    assert Post.objects.get(person__username="q2").department == market
    found = Collaboration.objects.get(source_key="T1")
    assert (found.lead_department, found.parties.get().department.name) == (market, "技术部")
    assert [each.value for each in report.problems if each.code == "integrations.post_nowhere"] == ["无名部"]
    again = bring_in(path, at, elsewhere=everything_before())
    assert (again.counts["posts"]["unchanged"], again.counts["collaborations"]["unchanged"]) == (1, 1)


@pytest.mark.django_db
def test_of_two_departments_of_one_name_made_by_hand_none_is_meant(tmp_path, at, company):
    admin = company.actor("管理员")
    operations.add_department(name="市场部", actor=admin, at=at)
    path = write_book(tmp_path / "x.xlsx", {"台账": [["编号", "标题", "牵头部门"], ["T1", "跟进大客户", "市场部"]]})
    report = bring_in(path, at, elsewhere=everything_before())
    assert Collaboration.objects.get(source_key="T1").lead_department is None
    assert "integrations.department_unknown" in {each.code for each in report.problems}
