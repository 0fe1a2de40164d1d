from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=27)),
                ("actor", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=120)),
                ("fields", models.TextField()),
                ("leaf", models.BinaryField(max_length=32)),
            ],
            options={
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["subject", "number"], name="entry_subject"),
                    models.Index(fields=["kind", "number"], name="entry_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TreeNode",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.IntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("ledger", models.CharField(max_length=32)),
                ("size", models.IntegerField(default=0)),
                ("peaks", models.BinaryField(default=bytes)),
                ("at", models.CharField(blank=True, max_length=27)),
                ("checkpoint", models.TextField(blank=True)),
            ],
        ),
    ]
