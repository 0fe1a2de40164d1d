import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import mindset.ledger.identified


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ("level", models.CharField(max_length=50)),
                ("money", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("one_way", models.BooleanField(default=False)),
                ("scope", models.CharField(blank=True, max_length=200)),
                ("ended", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ("name", models.CharField(max_length=200)),
                ("purpose", models.TextField()),
                ("outcome", models.TextField(blank=True)),
                ("team", models.CharField(blank=True, max_length=200)),
                ("channels", models.JSONField(default=list)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("discovery", "Discovery"),
                            ("alpha", "Alpha"),
                            ("beta", "Beta"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                        ],
                        default="live",
                        max_length=12,
                    ),
                ),
                ("demonstration", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="earlier",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="later", to="ledger.dataset"
            ),
        ),
        migrations.AddField(
            model_name="dataset",
            name="keep_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="dataset",
            name="lawful_basis",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="dataset",
            name="purpose",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="dataset",
            name="sensitivity",
            field=models.CharField(
                choices=[
                    ("open", "Open: anyone may see it"),
                    ("internal", "Internal: members may see it"),
                    ("personal", "Personal data: its stewards may see it"),
                    ("special", "Special category data: its stewards may see it"),
                ],
                default="internal",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="dataset",
            name="steward",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="datasets",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("hypothesis", models.TextField()),
                ("measure", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("decided", "Decided"),
                            ("released", "Released"),
                            ("measured", "Measured"),
                            ("reviewed", "Reviewed"),
                            ("stopped", "Stopped"),
                        ],
                        db_index=True,
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("released_on", models.DateField(null=True)),
                ("lesson", models.TextField(blank=True)),
                ("demonstration", models.BooleanField(default=False)),
                ("people", models.ManyToManyField(blank=True, related_name="changes", to=settings.AUTH_USER_MODEL)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_proposed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="ledger.service"
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ("question", models.CharField(max_length=300)),
                ("context", models.TextField(blank=True)),
                ("level_raised", models.CharField(max_length=50)),
                ("closest_level", models.CharField(max_length=50)),
                ("money", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("two-way", "Two-way: it can be undone at little cost"),
                            ("one-way", "One-way: it is hard or costly to undo"),
                        ],
                        default="two-way",
                        max_length=10,
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("team", "One team"),
                            ("service", "Several teams, or one service and those who use it"),
                            ("everybody", "Several services, or everybody in the area"),
                        ],
                        default="team",
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("decided", "Decided"),
                            ("reviewed", "Reviewed and kept"),
                            ("amended", "Amended"),
                            ("reversed", "Reversed"),
                            ("superseded", "Superseded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_index=True,
                        default="open",
                        max_length=12,
                    ),
                ),
                ("decided", models.DateTimeField(null=True)),
                ("level_decided", models.CharField(blank=True, max_length=50)),
                ("reasons", models.TextField(blank=True)),
                ("dissent", models.TextField(blank=True)),
                ("review_due", models.DateField(null=True)),
                ("review_test", models.TextField(blank=True)),
                ("reviewed", models.DateTimeField(null=True)),
                ("review_words", models.TextField(blank=True)),
                (
                    "law",
                    models.CharField(
                        choices=[
                            ("none", "No regulation asks for a record"),
                            ("executive", "Executive decision (SI 2012/2089)"),
                            ("officer-express", "Officer’s decision under express authorisation (SI 2014/2095)"),
                            ("officer-general", "Officer’s decision under general authorisation (SI 2014/2095)"),
                        ],
                        default="none",
                        max_length=16,
                    ),
                ),
                ("conflicts", models.JSONField(null=True)),
                ("dispensations", models.JSONField(null=True)),
                ("published", models.DateTimeField(null=True)),
                ("exempt", models.JSONField(default=dict)),
                ("demonstration", models.BooleanField(default=False)),
                (
                    "change",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="ledger.change",
                    ),
                ),
                (
                    "decider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions_taken",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("evidence", models.ManyToManyField(blank=True, related_name="decisions", to="ledger.finding")),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions_raised",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="ledger.decision",
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ("reasons", models.TextField()),
                ("resolved", models.DateTimeField(null=True)),
                ("resolution", models.TextField(blank=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="objections", to="ledger.decision"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("created", "id"),
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("consequences", models.TextField(blank=True)),
                ("nothing", models.BooleanField(default=False)),
                ("rejected_because", models.TextField(blank=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="options", to="ledger.decision"
                    ),
                ),
            ],
            options={
                "ordering": ("created", "id"),
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="chosen",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.option"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="service",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="ledger.service"
            ),
        ),
        migrations.CreateModel(
            name="Advice",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("affected", "They are affected"), ("expert", "They know about it")], max_length=10
                    ),
                ),
                ("given", models.DateTimeField(null=True)),
                ("words", models.TextField(blank=True)),
                ("taken", models.BooleanField(null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="advice", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="advice", to="ledger.decision"
                    ),
                ),
            ],
            options={
                "ordering": ("created", "id"),
                "constraints": [models.UniqueConstraint(fields=("decision", "person"), name="advice_once")],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=mindset.ledger.identified.new_id,
                        editable=False,
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("before", "How things were"), ("result", "What happened after the change")],
                        default="before",
                        max_length=10,
                    ),
                ),
                ("note", models.TextField()),
                (
                    "attached_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="ledger.change"
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="ledger.finding"
                    ),
                ),
            ],
            options={
                "ordering": ("created", "id"),
                "constraints": [models.UniqueConstraint(fields=("change", "finding"), name="evidence_once")],
            },
        ),
        migrations.AlterField(
            model_name="dataset",
            name="created",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterField(
            model_name="finding",
            name="created",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterField(
            model_name="job",
            name="created",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
        ),
    ]
