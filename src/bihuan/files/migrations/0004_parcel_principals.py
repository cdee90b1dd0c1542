from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("files", "0003_thrown_away"),
    ]

    operations = [
        migrations.AddField(
            model_name="parcel",
            name="principals",
            field=models.JSONField(default=list),
        ),
    ]
