from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0006_vacant")]

    operations = [
        migrations.AddField(
            model_name="slot", name="amendment", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.RemoveConstraint(model_name="slot", name="slot_decided_by_somebody"),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                name="slot_decided_by_somebody",
                condition=models.Q(state__in=["PENDING", "VOID"], decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(
                    state__in=["APPROVED", "APPROVED_WITH_CONDITION", "REFUSED", "RESERVED", "AMENDED"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
        ),
    ]
