from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "bihuan.outbox"
    label = "outbox"
