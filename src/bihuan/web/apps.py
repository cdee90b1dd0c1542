from django.apps import AppConfig

from bihuan.kernel import sentences


class WebConfig(AppConfig):
    """The pages. No tables."""

    name = "bihuan.web"
    label = "web"

    def ready(self) -> None:
        from bihuan.web.sentences import SENTENCES  # noqa: PLC0415  registrations wait until the apps are loaded

        sentences.register(sentences.KERNEL)
        sentences.register(SENTENCES)
