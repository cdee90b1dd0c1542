"""Addresses of deadlines."""

from django.urls import path

from bihuan.web.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("deadlines/", views.deadlines, name="list"),
    path("deadlines/<int:deadline_id>/", views.deadline, name="show"),
    path("deadlines/<int:deadline_id>/pause", views.pause, name="pause"),
    path("deadlines/<int:deadline_id>/resume", views.resume, name="resume"),
]
