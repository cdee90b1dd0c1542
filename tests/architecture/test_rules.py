"""Each of our own rules, red and green; and the package as it is."""

import pytest

from scripts.rules import LONGEST_FILE, LONGEST_FUNCTION, check, check_text, strange_files

RED = [
    ("web/desk/views.py", "Loop.objects.all()", "objects"),
    ("api/desk.py", "x = Loop._default_manager", "_default_manager"),
    ("cli/main.py", "Person.objects.get()", "objects"),
    ("worker/loop.py", "Delivery.objects.get()", "objects"),
    ("plans/operations.py", "task.save()", "update_fields"),
    ("plans/operations.py", "super().save(using='x')", "update_fields"),
    ("plans/operations.py", "at = datetime.now(UTC)", "reads the clock"),
    ("plans/operations.py", "at = datetime.datetime.now()", "reads the clock"),
    ("web/views.py", "at = timezone.now()", "reads the clock"),
    ("plans/queries.py", "day = date.today()", "reads the clock"),
    ("plans/queries.py", "from bihuan.kernel.now import now", "told the time"),
    ("plans/apps.py", "from django.dispatch import receiver", "no signals"),
    ("plans/apps.py", "from django.db.models.signals import post_save", "no signals"),
    ("plans/apps.py", "from django.core.signals import request_finished", "no signals"),
    ("plans/queries.py", "x = 1  # type: ignore", "reason"),
    ("plans/queries.py", "x = 1  # type: ignore[arg-type]", "reason"),
    ("plans/queries.py", "x = 1  # type: ignore[arg-type]  mypy needs a second hash", "reason"),
    ("plans/models.py", "class CaseStep: ...", "Collaboration"),
    ("plans/models.py", "def open_cases(): ...", "Collaboration"),
    ("plans/models.py", "playbook_variant = 1", "Playbook"),
    ("plans/models.py", "def act(delegate): ...", "Deputy"),
    ("plans/models.py", "x = 1\n" * (LONGEST_FILE + 1), "more than 600"),
    ("plans/models.py", "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION, "more than 60"),
]
GREEN = [
    ("plans/queries.py", "Loop.objects.all()"),
    ("plans/operations.py", "task.save(update_fields=['state'])"),
    ("plans/operations.py", "task.save(force_insert=True)"),
    ("plans/operations.py", "Task.objects.create()"),
    ("kernel/now.py", "datetime.now(UTC)"),
    ("web/desk/views.py", "from bihuan.kernel.now import now\nat = now()"),
    ("plans/apps.py", "from bihuan.ledger.subscriptions import subscribe"),
    ("plans/queries.py", "x = 1  # type: ignore[arg-type]  # the stubs do not know this argument"),
    ("plans/queries.py", "from django.db.models import Case\norder = Case()"),
    ("plans/queries.py", "lower_casing = name.casefold()"),
    ("knowledge/models.py", "case_library = 1"),
    ("plans/models.py", "x = 1\n" * (LONGEST_FILE - 1)),
]


@pytest.mark.parametrize(("path", "text", "expected"), RED)
def test_a_breach_is_found_at_its_line(path, text, expected):
    found = check_text(text + "\n", path)
    assert len(found) == 1
    assert found[0].startswith(f"src/bihuan/{path}:1: ")
    assert expected in found[0]


@pytest.mark.parametrize(("path", "text"), GREEN)
def test_what_is_allowed_passes(path, text):
    assert check_text(text + "\n", path) == []


def test_a_strange_file_in_a_room_is_found(tmp_path):
    (tmp_path / "plans").mkdir()
    for name in ("models.py", "__init__.py", "utils.py"):
        (tmp_path / "plans" / name).touch()
    assert strange_files(["plans"], tmp_path) == ["src/bihuan/plans/utils.py: not one of the files of a room"]


def test_the_package_keeps_our_own_rules():
    assert check() == []
