from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="period", name="period_ends_after_start"),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_start"),
        ),
    ]
