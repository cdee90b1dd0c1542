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
from bihuan.organisation.queries.pages import (
    PAGE,
    DepartmentPage,
    Holder,
    PeopleOfDepartment,
    PeoplePage,
    PersonPage,
    SiteCard,
    TreeRow,
    demo_person,
    department_page,
    department_tree,
    people_by_department,
    people_page,
    person_for,
    person_page,
    sites,
)
from bihuan.organisation.queries.search import search_departments, search_people
from bihuan.organisation.queries.sources import departments_by_source_key, people_by_source_key
from bihuan.organisation.queries.tokens import token_for, tokens_of

__all__ = [
    "PAGE",
    "DepartmentCard",
    "DepartmentPage",
    "Directory",
    "Holder",
    "PeopleOfDepartment",
    "PeoplePage",
    "PersonCard",
    "PersonPage",
    "PostCard",
    "SiteCard",
    "TreeRow",
    "actor_for",
    "contacts_of",
    "day_of",
    "demo_person",
    "department_page",
    "department_tree",
    "departments_by_source_key",
    "departments_in_charge_of",
    "directory",
    "executives_of",
    "group_name",
    "heads_of",
    "in_force",
    "name_of",
    "names_of",
    "people_by_department",
    "people_by_source_key",
    "people_holding",
    "people_page",
    "person_for",
    "person_page",
    "search_departments",
    "search_people",
    "signatory_for",
    "sites",
    "token_for",
    "tokens_of",
]
