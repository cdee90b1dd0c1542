"""Files of a company that lists no departments and gives its matters no numbers."""

import pytest

from bihuan.cli.main import main
from bihuan.collaborations.models import Collaboration
from bihuan.integrations.neutral.run import run_import
from bihuan.integrations.queries import everything_before
from bihuan.integrations.tables.keys import keys_in
from bihuan.integrations.tables.names import Names
from bihuan.integrations.tables.naming import Unlisted, founded, unlisted_in
from bihuan.integrations.tables.records import Record
from bihuan.integrations.tables.source import opened
from bihuan.organisation.models import Department, Post
from tests.integrations.books import write_book

STAFF = [
    ["工号", "姓名", "所属部门", "岗位"],
    ["a1", "周海川", "海川科技", "总经理"],
    ["a2", "王芳", "海川科技/市场部", "品牌经理"],
    ["a3", "刘洋", "财务部", "财务经理"],
    ["a4", "阿依古丽", "行政部", "行政主管"],
    ["a5", "欧阳修远", "财务部/行政部", "会计"],
    ["a6", "李雷", "海川科技 / 市场部；财务部", "分析师"],
]
TRACKER = [
    ["序号", "项目名称", "牵头部门", "配合部门"],
    [1, "双十一推广", "市场部", "财务部、法务部"],
    [2, "办公区搬迁", "行政部", "财务部/市场部"],
]
KNOWN = Names([("D1", ("市场部", "海川/市场部"))])


def people(*places):
    return {"people": [Record("x.xlsx", line, {"department": place}) for line, place in enumerate(places, 2)]}


def tracker(*rows):
    return [Record("x.xlsx", line, dict(row)) for line, row in enumerate(rows, 2)]


def bring_in(path, at, *, wanted=lambda each: each.people > 0):
    with opened(path, elsewhere=everything_before(), wanted=wanted) as ready:
        return run_import(ready.folder, at=at, problems=ready.problems)


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        (["市场部", "海川 / 市场部", "D1"], []),
        (["法务部", "法务部", "财务部"], [("法务部", 2), ("财务部", 1)]),
        (["法务部、财务部"], [("法务部", 1), ("财务部", 1)]),
        (["总部／法务部"], [("总部/法务部", 1)]),
        (["法务部/财务部", "法务部", "财务部"], [("法务部", 1), ("财务部", 1)]),
        (["法务部/市场部", "法务部"], [("法务部", 1)]),
        (["/法务部"], [("/法务部", 1)]),
    ],
)
def test_what_is_named_and_not_known_is_offered_and_a_list_of_names_is_no_way(said, offered):
    assert [(each.name, each.people) for each in unlisted_in(people(*said), KNOWN)] == offered


def test_what_stands_above_is_founded_with_it_once_and_below_what_is_known():
    rows = people("总部/华东/一部", "总部/华东/二部", "市场部/品牌组")
    wanted = [Unlisted(name, 1, 0) for name in ("总部/华东/一部", "总部/华东/二部", "市场部/品牌组")]
    made = [(each.line, *(each.text(name) for name in ("id", "name", "parent"))) for each in
            founded(wanted, rows, KNOWN)]  # fmt: skip
    assert made == [
        (2, "name:总部", "总部", None),
        (2, "name:总部/华东", "华东", "name:总部"),
        (2, "name:总部/华东/一部", "一部", "name:总部/华东"),
        (3, "name:总部/华东/二部", "二部", "name:总部/华东"),
        (4, "name:市场部/品牌组", "品牌组", "市场部"),
    ]


def test_a_matter_is_known_by_its_key_its_number_else_its_title_and_last_by_its_line():
    rows = tracker(
        {"id": "K", "number": "N", "title": "甲"}, {"number": "N", "title": "乙"}, {"title": " 丙\n事 ", "order": "1"},
        {"title": "丙 事", "order": "2"}, {"order": "3"}, {}, {"title": "长" * 300}, {"title": "长" * 301},
    )  # fmt: skip
    *keys, long, longer = keys_in(rows)
    assert keys == ["K", "N", "丙 事", "丙 事 #2", "3", ""]
    assert (len(long), len(longer), long != longer) == (200, 200, True)


@pytest.mark.django_db
def test_a_staff_list_alone_founds_the_departments_it_names(tmp_path, at):
    path = write_book(tmp_path / "staff.xlsx", {"花名册": STAFF, "台账": TRACKER})
    bare = bring_in(path, at, wanted=lambda each: False)
    assert bare.counts["posts"]["created"] == Department.objects.count() == 0
    report = bring_in(path, at)
    assert (report.counts["departments"]["created"], report.counts["posts"]["created"]) == (4, 8)
    assert Department.objects.get(name="市场部").parent.name == "海川科技"
    held = {}
    for post in Post.objects.select_related("person", "department").order_by("pk"):
        held.setdefault(post.person.username, []).append((post.department.name, post.is_main))
    assert held["a5"] == [("财务部", True), ("行政部", False)]
    assert held["a6"] == [("市场部", True), ("财务部", False)]
    first, second = Collaboration.objects.order_by("pk")
    assert (first.lead_department.name, second.lead_department.name) == ("市场部", "行政部")
    assert {party.department.name for party in second.parties.all()} == {"财务部", "市场部"}
    assert [each.value for each in report.problems if each.code == "integrations.department_unknown"] == ["法务部"]
    again = bring_in(path, at)
    assert {kind: sum(counts.values()) - counts["unchanged"] for kind, counts in again.counts.items()} == dict.fromkeys(
        again.counts, 0
    )


@pytest.mark.django_db
def test_rows_put_in_between_make_no_other_matter_of_those_below(tmp_path, at):
    sheets = {"花名册": STAFF, "台账": TRACKER, "里程碑": [["事项编号", "名称", "日期"], [2, "签约", "2026-12-01"]]}
    bring_in(write_book(tmp_path / "first.xlsx", sheets), at)
    moved = Collaboration.objects.get(title="办公区搬迁")
    assert [each["name"] for each in moved.source.content["milestones"]] == ["签约"]
    head, first, second = TRACKER
    later = {"台账": [head, [1, "年会", "行政部", "财务部"], [2, *first[1:]], [3, *second[1:]]]}
    report = bring_in(write_book(tmp_path / "later.xlsx", later), at)
    assert report.counts["collaborations"]["created"] == 1
    assert set(Collaboration.objects.values_list("source_key", "title")) == {
        ("年会", "年会"), ("双十一推广", "双十一推广"), ("办公区搬迁", "办公区搬迁"),
    }  # fmt: skip


@pytest.mark.django_db
def test_the_command_makes_them_when_asked_and_says_when_it_did_not(tmp_path, at, capsys):
    path = write_book(tmp_path / "staff.xlsx", {"花名册": STAFF})
    assert main(["import", str(path), "--dry-run"]) == 0
    assert "name 4 departments that no list has; --make-departments" in capsys.readouterr().out
    assert main(["import", str(path), "--dry-run", "--make-departments"]) == 0
    assert "--make-departments" not in capsys.readouterr().out
    assert Department.objects.count() == 0
    assert main(["import", str(path), "--make-departments"]) == 0
    assert set(Department.objects.values_list("name", flat=True)) == {"海川科技", "市场部", "财务部", "行政部"}
