from dataclasses import replace

from bihuan.collaborations import forms
from bihuan.collaborations.policy.filing import FilingContext, check, computed
from tests import forms_samples
from tests.clean_bodies import clean, said

ALL = FilingContext(approval_present=True, duty_table_complete=True, resources_answered=True)
FILING = clean(forms.FILING, forms_samples.filing())


def test_an_approved_and_answered_plan_may_be_filed():
    assert check(FILING, ALL) == []
    assert computed(ALL) == {
        "checks": {"approval_present": True, "duty_table_complete": True, "resources_answered": True}
    }


def test_a_plan_without_approval_is_not_filed():
    assert said(check(FILING, replace(ALL, approval_present=False))) == [
        ("collaborations.filing_without_approval", "checks.approval_present", {})
    ]


def test_an_answer_not_given_is_told_once_by_the_form_itself():
    assert check(FILING | {"confirmed": None}, ALL) == []


def test_everything_that_is_missing_before_filing_is_named():
    nothing = FilingContext(approval_present=False, duty_table_complete=False, resources_answered=False)
    found = check({"confirmed": False}, nothing)
    assert said(found) == [
        ("collaborations.filing_without_approval", "checks.approval_present", {}),
        ("collaborations.filing_without_duty_table", "checks.duty_table_complete", {}),
        ("collaborations.filing_without_answers", "checks.resources_answered", {}),
        ("collaborations.filing_not_confirmed", "confirmed", {}),
    ]
    assert all(forms.FILING.trail(finding.place) for finding in found)
