from django.apps import AppConfig

from bihuan.kernel import sentences


class WebConfig(AppConfig):
    """The pages. No tables."""

    name = "bihuan.web"
    label = "web"

    def ready(self) -> None:
        sentences.register(sentences.KERNEL)
