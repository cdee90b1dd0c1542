"""Deadlines that were there before: an office is where its department is, a person where the post is that began last."""

from django.db import migrations


def fill(apps, schema_editor):
    deadlines = apps.get_model("deadlines", "Deadline").objects.filter(department__isnull=True)
    departments = set(apps.get_model("organisation", "Department").objects.values_list("pk", flat=True))
    posts = apps.get_model("organisation", "Post").objects.order_by("starts_on", "pk")
    held = dict(posts.values_list("person_id", "department_id"))
    for owner in set(deadlines.values_list("owner", flat=True)):
        kind, _, pk = owner.partition(":")
        number = int(pk) if pk.isdigit() else 0
        found = held.get(number) if kind == "p" else number if kind in {"d", "h", "x"} else None
        if found in departments:
            deadlines.filter(owner=owner).update(department=found)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_department")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
