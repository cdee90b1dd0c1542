"""No migration is missing, and they run from zero, on SQLite or beside `with_postgresql.py` on PostgreSQL."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bihuan-migrations-") as folder:
        os.environ |= {"BIHUAN_MODE": "test", "BIHUAN_DATA_DIR": folder}
        os.environ["BIHUAN_DATABASE_URL"] = os.environ.get("BIHUAN_TEST_DATABASE_URL", f"sqlite:///{folder}/database")
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
        sys.path.insert(0, str(ROOT / "src"))

        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("makemigrations", check=True, dry_run=True)
        call_command("migrate", verbosity=0)
        call_command("migrate", check_unapplied=True, verbosity=0)
        print(f"Migrated from zero on {connection.vendor}.")
        connection.close()


if __name__ == "__main__":
    main()
