from importlib import import_module

from django.apps import AppConfig

from bihuan.kernel import sentences


class WebConfig(AppConfig):
    """The pages. No tables."""

    name = "bihuan.web"
    label = "web"

    def ready(self) -> None:
        import_module("bihuan.web.live.jobs")  # the outbox must know the job in every process
        from bihuan.web.notifications.pages import register_pages
        from bihuan.web.sentences import SENTENCES

        sentences.register(sentences.KERNEL)
        sentences.register(SENTENCES)
        register_pages()
