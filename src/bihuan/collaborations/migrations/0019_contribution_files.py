from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def one_to_several(apps: Any, _editor: Any) -> None:
    """What was handed in as one file is the first of its files."""
    contribution, several = (apps.get_model("collaborations", name) for name in ("Contribution", "ContributionFile"))
    held = contribution.objects.filter(file__isnull=False).values_list("pk", "file")
    several.objects.bulk_create(
        [several(contribution_id=pk, number=1, file_id=file) for pk, file in held.iterator()], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("collaborations", "0018_loops_in_order"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContributionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="collaborations.contribution",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("contribution", "number"), name="contribution_file_number")
                ],
            },
        ),
        migrations.RunPython(one_to_several, migrations.RunPython.noop),
        migrations.RemoveField(model_name="contribution", name="file"),
    ]
