"""Reading playbooks."""

from bihuan.collaborations.models import PlaybookVersion
from bihuan.kernel.errors import NotFound


def newest(key: str) -> PlaybookVersion:
    """The newest published version; raises ``NotFound`` for a key nobody published."""
    version = PlaybookVersion.objects.filter(playbook__key=key).order_by("-version").select_related("playbook").first()
    if version is None:
        raise NotFound
    return version


def startable() -> list[PlaybookVersion]:
    """The newest version of every playbook a person can begin a matter on."""
    newest_first = PlaybookVersion.objects.exclude(playbook__key="IMPORTED").order_by("playbook__key", "-version")
    seen: dict[int, PlaybookVersion] = {}
    for version in newest_first.select_related("playbook"):
        seen.setdefault(version.playbook_id, version)
    return list(seen.values())
