import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bihuan.collaborations.imports import (
    ImportedAsk,
    ImportedCriterion,
    ImportedDate,
    ImportedMatter,
    ImportedMilestone,
)
from bihuan.integrations.neutral.matters import ReadLine, read_matters
from bihuan.integrations.neutral.organisation import Known, read_organisation
from bihuan.kernel.findings import Severity
from tests.integrations.folders import matter, write


def read(folder: Path, *lines: Any) -> list[ReadLine]:
    write(folder, list(lines))
    return list(read_matters(folder, read_organisation(folder).known))


def told(line: ReadLine) -> list[tuple[str, str, str]]:
    return [(problem.code.split(".")[1], problem.field, problem.value) for problem in line.problems]


def test_a_plain_matter_comes_in_whole(tmp_path):
    (line,) = read(tmp_path, matter())
    assert line.problems == ()
    assert line.matter == ImportedMatter(
        source_key="acme/1", raw=json.dumps(matter()), digest=line.matter.digest, organisation="acme", kind="proposal",
        language="en", number="1", number_raw="1", title="Sell more", summary="In short.", background="Why.",
        goals=("Twice as much",), non_goals=("Abroad",), lead_department_key="acme/sales",
        participant_keys=("acme/tech",), requester_key="mail:wang", owner_keys=("mail:wang",),
        approver_keys=("mail:li",), reviewer_keys=("mail:zhao",), status="approved", status_raw="Accepted",
        created=ImportedDate(date(2023, 5, 14), "2023-05-14"), updated=ImportedDate(date(2023, 6, 1), "2023-06-01"),
        milestones=(ImportedMilestone("alpha", ImportedDate(date(2023, 7, 1), "v1"), "mail:li"),),
        criteria=(ImportedCriterion("It sells.", "alpha"),), risks=("Rain",),
        asks=(ImportedAsk("Two people", "acme/tech"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"created": "2023-14-05"}, ("not_a_day", "created", "2023-14-05")),
        ({"created": None, "created_raw": "2023-14-05"}, ("not_a_day", "created_raw", "2023-14-05")),
        ({"updated": "v1.27"}, ("not_a_day", "updated", "v1.27")),
        ({"updated": "2020-01-01"}, ("updated_before_created", "updated", "2020-01-01")),
        ({"lead_department": "sig-arch"}, ("department_unknown", "lead_department", "sig-arch")),
        ({"lead_department": None}, ("lead_missing", "lead_department", "")),
        ({"participating_departments": ["x"]}, ("department_unknown", "participating_departments", "x")),
        ({"owners": []}, ("owner_missing", "owners", "")),
        ({"requester": None}, ("requester_missing", "requester", "")),
        ({"owners": ["mail:nobody"]}, ("person_unknown", "owners", "mail:nobody")),
        ({"approvers": ["mail:wang"]}, ("approver_is_author", "approvers", "mail:wang")),
        ({"approvers": ["mail:li", "mail:li"]}, ("listed_twice", "approvers", "mail:li")),
        ({"number": None, "number_raw": "待补充"}, ("number_missing", "number", "待补充")),
        ({"number": "2043", "number_raw": "1884"}, ("number_differs", "number", "2043")),
        ({"number": 1}, ("wrong_type", "number", "1")),
        ({"title": "长" * 61}, ("title_long", "title", "长" * 61)),
        ({"title": "长" * 501}, ("too_long", "title", "长" * 200 + "…")),
        ({"title": ""}, ("title_missing", "title", "")),
        ({"title": ["a"]}, ("wrong_type", "title", "['a']")),
        ({"title": "a\u0000b"}, ("unstorable_character", "title", "a\\x00b")),
        ({"status": None, "status_raw": "imlpemented"}, ("status_unknown", "status", "imlpemented")),
        ({"milestones": [{"name": "a", "raw": "TBD"}]}, ("milestone_without_day", "milestones.0.date", "TBD")),
        ({"milestones": [{"name": "a", "date": "2023-02-30"}]}, ("not_a_day", "milestones.0.date", "2023-02-30")),
        ({"milestones": [{"name": "a", "odd": ["late"]}]}, ("remark", "milestones.0.odd", "late")),
        ({"milestones": ["soon"]}, ("wrong_type", "milestones.0", "soon")),
        ({"goals": "more"}, ("wrong_type", "goals", "more")),
        ({"risks": {"a": 1}}, ("wrong_type", "risks", "{'a': 1}")),
        ({"resource_asks": [{"department": "x"}]}, ("department_unknown", "resource_asks.0.department", "x")),
        ({"odd": ["row has 3 cells"]}, ("remark", "odd", "row has 3 cells")),
        ({"odd_people": [{"field": "editor", "raw": "TBD"}]}, ("person_not_resolved", "editor", "TBD")),
        ({"dangling_departments": [{"field": "sig", "raw": "Infra"}]}, ("department_unknown", "sig", "Infra")),
    ],
)  # fmt: skip
def test_an_odd_value_is_told_with_its_field_and_the_matter_comes_in_with_it(tmp_path, changes, expected):
    (line,) = read(tmp_path, matter(**changes))
    assert expected in told(line)
    assert {problem.severity for problem in line.problems} == {Severity.WARNING}
    assert line.matter is not None
    assert json.loads(line.matter.raw) == matter(**changes)
    assert [finding.place for finding in line.matter.findings] == [problem.field for problem in line.problems]
    assert (line.problems[0].file, line.problems[0].line, line.problems[0].row) == ("collaborations.jsonl", 1, "acme/1")


