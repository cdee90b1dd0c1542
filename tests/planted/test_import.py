"""The import's reliability test turns red when the import is built wrongly."""

from typing import Any

import pytest
from django.core.management import call_command

from bihuan.integrations.neutral.run import run_import
from tests.integrations.folders import matters, write
from tests.integrations.killing import survives_kills
from tests.integrations.pictures import picture


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
