from django.apps import AppConfig

from bihuan.kernel import sentences


class OutboxConfig(AppConfig):
    name = "bihuan.outbox"
    label = "outbox"

    def ready(self) -> None:
        from bihuan.outbox.sentences import SENTENCES  # noqa: PLC0415  needs the settings

        sentences.register(SENTENCES)
