from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "bihuan.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from bihuan.deadlines.notices import register_notices
        from bihuan.deadlines.sentences import SENTENCES
        from bihuan.kernel import sentences

        sentences.register(SENTENCES)
        register_notices()
