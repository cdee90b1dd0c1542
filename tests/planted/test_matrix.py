"""Holes planted into rights; the permission matrix must turn red."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

MATRIX = "tests/matrix/test_matrix.py"
ROW = f"{MATRIX}::test_each_role_is_answered_as_the_table_says"
FAULTS = [
    Fault(
        "an operation forgets whose it is",
        "collaborations/operations/matters.py",
        "if not carries(actor, collaboration):",
        "if False:",
        f"{ROW}[POST-collaborations_change_lead-own]",
    ),
    Fault(
        "an object is fetched without asking who may see it",
        "plans/queries.py",
        'Task.objects.filter(access.visible(actor, at=at, path="collaboration__scope"), pk=pk)',
        "Task.objects.filter(pk=pk)",
        f"{ROW}[GET-plans_task-other]",
    ),
    Fault(
        "a page shows an administrator's form to everybody",
        "web/organisation/people.py",
        'require_administrator(request.actor)\n    context: dict[str, Any] = {"page": None',
        'context: dict[str, Any] = {"page": None',
        f"{ROW}[GET-organisation:add_person--]",
    ),
    Fault(
        "something is written on the way to a refusal",
        "web/issues/views.py",
        "found = queries.risk_for(actor, risk_id, at=at)\n",
        'found = queries.risk_for(actor, risk_id, at=at)\n    type(found).objects.update(outcome="seen")\n',
        f"{ROW}[POST-issues:close-own]",
    ),
    Fault(
        "a route comes without a row",
        "web/issues/urls.py",
        'name="risk"),',
        'name="risk"),\n    path("risks/<int:risk_id>/open", views.risk, name="open"),',
        f"{MATRIX}::test_every_route_has_a_row_for_each_of_its_methods",
    ),
    Fault(
        "a line of another department is decided by its id",
        "web/approvals/views.py",
        "slot.key == asked.key and slot.pk in on_page",
        "slot.pk in on_page",
        f"{MATRIX}::test_two_ids_that_do_not_belong_together_change_nothing[a line of another department]",
    ),
    Fault(
        "a route asks for another right than it names",
        "api/callers.py",
        "if self.scope not in found.scopes:",
        "if not found.scopes:",
        f"{MATRIX}::test_a_token_reaches_exactly_what_it_was_made_for",
    ),
]  # fmt: skip


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_hole_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
