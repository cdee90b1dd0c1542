"""The browser of the tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from scripts.chromium import launched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ended with its module: Playwright's loop runs in this thread, and Django refuses the database beside a loop."""
    expect.set_options(timeout=15_000)  # a busy machine is waited for; what is there at once costs nothing
    with launched() as browser:
        yield browser
