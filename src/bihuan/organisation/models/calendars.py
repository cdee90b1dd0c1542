"""Working calendars: the company's and each site's own, and the official years that were loaded.

Hours are effective-dated rows, so that a later week has the hours agreed for it and an earlier one keeps its own.
"""

from django.db import models
from django.db.models import Q

from bihuan.organisation.enums import CalendarDayKind
from bihuan.organisation.models.departments import Site


class Calendar(models.Model):
    """What a site says about its own working time; without a site, what the company says for all of them."""

    site = models.OneToOneField(Site, models.PROTECT, null=True, blank=True, related_name="calendar")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(site__isnull=True), name="calendar_of_the_company_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of site {self.site_id}" if self.site_id else "calendar of the company"


class WorkingHours(models.Model):
    """The hours of a week from a day on, the country whose holidays count, and whose hours a make-up day has."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="hours")
    starts_on = models.DateField()
    hours = models.CharField(max_length=500)
    country = models.CharField(max_length=10)
    make_up_as = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "starts_on"], name="hours_begin_once_a_day"),
            models.CheckConstraint(condition=Q(make_up_as__lte=6), name="hours_make_up_as_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.hours} from {self.starts_on}"


class CalendarDay(models.Model):
    """A day unlike its weekday: closed, worked with the hours of `weekday`, or with `hours` of its own."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=CalendarDayKind.choices)
    name = models.CharField(max_length=100, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    hours = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_is_said_once"),
            models.CheckConstraint(condition=Q(kind__in=CalendarDayKind.values), name="calendar_day_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=CalendarDayKind.HALF_DAY) ^ Q(hours=""), name="calendar_day_half_has_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class OfficialYear(models.Model):
    """The official days of a country in a year, as a notice says them: nothing else counts in that year."""

    country = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=500, blank=True)
    loaded_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["country", "-year"]
        constraints = [models.UniqueConstraint(fields=["country", "year"], name="official_year_is_loaded_once")]

    def __str__(self) -> str:
        return f"{self.country} {self.year}"


class OfficialDay(models.Model):
    """A holiday, or a day worked to make up for one."""

    year = models.ForeignKey(OfficialYear, models.CASCADE, related_name="days")
    day = models.DateField()
    is_off = models.BooleanField()
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["year", "day"], name="official_day_is_said_once")]

    def __str__(self) -> str:
        return f"{self.day} {'off' if self.is_off else 'on'}"


class WorkingTimeMark(models.Model):
    """One row with a mark that never comes again: triggers set another whenever anything changes that working time is
    read from, whoever writes it (decision 27)."""

    mark = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.mark
