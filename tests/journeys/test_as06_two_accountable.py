"""AS06: two answer for one task. The matrix is refused with both names, the draft is kept, the kick-off held."""

import pytest

from bihuan.records.models import Record
from tests import forms_samples as samples
from tests.doors import Doors
from tests.seeds import Seed
from tests.witness import last_entry, names_since

TASK = "推广素材"


@pytest.fixture
def matter(company, at) -> Seed:
    """Everything of the kick-off is there but the matrix."""
    matter = Seed.on("SEED_C", company, at)
    matter.carry_to("KICKOFF")
    matter.promise_needs()
    matter.minutes()
    matter.paper("F23")
    return matter


@pytest.fixture
def doors(matter, monkeypatch) -> Doors:
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: matter.at)
    return Doors(matter)


@pytest.fixture
def record(matter) -> Record:
    """A draft in which 市场部 and 产品部 both answer for the material."""
    record = matter.draft("F06", "产品经理")
    body = samples.matrix(matter.cast, matter.start, record.draft)
    cells = body["cells"]
    both = [row for row in cells if row["task"] == TASK]
    cells[cells.index(both[0])] = both[0] | {"letter": "A"}
    return matter.fill("F06", body)


def test_it_is_refused_at_both_doors_with_both_names_and_the_row_marked(matter, doors, record):
    before = last_entry()
    page = doors.page("产品经理").post(f"/records/{record.pk}/submit", {"revision": record.revision})
    shown = page.content.decode()
    row = [one["task"] for one in record.draft["tasks"]].index(TASK)
    assert (page.status_code, "产品部, 市场部" in shown or "市场部, 产品部" in shown) == (422, True)
    assert f'href="#f-tasks-{row}-task"' in shown
    answer = doors.program("产品经理").post(f"/records/{record.pk}/submit", {"seen_revision": record.revision})
    found = {finding["code"]: finding for finding in answer.json()["findings"]}
    assert (answer.status_code, found["plans.several_answer"]["place"]) == (422, f"tasks.{row}.task")
    assert {"plans.several_answer", "plans.nobody_does"} == found.keys()
    record.refresh_from_db()
    assert (record.status, record.current_version, record.draft["cells"] != []) == ("DRAFT", None, True)
    assert (matter.step, matter.in_the_way()[0]) == ("KICKOFF", ("collaborations.form_missing", "F06"))
    assert "records.record.submitted" not in names_since(before)


def test_with_one_who_answers_it_holds_and_the_work_begins(matter, doors, record):
    body = samples.matrix(matter.cast, matter.start, {**record.draft, "cells": []})
    saved = doors.program("产品经理").put(
        f"/records/{record.pk}/draft", {"body": body, "seen_revision": record.revision}
    )
    answer = doors.program("产品经理").post(f"/records/{record.pk}/submit", {"seen_revision": saved.json()["revision"]})
    assert (answer.status_code, matter.step) == (200, "KICKOFF")
    matter.sign_all("F06", "RACI")
    assert matter.step == "EXECUTE"
