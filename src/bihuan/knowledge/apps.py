from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "bihuan.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from bihuan.kernel import sentences as catalogue
        from bihuan.knowledge import handlers, registration, sentences
        from bihuan.knowledge.searching import archives
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.records.facts import RecordSubmitted
        from bihuan.search.registry import register_source

        catalogue.register(sentences.SENTENCES)
        register_source("archive", unit="collaboration", documents=archives)
        registration.register_forms()
        subscribe(RecordSubmitted, handlers.on_record_submitted, room="knowledge")
