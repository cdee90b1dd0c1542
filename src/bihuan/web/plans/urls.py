"""Addresses of tasks."""

from django.urls import path

from bihuan.web.plans import views

app_name = "plans"
urlpatterns = [
    path("tasks/<int:task_id>", views.task, name="task"),
    path("tasks/<int:task_id>/start", views.start, name="start"),
    path("tasks/<int:task_id>/report", views.report, name="report"),
    path("tasks/<int:task_id>/block", views.block, name="block"),
    path("tasks/<int:task_id>/resume", views.resume, name="resume"),
    path("tasks/<int:task_id>/finish", views.finish, name="finish"),
    path("tasks/<int:task_id>/cancel", views.cancel, name="cancel"),
    path("tasks/<int:task_id>/hand-over", views.hand_over, name="hand_over"),
]
