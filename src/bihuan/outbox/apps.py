from django.apps import AppConfig

from bihuan.kernel import sentences


class OutboxConfig(AppConfig):
    name = "bihuan.outbox"
    label = "outbox"

    def ready(self) -> None:
        from bihuan.outbox.sentences import SENTENCES

        sentences.register(SENTENCES)
