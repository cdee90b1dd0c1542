from django.db import migrations


class Migration(migrations.Migration):
    """The column was never filled; where a resource comes from stands in the plan's frozen text."""

    dependencies = [("resources", "0001_initial")]

    operations = [migrations.RemoveField(model_name="need", name="source")]
