"""Whoever types a whole number finds what bears it first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0003_scopes")]
    operations = [
        migrations.AddIndex(model_name="entry", index=models.Index(fields=["number"], name="search_entry_of_number"))
    ]
