"""What people are found by while somebody types, made of the search texts that are kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bihuan.organisation.policy import name_keys

MANY = 1000


def fill(apps, schema_editor):
    person, key = apps.get_model("organisation", "Person"), apps.get_model("organisation", "NameKey")
    found = person.objects.exclude(search_text="").order_by("pk")
    last = 0
    while some := list(found.filter(pk__gt=last).values_list("pk", "search_text")[:MANY]):
        last = some[-1][0]
        key.objects.bulk_create(
            key(person_id=pk, key=begins, place=place)
            for pk, text in some
            for begins, place in name_keys(text).items()
        )


class Migration(migrations.Migration):
    dependencies = [("organisation", "0009_deputy_limits")]

    operations = [
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BinaryField()),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["place", "key", "person"], name="name_key_beginning")],
            },
        ),
        migrations.RemoveIndex(model_name="person", name="person_active_name"),
        migrations.AddIndex(model_name="person", index=models.Index(fields=["name", "id"], name="person_name")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
