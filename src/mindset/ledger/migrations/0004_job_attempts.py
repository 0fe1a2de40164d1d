from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_thread")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
