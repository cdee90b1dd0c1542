"""Two people at the same moment, each on a connection of his own."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from bihuan.kernel.errors import Stale
from bihuan.records import operations
from bihuan.records.models import Counter, Record, Version
from tests.records.cast import AT, make_cast
from tests.records.test_operations import GOOD

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts at the same moment; what each gave or raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        barrier.wait()
        try:
            results[index] = act()
        except Stale as refused:
            results[index] = refused
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_of_two_who_save_at_once_one_is_told():
    cast = make_cast()
    record = cast.start()

    results = at_once(lambda: cast.save(record, title="first"), lambda: cast.save(record, title="second"))

    assert sorted(isinstance(result, Stale) for result in results) == [False, True]
    kept = next(result for result in results if isinstance(result, Record))
    assert Record.objects.get().draft == kept.draft


def test_a_form_submitted_twice_at_once_is_frozen_once():
    cast = make_cast()
    record = cast.start(**GOOD)

    results = at_once(lambda: cast.submit(record), lambda: cast.submit(record))

    assert sorted(isinstance(result, Stale) for result in results) == [False, True]
    assert Version.objects.count() == 1
    assert Counter.objects.get().last == 1


def test_numbers_allotted_at_once_are_all_different():
    def allot():
        with transaction.atomic():
            return operations.allot("at-once", at=AT)

    assert sorted(at_once(*[allot] * 4)) == [1, 2, 3, 4]
