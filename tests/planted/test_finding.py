"""Holes planted into search, the portfolio and the export; a test must turn red."""

from pathlib import Path

import pytest

from tests.planted.plant import Fault, assert_turns_red

SEARCH = "tests/search/test_search.py"
FAULTS = [
    Fault(
        "search forgets to ask who may read",
        "search/queries.py",
        "Entry.objects.filter(access.visible(actor, at=at))",
        "Entry.objects",
        f"{SEARCH}::test_nobody_finds_what_he_may_not_read[0]",
    ),
    Fault(
        "the last character of a run is not indexed",
        "search/policy.py",
        "    yield run[-1]\n",
        "    yield from ()\n",
        f"{SEARCH}::test_words_are_found_wherever_they_stand_and_only_whole",
    ),
    Fault(
        "the index forgets a fact behind the ones it read",
        "search/operations.py",
        "update(length=facts[-1][0])",
        "update(length=facts[-1][0] + FACTS)",
        f"{SEARCH}::test_the_worker_looks_at_the_root_named_and_goes_on_while_something_is_behind",
    ),
    Fault(
        "the index keeps the scope in which a thing was",
        "search/operations.py",
        "digest=digest(said)",
        "digest=digest(said[1:])",
        f"{SEARCH}::test_a_thing_that_moves_into_another_scope_is_found_by_its_readers_only",
    ),
    Fault(
        "a formula goes out as it is",
        "documents/formulas.py",
        """return f"'{text}" if _looks_computed(text) else text""",
        "return text",
        "tests/integrations/test_neutral_out.py::test_workbooks_and_tables_hold_every_row_as_text_and_come_in_again",
    ),
    Fault(
        "an export takes what its owner may not read",
        "integrations/neutral_out/gathering.py",
        "rows = visible_to(actor, at=at).filter(pk__gt=after)",
        "rows = Collaboration.objects.filter(pk__gt=after)",
        "tests/integrations/test_neutral_out.py::test_nobody_takes_along_what_he_may_not_read",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault: Fault, tmp_path: Path) -> None:
    assert_turns_red(fault, tmp_path)
