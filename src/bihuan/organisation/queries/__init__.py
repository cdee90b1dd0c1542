"""Reads of the organisation. The organisation itself is open to everybody who is signed in."""

from bihuan.organisation.queries.actors import actor_for, departments_in_charge_of
from bihuan.organisation.queries.cards import (
    DepartmentCard,
    Directory,
    PersonCard,
    PostCard,
    contacts_of,
    directory,
    executives_of,
    heads_of,
)
from bihuan.organisation.queries.effective import day_of, in_force
from bihuan.organisation.queries.offices import group_name, name_of, names_of, people_holding, signatory_for
from bihuan.organisation.queries.search import search_departments, search_people
from bihuan.organisation.queries.tokens import token_for, tokens_of

__all__ = [
    "DepartmentCard",
    "Directory",
    "PersonCard",
    "PostCard",
    "actor_for",
    "contacts_of",
    "day_of",
    "departments_in_charge_of",
    "directory",
    "executives_of",
    "group_name",
    "heads_of",
    "in_force",
    "name_of",
    "names_of",
    "people_holding",
    "search_departments",
    "search_people",
    "signatory_for",
    "token_for",
    "tokens_of",
]
