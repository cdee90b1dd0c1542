"""Write the description of the API as it is now: `python scripts/openapi.py` → docs/api/openapi.json."""

import json
import os
from pathlib import Path

PLACE = Path(__file__).resolve().parent.parent / "docs" / "api" / "openapi.json"


def described() -> str:
    """The description in one spelling, so that it can be compared."""
    from bihuan.api.entry import api

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    os.environ["BIHUAN_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
    import django

    django.setup()
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_text(described(), encoding="utf-8")