def test_what_is_no_day_is_kept_raw(tmp_path):
    first, second = read(tmp_path, matter(created="2023-14-05"), matter(id="2", created=None, created_raw="yyyy-mm-dd"))
    assert first.matter.created == ImportedDate(None, "2023-14-05")
    assert second.matter.created == ImportedDate(None, "yyyy-mm-dd")


def test_a_group_or_a_department_may_stand_where_people_are_expected(tmp_path):
    (line,) = read(tmp_path, matter(approvers=["group:acme/board", "acme/tech"]))
    assert line.problems == ()
    assert line.matter.approver_keys == ("group:acme/board", "acme/tech")


def test_a_number_used_twice_is_told_at_the_second_and_both_come_in(tmp_path):
    first, second, other = read(tmp_path, matter(), matter(id="acme/2"), matter(id="acme/3", org="other"))
    assert first.problems == other.problems == ()
    assert told(second) == [("number_twice", "number", "1")]
    assert dict(second.problems[0].params) == {"other": "acme/1"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "line_not_json"),
        (b'{"id": "x"} {"id": "y"}', "line_not_json"),
        (b'{"id": NaN}', "line_not_json"),
        (b'{"id": ' + b"9" * 5000 + b"}", "line_not_json"),
        (b'{"id": "x", "a": ' + b"[" * 65 + b"]" * 65 + b"}", "line_too_deep"),
        (b"[" * 100_000, "line_too_deep"),
        (b"[1, 2]", "wrong_type"),
        (b'{"title": "no id"}', "key_missing"),
        (b'{"id": 5}', "key_missing"),
        (b'{"id": ""}', "key_missing"),
        (b'{"id": "\xff"}', "line_not_utf8"),
        (b'{"id": "\x00"}', "nul_in_line"),
    ],
)
def test_a_line_that_cannot_come_in_is_told_and_the_next_one_does(tmp_path, line, code):
    odd, good = read(tmp_path, line, matter())
    assert odd.matter is None
    assert [(problem.code, problem.line, problem.severity) for problem in odd.problems] == [
        (f"integrations.{code}", 1, Severity.ERROR)
    ]
    assert (good.number, good.matter.source_key) == (2, "acme/1")


def test_a_second_row_with_the_same_id_stays_outside(tmp_path):
    first, second = read(tmp_path, matter(), matter(title="Other"))
    assert (first.matter.title, second.matter) == ("Sell more", None)
    assert dict(second.problems[0].params) == {"first": 1}


def test_the_digest_follows_the_line_and_what_was_found_but_not_the_place(tmp_path):
    (alone,) = read(tmp_path, matter())
    _, moved = read(tmp_path, matter(id="acme/0", number="0", number_raw="0"), matter())
    (changed,) = read(tmp_path, matter(title="Sell less"))
    unresolved = next(iter(read_matters(write(tmp_path, [matter()]), Known())))
    assert alone.matter.digest == moved.matter.digest
    assert len({alone.matter.digest, changed.matter.digest, unresolved.matter.digest}) == 3


def test_text_of_every_kind_is_kept_as_it_is(tmp_path):
    title = "<b>=1+1</b> \u202eabc 𠮷🙂 '; DROP TABLE"
    (line,) = read(tmp_path, matter(title=title))
    assert (line.matter.title, line.problems) == (title, ())


@pytest.mark.shared
def test_every_real_matter_is_read_and_keeps_its_line(real_folder):
    with (real_folder / "collaborations.jsonl").open(encoding="utf-8") as handle:
        written = [line.strip() for line in handle]
    found = list(read_matters(real_folder, read_organisation(real_folder).known))
    assert [line.matter.raw for line in found if line.matter] == written
    codes = [problem.code.removeprefix("integrations.") for line in found for problem in line.problems]
    assert {
        code: codes.count(code)
        for code in ("not_a_day", "approver_is_author", "owner_missing", "lead_missing", "title_long")
    } == {"not_a_day": 8, "approver_is_author": 33, "owner_missing": 65, "lead_missing": 85, "title_long": 51}
