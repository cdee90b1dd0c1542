"""What a process has read of working time is read again after every change, whoever makes it."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations, queries
from bihuan.organisation.models import (
    Calendar,
    CalendarDay,
    OfficialDay,
    OfficialYear,
    Site,
    WorkingHours,
    WorkingTimeMark,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


@pytest.fixture
def rows(company: Any, at: datetime) -> list[Any]:
    """One row of each table that working time is read from."""
    site = Site.objects.get(pk=operations.add_site(name="乌鲁木齐", time_zone="Asia/Urumqi", actor=SYSTEM, at=at).pk)
    calendar = Calendar.objects.create(site=site)
    year = OfficialYear.objects.create(country="CN", year=2030, loaded_at=at)
    return [
        OfficialDay.objects.create(year=year, day=DAY, is_off=True),
        year,
        CalendarDay.objects.create(calendar=calendar, day=DAY, kind="CLOSED"),
        WorkingHours.objects.create(calendar=calendar, starts_on=DAY, hours="10:00-16:00", country="CN"),
        calendar,
        site,
    ]


def closing(site: Site) -> int:
    return queries.schedule_of_site(site.pk).calendar_on(DAY.toordinal()).hours.usual_close(DAY.weekday()) // 60


def mark() -> str:
    return WorkingTimeMark.objects.get().mark


def test_every_row_added_changed_or_removed_sets_another_mark(rows) -> None:
    seen = [mark()]
    for row in rows:
        row.save()
        seen.append(mark())
        type(row).objects.filter(pk=row.pk).delete()
        seen.append(mark())
        type(row).objects.bulk_create([row])
        seen.append(mark())
        row.delete()
        seen.append(mark())
    assert len(set(seen)) == len(seen) == 25


def test_what_is_read_again_is_what_is_said_now(rows) -> None:
    *_, hours, _, site = rows
    assert closing(site) == 16
    WorkingHours.objects.filter(pk=hours.pk).update(hours="08:00-12:00")
    assert closing(site) == 12


def test_what_was_taken_back_is_not_kept(rows) -> None:
    *_, hours, _, site = rows
    before = closing(site)
    with transaction.atomic():
        WorkingHours.objects.filter(pk=hours.pk).update(hours="08:00-12:00")
        meant = closing(site)
        transaction.set_rollback(True)
    assert (before, meant, closing(site)) == (16, 12, 16)


def test_without_a_mark_nothing_is_kept(rows, django_assert_num_queries) -> None:
    WorkingTimeMark.objects.all().delete()
    for _ in range(2):
        with django_assert_num_queries(6):
            queries.schedule_of_site(None)


def test_while_nothing_changes_it_is_read_once(rows, django_assert_num_queries) -> None:
    with django_assert_num_queries(6):
        first = queries.schedule_of_site(rows[-1].pk)
    with django_assert_num_queries(1):
        assert queries.schedule_of_site(rows[-1].pk) is first
