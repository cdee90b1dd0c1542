"""Addresses of forms. A form is begun on the page of its matter."""

from django.urls import path

from bihuan.web.records import exporting, files, views
from bihuan.web.tables import TABLE_FILE

app_name = "records"
urlpatterns = [
    path("records/<int:pk>", views.read, name="read"),
    path("records/<int:pk>/edit", views.edit, name="edit"),
    path("records/<int:pk>/draft", views.save, name="save"),
    path("records/<int:pk>/submit", views.submit, name="submit"),
    path("records/<int:pk>/discard", views.discard, name="discard"),
    path("records/<int:pk>/attach", files.attach, name="attach"),
    path("records/<int:pk>/remove-file", files.remove, name="remove_file"),
    path("files/<int:pk>", files.fetch, name="file"),
    path(f"records/<int:pk>/export.<{TABLE_FILE}:form>", exporting.export, name="export"),
    path("records/<int:pk>/print", views.paper, name="print"),
    path("records/<int:pk>/versions/<int:number>", views.version, name="version"),
]
