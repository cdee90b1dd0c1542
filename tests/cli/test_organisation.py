"""`bihuan organisation`."""

import json

import pytest
from django.utils import translation

from bihuan.cli.main import main
from bihuan.organisation.models import Absence, Department, Deputy, Person, Post
from tests.witness import everything, last_entry, names_since

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys, at, monkeypatch):
    monkeypatch.setattr("bihuan.worker.clock.database_now", lambda: at)

    def ran(*words: str) -> tuple[int, str, str]:
        with translation.override("en"):
            code = main(["organisation", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def test_somebody_leaves_after_all_was_handed_over(company, run):
    held = json.loads(run("duties", "zhao", "--json")[1])["duties"]
    assert [duty["number"] for duty in held] == ["市场部 推广经理"]
    before = everything()
    code, out, err = run("leave", "zhao")
    assert (code, out) == (1, "")
    assert "市场部 推广经理" in err
    assert everything() == before
    assert run("hand-over", "zhao", "--to", "shan", "--reason", "离职")[:2] == (0, "1 handed over to shan.\n")
    assert run("leave", "zhao")[:2] == (0, "zhao has left.\n")
    assert Person.objects.get(username="zhao").is_active is False
    assert run("duties", "shan")[1].endswith("市场部 推广经理\n")


def test_a_post_ends_by_command_and_what_goes_with_it_is_said_before(company, run):
    before = everything()
    code, out, _err = run("end-post", "wang", "市场部", "--kind", "HEAD", "--on", "2026-12-01", "--preview")
    assert (code, out.split("\n")[0]) == (0, "in the same office besides: nobody")
    assert "decides for the department: 市场部 head 王敏, then " in out
    assert everything() == before
    assert run("end-post", "wang", "财务部")[0] == 1
    assert everything() == before
    assert run("end-post", "wang", "市场部", "--on", "2026-12-01")[:2] == (
        0, "wang is no longer HEAD in 市场部 from 2026-12-01.\n",
    )  # fmt: skip
    assert str(Post.objects.get(person__username="wang").ends_on) == "2026-12-01"


def test_deputies_and_absences_are_said_by_account(company, run):
    before = last_entry()
    assert run("deputy", "wang", "zhao", "--from", "2026-11-18", "--kind", "SIGNING")[0] == 0
    assert run("away", "wang", "--from", "2026-11-18", "--until", "2026-12-01", "--reason", "休假")[1] == (
        "wang is away from 2026-11-18 and back on 2026-12-01.\n"
    )
    assert [(row.deputy.username, row.kinds) for row in Deputy.objects.all()] == [("zhao", ["SIGNING"])]
    assert [row.person.username for row in Absence.objects.all()] == ["wang"]
    assert names_since(before) == ["organisation.deputy.named", "organisation.absence.noted"]
    assert run("deputy", "wang", "wang")[0] == 1
    assert run("away", "nobody-there", "--until", "2026-12-01")[0] == 1


def test_the_duty_list_is_kept_and_read(company, run):
    assert run("duty-list")[1] == "Nobody.\n"
    assert run("on-duty", "he", "--until", "2026-12-01")[0] == 0
    (turn,) = json.loads(run("duty-list", "--json")[1])["turns"]
    assert (turn["name"], turn["ends_on"], turn["is_now"]) == ("何静", "2026-12-01", True)
    assert run("duty-list")[1].endswith("2026-12-01  now\n")
    assert run("on-duty", "zhao")[0] == 1


def test_who_would_answer_to_what_is_said_and_nothing_is_written(company, run):
    before = everything()
    code, out, _err = run("merge", "财务部", "市场部", "--preview")
    assert code == 0
    assert "head of 财务部: no longer" in out
    assert "王敏" in out
    code, out, _err = run("split", "市场部", "品牌部", "--with", "shan", "--preview")
    assert code == 0
    assert "belongs to 品牌部: from then on 单雨薇" in out
    assert run("merge", "市场部", "市场部", "--preview")[0] == 1
    assert everything() == before


def test_departments_are_merged_and_split_by_name(company, run):
    assert run("merge", "财务部", "市场部")[:2] == (0, "财务部 went into 市场部; 0 matters follow.\n")
    assert Department.objects.get(name="财务部").merged_into.name == "市场部"
    code, _out, err = run("merge", "财务部", "市场部")
    assert (code, bool(err)) == (1, True)
    assert run("split", "市场部", "品牌部", "--with", "sun")[0] == 1
    assert run("split", "市场部", "品牌部", "--with", "shan")[0] == 0
    assert [post.person.username for post in Post.objects.filter(department__name="品牌部")] == ["shan"]


def test_changes_of_departments_are_planned_listed_and_cancelled(company, run):
    day = ("--from", "2027-01-01")
    assert run("plan", "市场部", *day, "--name", "品牌市场部", "--below", "产品部")[0] == 0
    assert run("merge", "财务部", "市场部", *day)[0] == 0
    assert run("split", "市场部", "品牌部", "--with", "shan", *day)[0] == 0
    told = json.loads(run("planned", "--json")[1])["planned"]
    assert [(card["department"], card["kind"], card["begins_on"]) for card in told] == [
        ("市场部", "CHANGED", "2027-01-01"), ("财务部", "MERGED", "2027-01-01"), ("市场部", "SPLIT", "2027-01-01"),
    ]  # fmt: skip
    assert (told[0]["name"], told[0]["parent"]) == ("品牌市场部", "产品部")
    for card in told:
        assert run("cancel-planned", str(card["id"]))[0] == 0
    assert run("planned")[1] == "Nothing.\n"
    assert run("cancel-planned", str(told[0]["id"]))[0] == 1
    code, _out, err = run("plan", "市场部", *day)
    assert (code, "as it is" in err) == (1, True)
    assert Department.objects.get(name="市场部").parent_id is None
