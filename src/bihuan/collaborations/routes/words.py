"""What the routes of a matter may speak of."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from bihuan.approvals import registry
from bihuan.approvals.registry import Number, Word
from bihuan.collaborations.forms.acceptance import CONCLUSIONS


def register_words() -> None:
    """Called once the apps are loaded."""
    spoken = registry.spoken()
    spoken.roles |= {
        "INITIATOR": _("initiator"),
        "PROJECT_LEAD": _("project lead"),
        "EXECUTIVE": _("executive in charge of the lead department"),
        "PMO": _("project management office"),
        "FILING": _("project management office or administration department"),
        "LENT_PERSON": _("the person who is lent"),
        "PERSONNEL": _("human resources or headquarters"),
    }
    spoken.groups |= {
        "LEAD": _("lead department"),
        "INVOLVED": _("involved departments"),
        "ALL": _("all departments that take part"),
        "ANSWERABLE": _("departments with R or A in the RACI matrix"),
        "LENDING": _("lending department"),
        "BORROWING": _("borrowing department"),
    }
    spoken.parts |= {"criteria": _("each criterion"), "commitments": _("each commitment")}
    spoken.tests |= {
        "goal_ok": _("Is the goal reasonable?"),
        "resources_ok": _("Are the resources sufficient?"),
        "risks_ok": _("Are the risks under control?"),
        "quantified_ok": _("Is the goal quantified?"),
        "reasonable_ok": _("Is what it takes reasonable?"),
        "feasible_ok": _("Are the dates feasible?"),
    }
    spoken.numbers |= {
        "amount": Number(_("amount in yuan"), Decimal("0.01"), is_money=True),
        "departments": Number(_("number of departments")),
        "sites": Number(_("number of sites")),
        "months": Number(_("months of a loan")),
        "months_in_all": Number(_("months of all loans of the person")),
    }
    spoken.words |= {
        "playbook": Word(_("playbook")),
        "conclusion": Word(
            _("conclusion of the acceptance"),
            {"": _("no acceptance")} | {each.value: each.label for each in CONCLUSIONS},
        ),
    }
