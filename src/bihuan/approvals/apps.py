from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "bihuan.approvals"
    label = "approvals"

    def ready(self) -> None:
        from bihuan.approvals.duties import register_duties
        from bihuan.approvals.handlers import listen
        from bihuan.approvals.notices import register_notices
        from bihuan.approvals.sentences import SENTENCES
        from bihuan.kernel import sentences

        sentences.register(SENTENCES)
        register_duties()
        register_notices()
        listen()
