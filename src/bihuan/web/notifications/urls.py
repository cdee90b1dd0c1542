"""Addresses of the inbox and of what one wishes to be told."""

from django.urls import path

from bihuan.web.notifications import views, wishing

app_name = "inbox"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/bell", views.bell, name="bell"),
    path("inbox/read", views.read_all, name="read_all"),
    path("inbox/<int:pk>/read", views.read, name="read"),
    path("go/<str:token>", views.enter, name="enter"),
    path("settings/notices", wishing.wishes, name="wishes"),
]
