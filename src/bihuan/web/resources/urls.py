"""Addresses of needs."""

from django.urls import path

from bihuan.web.resources import views

app_name = "resources"
urlpatterns = [
    path("needs/<int:need_id>", views.need, name="need"),
    path("needs/<int:need_id>/answer", views.answer, name="answer"),
    path("needs/<int:need_id>/accept", views.accept, name="accept"),
    path("needs/<int:need_id>/drop", views.drop, name="drop"),
    path("needs/<int:need_id>/put-in-place", views.put_in_place, name="put_in_place"),
    path("needs/<int:need_id>/release", views.release, name="release"),
]
