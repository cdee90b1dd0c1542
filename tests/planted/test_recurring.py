"""A period that would be opened twice."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

FAULTS = [
    Fault(
        "a period is opened as often as it is delivered",
        "collaborations/operations/recurrence.py",
        "filter(pk=period.pk, opened_at__isnull=True).update(opened_at=at)",
        "filter(pk=period.pk).update(opened_at=at)",
        "tests/journeys/test_as26_monthly_report.py"
        "::test_when_september_ends_its_parts_are_owed_once_and_due_behind_the_holiday",
    ),
    Fault(
        "a period is accepted with a gap that nobody waived",
        "collaborations/operations/recurrence.py",
        "findings = [*not_settled(given), *check_findings(asked, checks)]",
        "findings = [*check_findings(asked, checks)]",
        "tests/journeys/test_as26_monthly_report.py"
        "::test_a_region_is_missing_and_the_report_is_only_final_with_its_data_or_a_waiver",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
