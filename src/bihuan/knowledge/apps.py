from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "bihuan.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from bihuan.kernel import sentences as catalogue
        from bihuan.knowledge import handlers, registration, sentences
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.records.facts import RecordSubmitted

        catalogue.register(sentences.SENTENCES)
        registration.register_forms()
        subscribe(RecordSubmitted, handlers.on_record_submitted, room="knowledge")
