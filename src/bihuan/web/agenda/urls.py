from django.urls import path, register_converter
from django.urls.converters import StringConverter

from bihuan.web.agenda import feeds, picking, views


class SecretConverter(StringConverter):
    """As `agenda.operations.new_secret` makes them."""

    regex = r"[A-Za-z0-9_-]{8,80}"


register_converter(SecretConverter, "feed_secret")

app_name = "agenda"
urlpatterns = [
    path("calendar/", views.mine, name="mine"),
    path("calendar/departments/<int:pk>", views.department, name="department"),
    path("calendar/matters/<int:pk>", views.matter, name="matter"),
    path("calendar/day", picking.day, name="day"),
    path("calendar/month", picking.month, name="month"),
    path("calendar/feeds/", feeds.feeds, name="feeds"),
    path("calendar/feeds/issue", feeds.issue, name="issue_feed"),
    path("calendar/feeds/<int:pk>/rotate", feeds.rotate, name="rotate_feed"),
    path("calendar/feeds/<int:pk>/revoke", feeds.revoke, name="revoke_feed"),
    path("calendar/feed/<feed_secret:secret>.ics", feeds.read, name="read_feed"),
]
