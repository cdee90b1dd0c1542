from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "bihuan.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from bihuan.deadlines.sentences import SENTENCES
        from bihuan.kernel import sentences

        sentences.register(SENTENCES)
