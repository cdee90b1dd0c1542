"""A person is the user of the product."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from bihuan.organisation.enums import Language, Theme


class PersonManager(BaseUserManager["Person"]):
    """People are made by `operations.add_person`; the manager only finds them for sign-in."""


class Person(AbstractBaseUser):
    """Somebody of the company. Leavers stay, inactive, because records name them."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, choices=Language.choices, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    source_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager()

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="person_name")]  # SQLite takes no truth in front

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"


class NameKey(models.Model):
    """A beginning by which a person is found while somebody types.

    Each part of the search text, and what is left of it from every later sign on: `place` 0 and 1, a number because
    SQLite takes no index for a truth. Bytes, because both databases sort them alike.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="name_keys")
    key = models.BinaryField()
    place = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["place", "key", "person"], name="name_key_beginning")]

    def __str__(self) -> str:
        return f"{self.person_id} {bytes(self.key).decode()}"
