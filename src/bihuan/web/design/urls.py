from django.conf import settings
from django.urls import path

from bihuan.web.design import views

app_name = "design"
urlpatterns = (
    [
        path("", views.components, name="components"),
        path("search", views.search, name="search"),
        path("<slug:page>/", views.drawn, name="page"),
    ]
    if settings.DEMO
    else []
)
