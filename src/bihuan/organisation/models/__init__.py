"""Tables of the organisation."""

from bihuan.organisation.models.credentials import SignInAttempt, Token
from bihuan.organisation.models.departments import Charge, Department, Post, Site
from bihuan.organisation.models.people import Person

__all__ = ["Charge", "Department", "Person", "Post", "SignInAttempt", "Site", "Token"]
