"""Addresses of what one takes home."""

from django.urls import path

from bihuan.web.exports import views

app_name = "exports"
urlpatterns = [
    path("exports/", views.show, name="show"),
    path("exports/ask", views.ask, name="ask"),
    path("exports/<int:pk>/file", views.fetch, name="fetch"),
]
