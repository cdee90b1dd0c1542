"""The first page, and the whole list of what one waits for."""

from django.urls import path

from bihuan.web.desk import views

app_name = "desk"
urlpatterns = [path("", views.desk, name="desk"), path("waited/", views.waited, name="waited")]
