"""Stored choice values of the room. Labels are for people and stand in the catalogues."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FeedKind(TextChoices):
    MINE = "MINE", _("what is mine")
    DEPARTMENT = "DEPARTMENT", _("a department")
    MATTER = "MATTER", _("one matter")
