import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import mindset.ledger.identified


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
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
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("level", models.CharField(default="team", max_length=50)),
                ("steward", models.BooleanField(default=False)),
                ("keeper", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("demonstration", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=100)),
                ("level", models.CharField(default="team", max_length=50)),
                ("steward", models.BooleanField(default=False)),
                ("keeper", models.BooleanField(default=False)),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                ("expires", models.DateTimeField()),
                ("accepted", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created", "id"),
                "abstract": False,
            },
        ),
    ]
