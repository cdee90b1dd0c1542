"""The sentences of the organisation's findings and errors."""

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.clock.sentences import EN, ZH
from bihuan.clock.sentences import SENTENCES as CLOCK
from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "organisation.too_many_attempts": Sentence(
        _("Too many wrong passwords in a short time."), _("Wait five minutes and try again.")
    ),
    "organisation.wrong_credentials": Sentence(
        _("The account or the password is not right."),
        _("Check both and try again; an administrator can set a new password."),
    ),
    "organisation.name_missing": Sentence(_("The name is missing."), _("Enter a name.")),
    "organisation.name_too_long": Sentence(_("The name is longer than {limit} characters."), _("Shorten it.")),
    "organisation.username_missing": Sentence(_("The account name is missing."), _("Enter an account name.")),
    "organisation.username_taken": Sentence(_("This account name is in use."), _("Choose another one.")),
    "organisation.email_malformed": Sentence(_("This is not an e-mail address."), _("Correct it, or leave it empty.")),
    "organisation.time_zone_unknown": Sentence(
        _("There is no time zone of this name."), _("Choose one such as Asia/Shanghai.")
    ),
    "organisation.value_unknown": Sentence(_("This value is not one of the choices."), _("Choose one from the list.")),
    "organisation.site_exists": Sentence(_("There is a site of this name already."), _("Choose another name.")),
    "organisation.below_itself": Sentence(
        _("A department cannot stand below itself."), _("Choose a parent that is not part of it.")
    ),
    "organisation.site_open": Sentence(
        _("Several sites are in the time zone of this department; it came in without one."),
        _("Choose its site on its page."),
    ),
    "organisation.site_differs": Sentence(
        _("The site of this department is in another time zone than the file says; it stays."),
        _("Choose another site on its page, or correct the file."),
    ),
    "organisation.parent_unknown": Sentence(
        _("The department above does not exist."), _("Choose an open department, or none.")
    ),
    "organisation.department_unknown": Sentence(_("There is no such department."), _("Choose an open department.")),
    "organisation.person_unknown": Sentence(_("There is no such person."), _("Choose somebody from the list.")),
    "organisation.department_in_use": Sentence(
        _("Posts are still held in the department ({count})."),
        _("End them first, or merge it into another department."),
    ),
    "organisation.departments_below": Sentence(
        _("Departments still stand below it ({count})."),
        _("Move or close them first, or merge it into another department."),
    ),
    "organisation.department_closed_here": Sentence(
        _("The source still has this department open; it was closed on {day} and stays as it is."),
        _("Take it out of the source, or mark it there as archived."),
    ),
    "organisation.posts_besides": Sentence(
        _("The source gives a new post and does not list the posts in {names}; they stay, with what they let see."),
        _("If they are over, end them on the page of the department, or write their last day in the source."),
    ),
    "organisation.head_besides": Sentence(
        _("The source names somebody else as head; {names} heads this department here and keeps the office."),
        _("If that is over, end the post on the page of the department."),
    ),
    "organisation.department_gone_into": Sentence(
        _("This department went into {into}; nobody comes into it any more."),
        _("Name the other department in the source and import again."),
    ),
    "organisation.post_ended_here": Sentence(
        _("The source still lists this post; it was ended on {day} and stays ended."),
        _("Take it out of the source, or write that day there; if it is held again, write a first day from then on."),
    ),
    "organisation.post_exists": Sentence(
        _("This person holds this very post already."), _("Change the title or the kind, or leave it as it is.")
    ),
    "organisation.ends_before_start": Sentence(
        _("It would end before it begins."), _("Choose a later day, or an earlier first one.")
    ),
    "organisation.own_deputy": Sentence(_("Nobody is his own deputy."), _("Choose somebody else.")),
    "organisation.collaboration_unknown": Sentence(
        _("One of the numbers is not that of a collaboration you can see."), _("Write numbers such as XZ-2026-0001.")
    ),
    "organisation.limited_deputy_only_signs": Sentence(
        _("Forms, an amount and collaborations limit decisions only."),
        _("Choose decisions and signatures alone, or name the deputy for the rest on a line of its own."),
    ),
    "organisation.deputy_amount_out_of_range": Sentence(
        _("The amount is not one that can be signed for."), _("Write an amount in yuan above zero, or leave it empty.")
    ),
    "organisation.deputies_in_a_circle": Sentence(
        _("The deputies would lead back to the person: when all are away, nobody would be left."),
        _("Choose somebody whose own deputies end elsewhere."),
    ),
    "organisation.day_of_return_missing": Sentence(
        _("The first day back is missing."), _("Enter it; it can be changed by ending the absence.")
    ),
    "organisation.days_have_passed": Sentence(_("These days have passed."), _("Choose days from today on.")),
    "organisation.reorganisation_unclear": Sentence(
        _("It is not clear which change is meant."), _("Say exactly one: a merger or a split.")
    ),
    "organisation.department_recognised": Sentence(
        _("A department chosen as the same is closed, known to a source already, or chosen twice."),
        _("Check every row again and choose from what is offered."),
    ),
    "organisation.not_of_pmo": Sentence(
        _("This person holds no post in the project management office on the first day."),
        _("Choose somebody of it, or let an administrator give the post first."),
    ),
    "organisation.on_duty_already": Sentence(
        _("This person is on the list for some of these days already."), _("Choose other days, or end that turn first.")
    ),
    "organisation.same_department": Sentence(
        _("A department does not go into itself."), _("Choose another department.")
    ),
    "organisation.into_below": Sentence(
        _("A department does not go into one that stands below it."),
        _("Move that department out first, or merge it into this one."),
    ),
    "organisation.function_lost": Sentence(
        _("No department would serve the whole company as: {function}."),
        _("Give this function to another department first."),
    ),
    "organisation.split_without_people": Sentence(
        _("Nobody would be in the new department."), _("Choose at least one post that goes there.")
    ),
    "organisation.split_without_head": Sentence(
        _("The new department would take matters over without a head."),
        _("Let a head go there as well, or leave the matters where they are."),
    ),
    "organisation.left_without_head": Sentence(
        _("The department that stays would be without a head."), _("Let one of the heads stay.")
    ),
    "organisation.post_not_here": Sentence(
        _("One of the posts is not held in this department any more."), _("Load the page again and choose anew.")
    ),
    "organisation.day_not_ahead": Sentence(
        _("A change is planned for a day that is still to come."), _("Choose a later day, or make the change at once.")
    ),
    "organisation.nothing_planned": Sentence(
        _("The department would be as it is."), _("Give another name, or another department above it.")
    ),
    "organisation.still_following": Sentence(
        _("The matters still follow the last reorganisation of this department."), _("Wait until it has finished.")
    ),
    "organisation.still_holds": Sentence(
        _("Would be left with nobody: {kind} {what}"), _("Hand it over to somebody first.")
    ),
    "organisation.duty_unknown": Sentence(
        _("The person does not hold this any more."), _("Load the list again and choose from what is left.")
    ),
    "organisation.nothing_chosen": Sentence(
        _("Nobody was named to take anything over."), _("Name a successor for at least one line.")
    ),
    "organisation.reason_missing": Sentence(
        _("The reason is missing."), _("Say in a sentence why; the successors read it.")
    ),
    "organisation.reason_too_long": Sentence(_("The reason is longer than {limit} characters."), _("Shorten it.")),
    "organisation.same_person": Sentence(_("Nobody takes over from himself."), _("Choose somebody else.")),
    "organisation.not_to_oneself": Sentence(
        _("Who settles what a leaver leaves may not take it over himself."),
        _("Choose somebody else, or let the head of the department do it."),
    ),
    "organisation.last_administrator": Sentence(
        _("This is the last administrator."), _("Make somebody else an administrator first.")
    ),
    "organisation.password_wrong": Sentence(_("The present password is not right."), _("Enter it again.")),
    "organisation.password_weak": Sentence(
        _("The password is not good enough: {reason}"), _("Choose another password.")
    ),
    "organisation.token_scope_unknown": Sentence(
        _("A token needs at least one of the rights offered."), _("Choose what the token may do.")
    ),
    "organisation.calendar_change_unclear": Sentence(
        _("It is not clear which change is meant."),
        _("Say exactly one: hours, a day, a day taken back, official days."),
    ),
    "organisation.calendar_day_missing": Sentence(
        _("The day is missing, or there is no such day."), _("Choose a day of the calendar.")
    ),
    "organisation.calendar_day_unknown": Sentence(
        _("Nothing was said of this day."), _("Load the page again and choose from what is there.")
    ),
    "organisation.calendar_weekday_missing": Sentence(
        _("It is not said whose hours this day has."), _("Choose a weekday.")
    ),
    "organisation.calendar_file_missing": Sentence(
        _("There is neither a file nor text to load."), _("Choose a file, or paste its text.")
    ),
    "organisation.country_missing": Sentence(_("The country is missing."), _("Enter two letters, such as CN or DE.")),
    "organisation.token_expiry_past": Sentence(_("This day has passed."), _("Choose a later day, or none.")),
}


def _spoken(code: str, part: int) -> str:
    """What the clock says of a code, in the reader's language."""
    return CLOCK[code][ZH if (get_language() or "").startswith("zh") else EN][part]


_said = lazy(_spoken, str)
SENTENCES |= {code: Sentence(_said(code, 0), _said(code, 1)) for code in CLOCK}
