"""Words for the roles."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.access.enums import Role

ROLE_NAMES: "dict[Role, str | Promise]" = {
    Role.INITIATOR: _("initiator"),
    Role.LEAD: _("project lead"),
    Role.HEAD: _("head of an involved department"),
    Role.CONTACT: _("contact person"),
    Role.RECORDER: _("recorder"),
    Role.PMO: _("project management office"),
    Role.EXECUTIVE: _("executive in charge"),
    Role.STAFF: _("staff of an involved department"),
    Role.READER: _("reader"),
}
