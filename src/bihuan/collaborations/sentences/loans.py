"""What a loan of a person is refused for, in words."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

LOANS = {
    "collaborations.borrower_leads_not": Sentence(
        _("{department} does not lead this matter, so it cannot borrow in it."),
        _("Name the lead department as the one that borrows."),
    ),
    "collaborations.lent_to_itself": Sentence(
        _("{department} would lend to itself."), _("Name two different departments.")
    ),
    "collaborations.on_loan_elsewhere": Sentence(
        _("{person} is lent from {start} to {end} already ({number})."),
        _("Choose days without that loan, or somebody else."),
    ),
    "collaborations.weights_not_whole": Sentence(
        _("The weights make {total} %, not 100 %."), _("Let both weights make 100 % together.")
    ),
    "collaborations.appraises_himself": Sentence(
        _("{person} would appraise himself or herself."), _("Name somebody else who appraises.")
    ),
    "collaborations.outside_the_loan": Sentence(
        _("This date lies outside the loan ({start} to {end})."), _("Name a day within the loan.")
    ),
    "collaborations.lent_person_away": Sentence(
        _("{person} is away on the first day, until {until}."), _("Wait for the return, or begin the loan later.")
    ),
    "collaborations.loan_not_begun": Sentence(
        _("The loan begins on {start}."), _("On that day the matter goes on by itself.")
    ),
    "collaborations.loan_not_over": Sentence(
        _("{person} is lent until {end}."),
        _("Wait for the day after, revise the secondment for another last day, or ask to end the work early."),
    ),
}
