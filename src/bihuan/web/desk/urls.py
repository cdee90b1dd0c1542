"""The first page."""

from django.urls import path

from bihuan.web.desk import views

app_name = "desk"
urlpatterns = [path("", views.desk, name="desk")]
