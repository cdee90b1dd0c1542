"""What lets somebody in besides a password, and what counts the attempts."""

from django.db import models

from bihuan.organisation.models.people import Person


class Token(models.Model):
    """A key to the API in the name of a person. Only its digest is kept; the secret is shown once."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}…"


class SignInAttempt(models.Model):
    """One try at a password. A row, not a cache entry, so that several processes count together."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    tried_at = models.DateTimeField()
    failed = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "tried_at"], name="attempt_account"),
            models.Index(fields=["address", "tried_at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} from {self.address}"
