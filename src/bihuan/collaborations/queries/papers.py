"""Which paper something is about."""

from collections.abc import Collection

from bihuan.approvals.models import Signoff
from bihuan.records.models import Record


def forms_of_signoffs(signoff_ids: Collection[int]) -> dict[int, str]:
    """The code of the form each sign-off is about, of those that are about one. Two queries, none for nothing.

    The caller shows deadlines or decisions of matters he reads: the code alone tells no more than they do.
    """
    if not signoff_ids:
        return {}
    asked = Signoff.objects.filter(pk__in=signoff_ids, subject_kind="record").values_list("pk", "subject_id")
    subjects = dict(asked)
    codes = dict(Record.objects.filter(pk__in=set(subjects.values())).values_list("pk", "form_code"))
    return {pk: codes[record] for pk, record in subjects.items() if record in codes}
