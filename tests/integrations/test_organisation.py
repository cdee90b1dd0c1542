from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bihuan.integrations.neutral.organisation import (
    Organisation,
    ReadDepartment,
    ReadPerson,
    ReadPost,
    read_organisation,
)
from bihuan.integrations.neutral.problems import Unreadable
from tests.integrations.folders import DEPARTMENTS, PEOPLE, org, write


def read(folder: Path, **sections: Any) -> Organisation:
    return read_organisation(write(folder, [], **sections))


def told(found: Organisation) -> list[tuple[str, str, str]]:
    return [(problem.code.split(".")[1], problem.field, problem.value) for problem in found.problems]


def test_organisations_stand_above_their_departments_and_parents_before_children(tmp_path):
    found = read(tmp_path, departments=[DEPARTMENTS[1], DEPARTMENTS[0], DEPARTMENTS[2]])
    assert [each.key for each in found.departments] == [
        "organisation:acme", "acme/sales", "acme/tech", "acme/sales/east",
    ]  # fmt: skip
    assert found.departments[1] == ReadDepartment(
        key="acme/sales", name="Sales", parent_key="organisation:acme", kind="department",
        description="市场部\n\nSell.", head_keys=("mail:wang",), time_zone="Asia/Shanghai",
    )  # fmt: skip
    assert (found.departments[3].parent_key, found.departments[3].is_active) == ("acme/sales", False)
    assert found.problems == []


def test_a_head_with_a_role_has_one_post_and_a_head_without_a_role_has_one_too(tmp_path):
    assert read(tmp_path).people == [
        ReadPerson("mail:wang", "wang", (ReadPost("acme/sales", "chair", "HEAD"),)),
        ReadPerson("mail:li", "li", (ReadPost("acme/tech", "", "HEAD", any_title=True),)),
        ReadPerson("mail:zhao", "zhao", (ReadPost("acme/tech", "engineer"), ReadPost("acme/sales/east", "adviser"))),
    ]


def test_a_circle_of_departments_is_cut_once_and_told(tmp_path):
    found = read(tmp_path, departments=[
        {"id": "a", "org": "acme", "name": "A", "parent": "b"},
        {"id": "b", "org": "acme", "name": "B", "parent": "c"},
        {"id": "c", "org": "acme", "name": "C", "parent": "a"},
        {"id": "d", "org": "acme", "name": "D", "parent": "d"},
    ], people=[])  # fmt: skip
    above = {each.key: each.parent_key for each in found.departments}
    assert above == {
        "organisation:acme": "", "a": "organisation:acme", "c": "a", "b": "c", "d": "organisation:acme",
    }  # fmt: skip
    assert told(found) == [("parent_circle", "parent", "b"), ("parent_circle", "parent", "d")]


def test_a_tree_of_a_thousand_levels_is_cut(tmp_path):
    deep = [{"id": "0", "org": "acme", "name": "0"}]
    deep += [{"id": str(n), "org": "acme", "name": str(n), "parent": str(n - 1)} for n in range(1, 1000)]
    found = read(tmp_path, departments=deep, people=[])
    assert {code for code, _, _ in told(found)} == {"parent_too_deep"}
    assert len(found.departments) == 1001


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"parent": "nowhere"}, ("parent_unknown", "parent", "nowhere")),
        ({"org": "other"}, ("organisation_unknown", "org", "other")),
        ({"heads": ["mail:nobody"]}, ("person_unknown", "heads", "mail:nobody")),
        ({"name": None}, ("name_missing", "name", "")),
        ({"name": "x" * 201}, ("too_long", "name", "x" * 200 + "…")),
        ({"heads": "mail:wang"}, ("wrong_type", "heads", "mail:wang")),
        ({"heads": ["mail:wang", 7.5]}, ("wrong_type", "heads.1", "7.5")),
        ({"mission": "a\u0000b"}, ("unstorable_character", "mission", "a\\x00b")),
        ({"mission": "a\ud800b"}, ("unstorable_character", "mission", "a\\ud800b")),
    ],
)
def test_an_odd_value_of_a_department_is_told_and_the_department_comes_in(tmp_path, changes, expected):
    found = read(tmp_path, departments=[{**DEPARTMENTS[0], **changes}], people=PEOPLE[:1])
    assert expected in told(found)
    assert [each.key for each in found.departments] == ["organisation:acme", "acme/sales"]
    assert found.problems[0].line == 9


def test_a_row_without_a_usable_id_of_its_own_stays_outside(tmp_path):
    people = [PEOPLE[0], {"handle": "x"}, {"id": 7}, PEOPLE[0], "text", {"id": "k" * 201}]
    found = read(tmp_path, people=people)
    assert [person.key for person in found.people] == ["mail:wang"]
    assert [code for code, _, _ in told(found)][:5] == [
        "key_missing", "key_missing", "key_twice", "wrong_type", "key_too_long",
    ]  # fmt: skip
    assert found.rejected == {"organisations": 0, "departments": 0, "people": 5, "groups": 0, "posts": 0}


def test_a_role_in_an_unknown_department_is_told_and_the_person_comes_in(tmp_path):
    odd = {"id": "mail:x", "handle": "x", "roles": [{"department": "nowhere", "role": "chair"}, "text"]}
    found = read(tmp_path, people=[*PEOPLE, odd])
    assert found.people[-1] == ReadPerson("mail:x", "x", ())
    assert told(found) == [("wrong_type", "roles.1", "text"), ("post_nowhere", "roles.0.department", "nowhere")]
    assert found.rejected["posts"] == 1


def test_a_section_that_is_no_list_is_told(tmp_path):
    found = read(tmp_path, people={"a": 1})
    assert ("wrong_type", "people", "{'a': 1}") in told(found)
    assert found.people == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[]", "file_not_json"),
        (b'{"people": [', "file_not_json"),
        (b'{"people": [NaN]}', "file_not_json"),
        (b'{"people": []} x', "file_not_json"),
        (b'{"people": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "file_not_json"),
        (b"\xff\xfe{", "file_not_utf8"),
        (b"", "file_not_json"),
    ],
)
def test_a_file_that_is_no_organisation_is_named(tmp_path, content, code):
    (tmp_path / "org.json").write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read_organisation(tmp_path)
    assert caught.value.finding.code == f"integrations.{code}"
    assert caught.value.finding.params["file"] == "org.json"


def test_a_byte_order_mark_does_no_harm(tmp_path):
    folder = write(tmp_path, [])
    (folder / "org.json").write_bytes(b"\xef\xbb\xbf" + (folder / "org.json").read_bytes())
    assert len(read_organisation(folder).people) == len(org()["people"])


@pytest.mark.shared
def test_both_real_organisations_come_in_whole(real_folder):
    found = read_organisation(real_folder)
    assert (len(found.departments), len(found.people)) == (2 + 433, 2773)
    assert Counter(each.code for each in found.problems) == {"integrations.time_zones_several": 5}
    assert Counter(each.time_zone for each in found.departments) == {
        "": 317, "Asia/Shanghai": 63, "America/Los_Angeles": 38, "UTC": 13,
        "America/New_York": 2, "Europe/Warsaw": 1, "CET": 1,
    }  # fmt: skip
    assert sum(len(person.posts) for person in found.people) == 2594
