"""Closed vocabularies of the organisation. The stored value is a constant, the label is for people."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Function(models.TextChoices):
    """What a department does for all the others."""

    NONE = "NONE", _("none")
    PMO = "PMO", _("project management office")
    ADMINISTRATION = "ADMINISTRATION", _("administration department")
    HR = "HR", _("human resources department")


class PostKind(models.TextChoices):
    STAFF = "STAFF", _("staff")
    HEAD = "HEAD", _("department head")
    CONTACT = "CONTACT", _("contact person")


class DeputyKind(models.TextChoices):
    """For what a deputy stands in."""

    SIGNING = "SIGNING", _("decisions and signatures")
    MATTERS = "MATTERS", _("matters and their forms")
    WORK = "WORK", _("tasks, promises and reports")


class ReorganisationKind(models.TextChoices):
    MERGED = "MERGED", _("merged")
    SPLIT = "SPLIT", _("split")


class PlannedKind(models.TextChoices):
    CHANGED = "CHANGED", _("renamed or moved")
    MERGED = "MERGED", _("merged")
    SPLIT = "SPLIT", _("split")


class PlannedState(models.TextChoices):
    PLANNED = "PLANNED", _("planned")
    DONE = "DONE", _("carried out")
    CANCELLED = "CANCELLED", _("cancelled")
    REFUSED = "REFUSED", _("not possible on the day")


class Theme(models.TextChoices):
    AUTO = "auto", _("like the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class Language(models.TextChoices):
    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


class TokenScope(models.TextChoices):
    READ = "read", _("read what I may read")
    WRITE = "write", _("act in my name")
    SIGN = "sign", _("sign in my name")


class CalendarDayKind(models.TextChoices):
    CLOSED = "CLOSED", pgettext_lazy("day", "closed")
    MAKE_UP = "MAKE_UP", _("worked, with the hours of a weekday")
    HALF_DAY = "HALF_DAY", _("worked, with hours of its own")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
