from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "bihuan.issues"
    label = "issues"

    def ready(self) -> None:
        from bihuan.issues import handlers, registration, sentences
        from bihuan.kernel import sentences as catalogue
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.records.facts import RecordSubmitted

        catalogue.register(sentences.SENTENCES)
        registration.register_forms()
        subscribe(RecordSubmitted, handlers.on_record_submitted, room="issues")
