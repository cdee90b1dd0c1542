"""What is found of the case library: titles, tags, lessons. Its scope is the archive's own."""

from collections.abc import Iterable, Sequence

from bihuan.knowledge.models import Archive
from bihuan.search.registry import Document


def archives(ids: Sequence[int]) -> Iterable[Document]:
    """The archives of these matters. Two queries."""
    rows = Archive.objects.filter(collaboration__in=ids).prefetch_related("lessons").order_by("pk")
    for archive in rows:
        lessons = [text for lesson in archive.lessons.all() for text in (lesson.text, lesson.cause)]
        tags = " ".join(str(tag) for tag in archive.tags)
        yield Document(
            kind="archive", id=archive.pk, unit_id=archive.collaboration_id, scope_id=archive.scope_id,
            number=archive.number, title=archive.title, text="\n".join(filter(None, (*lessons, tags))),
        )  # fmt: skip
