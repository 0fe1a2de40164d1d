"""People: who proposes, advises and decides, what each may see, and the organisation that they work for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from mindset.analysis.text import N_
from mindset.ledger.identified import Identified


class PeopleManager(BaseUserManager["Person"]):
    """How people are made: by an e-mail address, with or without a password."""

    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> Person:
        """A person who may sign in; without a password only by a link or through the organisation's own sign-in."""
        person = self.model(email=self.normalize_email(email).lower(), name=name, **more)
        person.set_password(password)
        person.save()
        return person


class Person(Identified, AbstractBaseUser):
    """A member. Membership is flat: any member proposes, advises and decides within the open limits.

    Two marks give access, not rank: a ``steward`` may see personal data; a ``keeper`` invites people and
    sets the limits. ``level`` is where the person works (a level of the organisation's own list), by which
    the limits say what they may decide alone.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=50, default="team")
    steward = models.BooleanField(default=False)
    keeper = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PeopleManager()

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, as Django's own parts ask for it."""
        return self.name


class Invitation(Identified):
    """A person asked to join; the link holds the secret, of which only the digest is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=50, default="team")
    steward = models.BooleanField(default=False)
    keeper = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    secret_digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    accepted: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ApiToken(Identified):
    """What a person's program shows instead of a session: only the digest of the secret is kept."""

    class Scope(models.TextChoices):
        """What a token may be used for."""

        READ = "read", N_("Read what I may see")
        RUN = "run", N_("Run analyses")
        WRITE = "write", N_("Change the record as I may")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list)
    expires = models.DateTimeField()
    last_used: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


def usual_levels() -> list[str]:
    """The levels of most councils, from those who do the work upwards: the list that an organisation starts with."""
    return [N_("team"), N_("service"), N_("department"), N_("director"), N_("cabinet")]


class Organisation(models.Model):
    """The one organisation whose records these are: its name, its colour and the levels that people work at."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=100)
    accent = models.CharField(max_length=7, blank=True)  # "#12436d"; empty: ours
    levels: models.JSONField[Any, Any] = models.JSONField(default=usual_levels)

    class Meta:
        """There is one row, so that nobody can be the first twice."""

        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_organisation"),)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Organisation:
        """The organisation; before it has been set up, one without a name that is not on record."""
        return cls.objects.first() or cls(name="")
