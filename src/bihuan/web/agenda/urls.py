from django.urls import path

from bihuan.web.agenda import views

app_name = "agenda"
urlpatterns = [
    path("calendar/", views.mine, name="mine"),
    path("calendar/departments/<int:pk>", views.department, name="department"),
    path("calendar/matters/<int:pk>", views.matter, name="matter"),
]
