from django.db import migrations, models

TOLD_APART = (("T28", "1wd", "HIGH"), ("T29", "3wd", "EXECUTIVE"), ("T29", "1wd", "URGENT"), ("T30", "4h", "URGENT"))


def tell_apart(apps, schema_editor):
    """What runs by the rule's own limit has the kind of this limit."""
    running = apps.get_model("deadlines", "Deadline").objects.filter(said_by="", state__in=("RUNNING", "PAUSED"))
    for rule, limit, kind in TOLD_APART:
        running.filter(rule=rule, limit=limit).update(kind=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0006_said_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="kind",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
    ]
