"""Write docs/admin/options.md from the one table of options: `python scripts/options_page.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from pydantic.fields import FieldInfo  # noqa: E402  the package's path comes first

from bihuan.config.options import PREFIX, SECRETS, Options  # noqa: E402

PAGE = ROOT / "docs" / "admin" / "options.md"
INTRODUCTION = """\
# Options

Every option is an environment variable. Secrets may stand in a file instead: the variable with `_FILE` at its end names
it. This page is written by `python scripts/options_page.py` from the table in `bihuan.config.options`; a test compares
the two. An unsafe production configuration refuses to start and says why: `bihuan.E001` to `bihuan.E012`.

| variable | default | meaning |
|---|---|---|
"""


def default_of(field: FieldInfo) -> str:
    return "" if field.default == "" else f"`{str(field.default).lower() if field.default is False else field.default}`"


def row(name: str, field: FieldInfo) -> str:
    variable = f"`{PREFIX}{name.upper()}`"
    variables = f"{variable}, `{PREFIX}{name.upper()}_FILE`" if name in SECRETS else variable
    return f"| {variables} | {default_of(field)} | {field.description} |"


def page() -> str:
    return INTRODUCTION + "\n".join(row(name, field) for name, field in Options.model_fields.items()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
