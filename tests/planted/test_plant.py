"""The planting itself, red and green."""

import pytest

from tests.planted.plant import Fault, NotPlanted, assert_turns_red, is_red, plant, run

TEST = "tests/config/test_checks.py::test_a_safe_production_has_nothing_to_mend"
FILE = "config/checks.py"


def fault(old: str, new: str, test: str = TEST) -> Fault:
    return Fault("planted", FILE, old, new, test)


@pytest.mark.planted
def test_a_fault_that_matters_turns_the_test_red(tmp_path):
    assert_turns_red(fault("SECRET_LENGTH = 50", "SECRET_LENGTH = 500"), tmp_path)


@pytest.mark.planted
def test_a_fault_that_does_not_matter_leaves_it_green(tmp_path):
    with pytest.raises(AssertionError, match="does not notice"):
        assert_turns_red(fault("SECRET_LENGTH = 50", "SECRET_LENGTH = 49"), tmp_path)


@pytest.mark.planted
def test_a_package_that_does_not_load_is_not_red(tmp_path):
    finished = run(TEST, plant(fault("SECRET_LENGTH = 50", "SECRET_LENGTH = ("), tmp_path))
    assert finished.code != 0
    assert not is_red(finished)


def test_a_fault_whose_place_is_gone_is_refused(tmp_path):
    with pytest.raises(NotPlanted, match="0 times"):
        plant(fault("this stands nowhere", ""), tmp_path)
