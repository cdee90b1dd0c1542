"""Addresses of deadlines."""

from django.urls import path

from bihuan.web.deadlines import choices, outcomes, views
from bihuan.web.tables import TABLE_FILE

app_name = "deadlines"
urlpatterns = [
    path("deadlines/", views.deadlines, name="list"),
    path("deadlines/kept/", outcomes.outcomes, name="outcomes"),
    path(f"deadlines/kept/export.<{TABLE_FILE}:form>", outcomes.export, name="export_outcomes"),
    path("deadlines/rules/", choices.choices, name="rules"),
    path("deadlines/rules/<str:rule_id>/profile", choices.choose_profile, name="choose_profile"),
    path("deadlines/<int:deadline_id>/", views.deadline, name="show"),
    path("deadlines/<int:deadline_id>/pause", views.pause, name="pause"),
    path("deadlines/<int:deadline_id>/resume", views.resume, name="resume"),
]
