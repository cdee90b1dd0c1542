from django.apps import AppConfig


class CollaborationsConfig(AppConfig):
    name = "bihuan.collaborations"
    label = "collaborations"

    def ready(self) -> None:
        from bihuan.approvals import facts as approvals
        from bihuan.collaborations import duties, facts, handlers, notices, registration, sentences, watching
        from bihuan.collaborations.loans import bind_rules_of_loans, subscribe_to_loans
        from bihuan.collaborations.problems import bind_rules_of_problems, subscribe_to_problems
        from bihuan.collaborations.recurring import bind_rules_of_recurrence, subscribe_to_recurrence
        from bihuan.collaborations.routes.words import register_words
        from bihuan.collaborations.searching import register_searching
        from bihuan.collaborations.timing import bind_rules
        from bihuan.commitments import facts as commitments
        from bihuan.kernel import sentences as catalogue
        from bihuan.kernel.facts import Fact
        from bihuan.ledger.subscriptions import AFTER_ALL_ROOMS, subscribe
        from bihuan.organisation import facts as organisation
        from bihuan.records.facts import RecordSubmitted

        catalogue.register(sentences.SENTENCES)
        for register in (registration.register_forms, registration.register_forms_of_problems, register_words):
            register()
        register_searching()
        duties.register_duties()
        duties.subscribe_to_offices()
        notices.register_notices()
        watching.register_guards()
        subscribe(RecordSubmitted, handlers.on_record_submitted, room="collaborations")
        subscribe(approvals.SignoffOpened, handlers.on_signoff_opened, room="collaborations")
        subscribe(organisation.DepartmentsMerged, handlers.on_departments_merged, room="collaborations")
        subscribe(organisation.DepartmentSplit, handlers.on_department_split, room="collaborations")
        subscribe(approvals.DecisionTakenBack, handlers.on_taken_back, room="collaborations")
        subscribe(approvals.SignoffReturned, handlers.on_signoff_returned, room="collaborations")
        for moved in (*approvals.MOVING, *approvals.AMENDING, approvals.SignerAdded, approvals.SignerRemoved):
            subscribe(moved, handlers.on_slots_moved, room="collaborations")
        subscribe(approvals.SignoffVoided, handlers.on_signoff_voided, room="collaborations")
        for decided in (approvals.SlotDecided, approvals.PartsDecided):
            subscribe(decided, handlers.on_decided, room="collaborations")
        subscribe_to_recurrence()
        for fact in commitments.ALL:
            subscribe(fact, handlers.on_commitment, room="collaborations")
        subscribe_to_problems()
        subscribe_to_loans()
        subscribe(Fact, handlers.refuse_while_resting, room="collaborations")
        for bind in (bind_rules, bind_rules_of_problems, bind_rules_of_loans, bind_rules_of_recurrence):
            bind()
        closing: tuple[type[Fact], ...] = (
            RecordSubmitted,
            approvals.SignoffOpened,
            approvals.SlotDecided,
            approvals.PartsDecided,
            commitments.CommitmentVerified,
            commitments.CommitmentCancelled,
            facts.StepEntered,
            facts.PeriodGathered,
        )
        for closer in closing:
            subscribe(closer, handlers.settle_after, room=AFTER_ALL_ROOMS)
