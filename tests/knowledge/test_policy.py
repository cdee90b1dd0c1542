from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from bihuan.knowledge.forms import ARCHIVE
from bihuan.knowledge.policy import ArchiveContext, Filed, Part, check, computed, parts_of
from tests import forms_samples
from tests.clean_bodies import CAST, MATTER, any_shape, bodies, can_be_told, clean, department, said

Body = dict[str, Any]
WANTED = ("F01", "F03", "F04", "F05", "F26", "F09", "F16", "F17")
FILED = {form: [Filed(form, f"XZ-2026-0001-{form}-01", 1)] for form in WANTED}
PARTS = tuple(parts_of(FILED, WANTED))
CONTEXT = ArchiveContext(MATTER, PARTS)


def archive(context: ArchiveContext = CONTEXT, **fields: Any) -> Body:
    return {**clean(ARCHIVE, forms_samples.archive(CAST, [part.id for part in context.parts])), **fields}


def found(body: Body, context: ArchiveContext = CONTEXT) -> list[tuple[str, str, Body]]:
    return said(check(body, context))


def test_a_whole_archive_may_be_submitted():
    assert found(archive()) == []


def test_the_archive_of_seed_b_holds_what_the_playbook_asks_for():
    assert [part.form for part in PARTS] == ["F01", "F03", "F04", "F05", "F26", "F09", "F16", "F17"]


def test_a_missing_form_refuses_the_archive_unless_it_is_explained():
    """AS30: no acceptance report."""
    context = replace(CONTEXT, parts=tuple(parts_of({**FILED, "F16": []}, WANTED)))
    body = archive(context)
    assert found(body, context) == [("knowledge.part_missing", "checklist.6.waived_reason", {"form": "F16"})]
    body["checklist"][6]["waived_reason"] = "验收在纸面完成，原件存产品部"
    assert found(body, context) == []


def test_a_line_of_the_checklist_cannot_be_left_out():
    body = archive()
    del body["checklist"][0]
    assert found(body) == [("knowledge.line_missing", "checklist", {"form": "F01"})]


def test_risks_and_weekly_tables_each_have_a_line():
    two = [Filed("F11", "XZ-2026-0001-FX001", 1), Filed("F11", "XZ-2026-0001-FX002", 3)]
    parts = parts_of({"F11": two}, ("F01",))
    assert parts == [Part("F01", "F01", None), Part("F11", "F11", two[0]), Part("F11-2", "F11", two[1])]
    assert parts_of({"F11": two}, ("F11",)) == parts[1:]
    assert computed(tuple(parts))["checklist"] == [
        {"id": "F01", "form_type": "F01", "form_no": "", "version": None, "present": False},
        {"id": "F11", "form_type": "F11", "form_no": "XZ-2026-0001-FX001", "version": 1, "present": True},
        {"id": "F11-2", "form_type": "F11", "form_no": "XZ-2026-0001-FX002", "version": 3, "present": True},
    ]


@pytest.mark.parametrize(
    ("right", "agrees", "is_owner", "is_refused"),
    [
        ("NAMED", None, False, False),
        ("MANAGEMENT", None, False, False),
        ("OWN_DEPT", None, False, False),
        ("RELATED_DEPTS", None, False, False),
        ("ALL_STAFF", None, True, True),
        ("ALL_STAFF", True, False, True),
        ("ALL_STAFF", True, True, False),
    ],
)
def test_more_readers_than_the_parts_have_need_the_owner(right: str, agrees: bool, is_owner: bool, is_refused: bool):
    body = archive(read_right=right, owner_agrees=agrees)
    expected = [("knowledge.wider_than_parts", "read_right", {})] if is_refused else []
    assert found(body, replace(CONTEXT, filler_is_owner=is_owner)) == expected


def test_heads_and_the_own_department_are_different_readers():
    context = replace(CONTEXT, widest_right="OWN_DEPT")
    assert found(archive(read_right="MANAGEMENT"), context) == [("knowledge.wider_than_parts", "read_right", {})]
    assert found(archive(read_right="OWN_DEPT"), context) == []
    assert found(archive(read_right="OWN_DEPT"), replace(context, widest_right="")) == [
        ("knowledge.wider_than_parts", "read_right", {})
    ]


def test_an_archive_is_as_secret_as_its_most_secret_part():
    context = replace(CONTEXT, highest_secrecy="SECRET", widest_right="ALL_STAFF")
    assert found(archive(), context) == [("knowledge.less_secret_than_parts", "secrecy", {})]
    assert found(archive(secrecy="SECRET"), context) == []
    assert found(archive(secrecy=""), context) == []
    assert found(archive(secrecy="SECRET", read_right="ALL_STAFF"), context) == [
        ("knowledge.secret_open_to_all", "read_right", {})
    ]


def test_an_unusual_place_of_the_original_and_a_missing_copy_are_pointed_out():
    body = archive(original_with=department(2), copies_to=[{"id": "a", "dept": department(3)}])
    findings = check(body, CONTEXT)
    assert said(findings) == [
        ("knowledge.original_elsewhere", "original_with", {"department": "市场部"}),
        ("knowledge.no_copy", "copies_to", {"department": "运营部"}),
    ]
    assert not any(finding.is_error for finding in findings)


@any_shape
@given(bodies(ARCHIVE))
def test_an_archive_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(ARCHIVE, check(body, CONTEXT))
