"""The keys of the seals, which the database refuses to change or remove as it does the seals."""

from importlib import import_module

from django.db import migrations, models

APPEND_ONLY = import_module("bihuan.ledger.migrations.0002_append_only")
SAID, trigger = APPEND_ONLY.SAID, APPEND_ONLY.trigger
PLACES = [("ledger_sealkey", "UPDATE"), ("ledger_sealkey", "DELETE")]
CREATE = {
    "sqlite": [
        f"CREATE TRIGGER {trigger(t, v)} BEFORE {v} ON {t} BEGIN SELECT RAISE(ABORT, '{SAID}'); END" for t, v in PLACES
    ],
    "postgresql": [
        f"CREATE TRIGGER {trigger(t, v)} BEFORE {v} ON {t} FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
        for t, v in PLACES
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER {trigger(t, v)}" for t, v in PLACES],
    "postgresql": [f"DROP TRIGGER {trigger(t, v)} ON {t}" for t, v in PLACES],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="SealKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_key", models.CharField(max_length=64, unique=True)),
                ("previous", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
                ("signature", models.CharField(max_length=128)),
                ("signature_of_previous", models.CharField(blank=True, default="", max_length=128)),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
