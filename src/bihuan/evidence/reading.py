"""The page of a dossier that people read. Nothing in it needs anything else: no script, no address, no picture."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.evidence.attached import CHANGED, GONE
from bihuan.evidence.gathering import JSON, Gathered, signatures_in
from bihuan.records import registry
from bihuan.records.saying import in_words

WHY_NOT = {
    GONE: gettext_lazy("Left out, because its bytes are no longer kept: the file with SHA-256 %(sha256)s."),
    CHANGED: gettext_lazy(
        "Left out, because its bytes are not those that were handed in: the file with SHA-256 %(sha256)s."
    ),
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}"
    "th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "code{overflow-wrap:anywhere}h2{margin-top:2rem;border-bottom:2px solid}"
)


def page_of(collaboration: Any, gathered: Gathered, *, at: datetime) -> str:
    """Every version with its signatures, then what happened, in the language that is spoken now."""
    title = f"{collaboration.number or ''} {collaboration.title}".strip()
    signatures = list(signatures_in(gathered.entries))
    parts = [
        f"<h1>{escape(title)}</h1>",
        *_how_to_check(gathered, at),
        *(part for version in gathered.versions for part in _version(version, gathered, signatures)),
        _heading(_("What happened")),
        _table([_("Entry"), _("Time"), _("Who"), _("Fact"), _("Hash")], map(_entry, gathered.entries)),
    ]
    language = "zh-Hans" if (translation.get_language() or "").startswith("zh") else "en"
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!DOCTYPE html><html lang="{language}"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _how_to_check(gathered: Gathered, at: datetime) -> Iterator[str]:
    yield _paragraph(_("Put together on %(at)s; complete to entry %(length)s.") % {
        "at": at.isoformat(timespec="seconds"), "length": gathered.length,
    })  # fmt: skip
    yield _paragraph(_("Everything here can be checked without Bihuan and without a network, by the script inside:"))
    yield "<pre>python verify.py DOSSIER.zip --key FINGERPRINT</pre>"
    yield _paragraph(_("Get the fingerprint of the key from the company, not from this archive."))
    yield _paragraph(_("This page is for reading; what was signed are the texts in the folder “records”."))
    for each in gathered.left_out:
        if each["what"] == "file":
            yield _paragraph(WHY_NOT[each["why"]] % {"sha256": each["sha256"]})
            continue
        words = {"first": each["from"], "last": each["through"]}
        if each["what"] == "entries":
            yield _paragraph(
                _("Left out, because who took this dossier may not read them: entries %(first)s to %(last)s.") % words
            )
        else:
            yield _paragraph(_("The text of entry %(first)s was erased.") % words)


def _version(version: Any, gathered: Gathered, signatures: list[JSON]) -> Iterator[str]:
    form, record = registry.form_of(version.record), version.record
    named = _("version %(number)s") % {"number": version.version}
    yield _heading(f"{form.title} {record.number} · {named}")
    yield _paragraph(f"{version.submitted_by.name} · {version.submitted_at.isoformat(timespec='seconds')}")
    yield f"<p><code>SHA-256 {version.digest}</code></p>"
    for section in form.sections:
        lines = [
            (str(field.label), in_words(field, version.data.get(field.key), unsaid="—")) for field in section.fields
        ]
        yield _heading(str(section.title), 3)
        yield _table([], lines)
    yield from _files(version, gathered)
    digests = {version.digest, *version.parts.values()}
    mine = [one for one in signatures if one["subject"] == ["record", record.pk] and one["said"]["digest"] in digests]
    if mine:
        heads = [_("Entry"), _("Signed by"), _("Time"), _("Decision"), _("Opinion"), _("Line"), _("Digest")]
        yield _heading(_("Signatures"), 3)
        yield _table(heads, map(_signature, mine))


def _files(version: Any, gathered: Gathered) -> Iterator[str]:
    """What was handed in with it, to be opened once the archive is unpacked."""
    for row in version.data.get("files") or ():
        held, name = gathered.files.get(row["sha256"]), escape(row["name"])
        inside = f'<a href="{held.name}">{name}</a>' if held else name
        yield f"<p>{inside} <code>SHA-256 {escape(row['sha256'])}</code></p>"


def _signature(one: JSON) -> tuple[object, ...]:
    said = one["said"]
    return one["entry"], one["name"], one["at"], said["decision"], said["opinion"], said["part"], said["digest"]


def _entry(entry: JSON) -> tuple[object, ...]:
    if entry["type"] == "withheld":
        return f"{entry['seq']}–{entry['through']}", "", "", _("withheld"), entry["to"]
    return entry["seq"], entry["at"], entry["actor_name"], entry["name"], entry["hash"]


def _heading(text: str, level: int = 2) -> str:
    return f"<h{level}>{escape(text)}</h{level}>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(heads: list[str], rows: Iterable[Iterable[object]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines).replace("\n", "<br>")
    return f"<table>{f'<tr>{head}</tr>' if head else ''}{body}</table>"
