from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0005_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='slot',
            name='vacant_at',
            field=models.DateTimeField(null=True),
        ),
    ]
