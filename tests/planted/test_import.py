"""The import's reliability test turns red when the import is built wrongly."""

import pytest
from django.core.management import call_command

from bihuan.integrations.neutral.run import run_import
from tests.integrations.folders import matters, write
from tests.integrations.killing import survives_kills
from tests.integrations.pictures import picture


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_committed_without_a_key_come_in_twice_and_are_found(tmp_path, at):
    folder = write(tmp_path, matters(30))
    run_import(folder, at=at)
    expected = picture()
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(AssertionError):
        survives_kills(folder, expected, picture, kills=1, seed=1, fault="unkeyed")
