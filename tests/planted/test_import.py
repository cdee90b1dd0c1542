"""The import's reliability test turns red when the import is built wrongly."""

from typing import Any

import pytest
from django.core.management import call_command

from bihuan.integrations.neutral.run import run_import
from tests.integrations.folders import matters, write
from tests.integrations.killing import survives_kills
from tests.integrations.pictures import picture
from tests.planted.plant import Fault, assert_turns_red

FAULTS = [
    Fault(
        "a broken chunk is passed over",
        "integrations/handlers.py",
        "for _number in range(run.position):",
        "for _number in range(run.position + 1):",
        "tests/web/test_imports.py::test_a_chunk_that_breaks_is_taken_back_whole_and_tried_again",
    ),
    Fault(
        "rows of the organisation come in from the PMO",
        "integrations/handlers.py",
        "if chunk.rows in ORGANISATION and not may_import_organisation(person):",
        "if False:",
        "tests/web/test_imports.py::test_the_pmo_brings_matters_in_and_leaves_the_organisation",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)


def picture_without_runs() -> dict[str, Any]:
    """The picture, without the mark that the fault leaves on every key."""
    seen = picture()
    return {**seen, "matters": sorted((row[0].split("#")[0], *row[1:]) for row in seen["matters"])}


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_committed_without_a_key_come_in_twice_after_a_kill(tmp_path, at):
    folder = write(tmp_path, matters(30))
    run_import(folder, at=at)
    expected = picture()
    call_command("flush", interactive=False, verbosity=0)
    survives_kills(folder, expected, picture_without_runs, after=[], seed=1, fault="unkeyed")
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(AssertionError):
        survives_kills(folder, expected, picture_without_runs, after=[26], seed=1, fault="unkeyed")
