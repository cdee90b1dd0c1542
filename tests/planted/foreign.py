"""What every test loads and no fault changes. Where it is loaded before the process forks, no fault pays for it."""

import _hypothesis_pytestplugin  # noqa: F401
import django.contrib.auth.hashers
import django.contrib.messages.middleware
import django.core.management.commands.migrate
import django.core.servers.basehttp
import django.db.migrations.executor
import django.forms
import django.template.backends.jinja2
import django.test
import django.urls  # noqa: F401
import hypothesis.strategies  # noqa: F401
import playwright.sync_api  # noqa: F401
import pydantic_settings  # noqa: F401
import pytest  # noqa: F401
import pytest_django.plugin  # noqa: F401
import xlsxwriter  # noqa: F401
