from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "bihuan.commitments"
    label = "commitments"

    def ready(self) -> None:
        from bihuan.commitments.duties import register_duties
        from bihuan.commitments.notices import register_notices
        from bihuan.commitments.sentences import SENTENCES
        from bihuan.kernel import sentences

        sentences.register(SENTENCES)
        register_duties()
        register_notices()
