"""The browser of the tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from scripts.chromium import launched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ended with its module: Playwright's loop runs in this thread, and Django refuses the database beside a loop."""
    with launched() as browser:
        yield browser
