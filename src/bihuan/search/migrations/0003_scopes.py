"""The index says the scope of each entry; the worker makes it anew from the ledger, `bihuan search rebuild` at once."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("search", "Entry").objects.all().delete()
    apps.get_model("search", "Followed").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_grams")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
