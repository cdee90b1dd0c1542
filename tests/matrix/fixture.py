from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.matrix.asking import everything
from tests.matrix.world import TODAY, World, clock_at, make_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once; every test of the module stands in it and leaves it as it was."""
    with django_db_blocker.unblock(), clock_at(TODAY):
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase does, for durable blocks
        with outer:
            world = make_world()
            world.rows = everything()
            yield world
            transaction.set_rollback(True)
