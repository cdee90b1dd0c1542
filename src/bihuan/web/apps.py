from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages. No tables."""

    name = "bihuan.web"
    label = "web"
