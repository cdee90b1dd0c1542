"""Kinds of lessons."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LessonKind(TextChoices):
    GOOD = "GOOD", _("good practice")
    PROBLEM = "PROBLEM", _("problem")
    IMPROVEMENT = "IMPROVEMENT", _("improvement")
