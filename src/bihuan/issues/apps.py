from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "bihuan.issues"
    label = "issues"

    def ready(self) -> None:
        from bihuan.collaborations.facts import DepartmentReplaced, ItemsHandedOver
        from bihuan.collaborations.queries import health
        from bihuan.issues import handlers, queries, registration, sentences, timing
        from bihuan.issues.searching import risks
        from bihuan.kernel import sentences as catalogue
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.records.facts import RecordSubmitted
        from bihuan.search.registry import register_source

        catalogue.register(sentences.SENTENCES)
        register_source("risk", unit="collaboration", documents=risks)
        registration.register_forms()
        health.register_sign("risks", health.RED, queries.high_risks)
        health.register_sign("risks", health.YELLOW, queries.medium_risks)
        subscribe(RecordSubmitted, handlers.on_record_submitted, room="issues")
        subscribe(ItemsHandedOver, handlers.on_items_handed_over, room="issues")
        subscribe(DepartmentReplaced, handlers.on_department_replaced, room="issues")
        timing.bind_rules()
