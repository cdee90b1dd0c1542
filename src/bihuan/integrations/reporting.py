"""The report of an import as a workbook: what was handed in, with the bad rows marked in place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bihuan.documents.writing import Marked, OutSheet, write_book
from bihuan.integrations.models import ImportProblem, ImportRun
from bihuan.integrations.operations import mapping_of, read
from bihuan.integrations.queries import all_changes, all_problems, problems_counted
from bihuan.integrations.tables.mapping import Sheet, SheetMapping
from bihuan.integrations.tables.wording import changed_values, field_name
from bihuan.kernel.findings import Finding, Severity
from bihuan.kernel.sentences import explain, registered

ALIASES = {"participating_departments": "participants", "odd": "", "number": "number"}
ORDER = {"": 0, "WARNING": 1, "ERROR": 2}


@dataclass(slots=True)
class Remarks:
    """What is said about one row, and which of its columns are meant."""

    texts: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    worst: str = ""

    def add(self, problem: ImportProblem) -> None:
        self.texts.append(sentence(problem))
        name = problem.field.rsplit(".", 1)[-1]
        self.columns[ALIASES.get(name, name)] = problem.severity
        self.worst = max(self.worst, problem.severity, key=lambda level: ORDER.get(level, 0))


def finding_of(problem: ImportProblem) -> Finding:
    return Finding(problem.code, problem.field, {"value": problem.value, **problem.params}, Severity(problem.severity))


def sentence(problem: ImportProblem) -> str:
    return str(explain(finding_of(problem)).what)


def kind_of(problem: ImportProblem, many: int) -> str:
    """What all remarks of a kind say: what is only the first one's own is left open, unless it is the only one."""
    if many == 1:
        return sentence(problem)
    params = defaultdict(lambda: "…", {"limit": problem.params.get("limit", "…")})
    return str(registered()[problem.code].what).format_map(params)


def report_of(run: ImportRun) -> bytes:
    """The whole report in the reader's language. Raises Refused when the files are not there any more."""
    sheets = read(run)
    remarks: dict[tuple[str, int], Remarks] = {}
    for problem in all_problems(run).iterator():
        remarks.setdefault((problem.file, problem.line), Remarks()).add(problem)
    mappings = mapping_of(run)
    marked = [
        OutSheet(sheet.title, marked_rows(sheet, each, remarks), widths=(60,))
        for sheet, each in zip(sheets, mappings, strict=True)
    ]
    changed = [change_sheet(run)] if all_changes(run).exists() else []
    return write_book([summary(run), problem_sheet(run), *changed, *marked])


def summary(run: ImportRun) -> OutSheet:
    head = headed(run.name, _("created"), _("updated"), _("unchanged"), _("rejected"))
    counts = run.counts or run.foreseen
    rows = [Marked([str(kind_name(kind)), *(str(number) for number in each.values())]) for kind, each in counts.items()]
    kinds = [Marked([kind_of(each, many), str(many)], {0: each.severity}) for each, many in problems_counted(run)]
    odd = [Marked([]), headed(_("Remarks by kind"), _("How many")), *kinds]
    return OutSheet(_("Import report"), [head, *rows, *(odd if kinds else [])], widths=(40, 12, 12, 12, 12))


def kind_name(kind: str) -> str:
    return {
        "organisations": _("Organisations"),
        "departments": _("Departments"),
        "people": _("People"),
        "posts": _("Posts"),
        "groups": _("Named groups"),
        "collaborations": _("Matters"),
        "programmes": _("Programmes"),
        "action_items": _("Action items"),
        "changes": _("Dated changes"),
        "exceptions": _("Exceptions"),
        "acceptance_reports": _("Test reports"),
    }.get(kind, kind)


def problem_sheet(run: ImportRun) -> OutSheet:
    return OutSheet(_("Remarks"), problem_rows(run), widths=(30, 8, 30, 20, 30, 60, 16))


def problem_rows(run: ImportRun) -> Iterator[Marked]:
    yield headed(_("File"), _("Row"), _("Key"), _("Field"), _("Value"), _("What is odd"), _("What becomes of it"))
    for problem in all_problems(run).iterator():
        outcome = _("Stays outside") if problem.severity == Severity.ERROR else _("Comes in as it stands")
        place = [problem.file, str(problem.line), problem.row, field_name(problem.field), problem.value]
        yield Marked([*place, sentence(problem), outcome], {5: problem.severity})


def change_sheet(run: ImportRun) -> OutSheet:
    return OutSheet(_("What changes"), change_rows(run), widths=(30, 8, 12, 30, 20, 40, 40))


def change_rows(run: ImportRun) -> Iterator[Marked]:
    """A line for each value of a known row that says something else."""
    yield headed(_("File"), _("Row"), _("Kind"), _("Key"), _("Field"), _("Before"), _("After"))
    for change in all_changes(run).iterator():
        place = [change.file, str(change.line), str(kind_name(change.kind)), change.row]
        for value in changed_values(change):
            yield Marked([*place, value.label, value.before, value.after])


def headed(*titles: str) -> Marked:
    return Marked(titles, dict.fromkeys(range(len(titles)), "HEAD"))


def marked_rows(sheet: Sheet, mapping: SheetMapping, remarks: Mapping[tuple[str, int], Remarks]) -> Iterator[Marked]:
    """Every row as it stood, behind a column that says what is odd about it; row numbers are those of the file."""
    last = 0
    for number, cells in sheet.rows:
        for _blank in range(last + 1, number):
            yield Marked([])
        last = number
        if number == mapping.header:
            titles = [_("Remarks"), *cells]
            yield Marked(titles, dict.fromkeys(range(len(titles)), "HEAD"))
            continue
        said = remarks.get((sheet.place, number))
        yield Marked([" ".join(said.texts) if said else "", *cells], marks_of(said, mapping.fields))


def marks_of(said: Remarks | None, fields: Sequence[str]) -> dict[int, str]:
    if said is None:
        return {}
    marks = {position + 1: said.columns[name] for position, name in enumerate(fields) if name and name in said.columns}
    return {0: said.worst, **marks}
