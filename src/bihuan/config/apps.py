from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No tables; an app so that the system checks are registered."""

    name = "bihuan.config"
    label = "config"

    def ready(self) -> None:
        import_module("bihuan.config.checks")
