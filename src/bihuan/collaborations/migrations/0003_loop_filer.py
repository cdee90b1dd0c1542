from django.db import migrations, models


class Migration(migrations.Migration):
    """One more reason why a loop is open: it is not named yet who files a secret matter's plan."""

    dependencies = [("collaborations", "0002_source_beside")]

    operations = [
        migrations.AlterField(
            model_name="loop",
            name="kind",
            field=models.CharField(
                choices=[
                    ("FORM", "form to fill in"),
                    ("FILER", "person who files, to be named"),
                    ("SIGNOFF", "decision"),
                    ("COMMITMENT", "promise to keep"),
                    ("VERIFY", "promise to verify"),
                    ("STEP", "next step"),
                    ("NEED_ANSWER", "need to answer"),
                    ("NEED_SETTLE", "answer to take up"),
                    ("NEED_IN_PLACE", "need to put in place"),
                    ("NEED_RELEASE", "need to release"),
                    ("TASK", "task"),
                    ("REPORT", "weekly report"),
                    ("RISK", "risk"),
                ],
                max_length=16,
            ),
        ),
    ]
