"""The tree of departments, and who holds which post in it from when until when."""

from django.db import models
from django.db.models import F, Q

from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models.people import Person


def lineage_of(path: str) -> list[int]:
    """The ids in a path, from the top down."""
    return [int(part) for part in path.strip("/").split("/") if part]


class Site(models.Model):
    """A place with its own time zone."""

    name = models.CharField(max_length=100, unique=True)
    time_zone = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department. `path` is the chain of ids from the top, `/3/17/`.

    Ancestors are read off the path without a query, the subtree is one prefix; a move rewrites one prefix in one
    statement. A recursive query would have to run on every request instead, for what changes a few times a year.
    """

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=500, db_index=True, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="departments")
    function = models.CharField(max_length=20, choices=Function.choices, default=Function.NONE)
    kind = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    ended_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    source_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="department_is_not_its_own_parent"),
            models.CheckConstraint(condition=Q(function__in=Function.values), name="department_function_is_known"),
        ]
        indexes = [models.Index(fields=["function"], name="department_function")]

    def __str__(self) -> str:
        return self.name

    @property
    def lineage(self) -> list[int]:
        """Ids from the top down to this department."""
        return lineage_of(self.path)


class Post(models.Model):
    """A person holds a post in a department from a day until, not including, another. Several at once are usual.

    By the site of the main one the person works: of several the one that began last, so that who is lent works by the
    borrower's calendar. A post held beside another is no main one.
    """

    MAIN_LAST = ("is_main", "starts_on", "pk")

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, choices=PostKind.choices, default=PostKind.STAFF)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_main = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PostKind.values), name="post_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["person", "department", "kind", "title"],
                condition=Q(ends_on__isnull=True),
                name="post_is_held_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["department", "kind"], name="post_department_kind")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} of {self.department_id} {self.title}"


class Charge(models.Model):
    """The executive in charge of a department and of everything below it that has no executive of its own."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="charges")
    department = models.ForeignKey(Department, models.PROTECT, related_name="charges")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="charge_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["department"], condition=Q(ends_on__isnull=True), name="one_executive_in_charge_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in charge of {self.department_id}"
