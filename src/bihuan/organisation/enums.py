"""Closed vocabularies of the organisation. The stored value is a constant, the label is for people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
