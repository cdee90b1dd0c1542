from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0004_waiting'),
    ]

    operations = [
        migrations.AddField(
            model_name='signoff',
            name='copies_due',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
