import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import mindset.ledger.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.models.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("name", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(db_index=True, max_length=80)),
                ("rows", models.BigIntegerField()),
                ("columns", models.JSONField()),
                ("decisions", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("options", models.JSONField(default=dict)),
                ("demonstration", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.models.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("analysis", models.CharField(db_index=True, max_length=100)),
                ("payload", models.JSONField()),
                ("digest", models.CharField(db_index=True, max_length=80)),
                ("content", models.CharField(max_length=80)),
                ("datasets", models.ManyToManyField(related_name="findings", to="ledger.dataset")),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ok", models.BooleanField()),
                ("recomputed", models.CharField(blank=True, max_length=80)),
                ("reason", models.JSONField()),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="ledger.finding"
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.models.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("run", "Run an analysis"), ("verify", "Check a finding")],
                        default="run",
                        max_length=10,
                    ),
                ),
                ("analysis", models.CharField(max_length=100)),
                ("inputs", models.JSONField(default=dict)),
                ("parameters", models.JSONField(default=dict)),
                ("response", models.CharField(default="raw", max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("accepted", "Waiting"),
                            ("running", "Running"),
                            ("successful", "Finished"),
                            ("failed", "Failed"),
                            ("dismissed", "Cancelled"),
                        ],
                        db_index=True,
                        default="accepted",
                        max_length=10,
                    ),
                ),
                ("progress", models.FloatField(default=0.0)),
                ("doing", models.JSONField(default=mindset.ledger.models.waiting)),
                ("problems", models.JSONField(default=list)),
                ("started", models.DateTimeField(null=True)),
                ("ended", models.DateTimeField(null=True)),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="jobs",
                        to="ledger.finding",
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
    ]
