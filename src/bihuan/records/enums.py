"""Where a record stands."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    DRAFT = "DRAFT", pgettext_lazy("record status", "Draft")
    SUBMITTED = "SUBMITTED", pgettext_lazy("record status", "Submitted")
    IN_REVIEW = "IN_REVIEW", pgettext_lazy("record status", "In review")
    RETURNED = "RETURNED", pgettext_lazy("record status", "Returned for change")
    REJECTED = "REJECTED", pgettext_lazy("record status", "Rejected")
    APPROVED = "APPROVED", pgettext_lazy("record status", "Approved")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("record status", "Withdrawn")
    SUPERSEDED = "SUPERSEDED", pgettext_lazy("record status", "Superseded by a newer version")


EDITABLE = (Status.DRAFT, Status.RETURNED)
STANDING = (Status.SUBMITTED, Status.IN_REVIEW, Status.APPROVED)
ENDED = (Status.REJECTED, Status.WITHDRAWN, Status.SUPERSEDED)
