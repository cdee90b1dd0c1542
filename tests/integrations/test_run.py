import json
import os
import random
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cli.main import main
from bihuan.collaborations.models import Collaboration, ImportedAnnex, Playbook
from bihuan.integrations.neutral import run, work
from bihuan.integrations.neutral.problems import Unreadable
from bihuan.integrations.neutral.run import run_import
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Department, Person
from tests.integrations.folders import PEOPLE, matter, matters, write
from tests.integrations.killing import survives_kills
from tests.integrations.pictures import picture

NONE = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0}


def counted(**counts: int) -> dict[str, int]:
    return {**NONE, **counts}


@pytest.mark.django_db
def test_a_folder_comes_in_with_a_fact_for_every_object(tmp_path, at):
    report = run_import(write(tmp_path, matters(3)), at=at)
    assert report.counts == {
        "organisations": counted(created=1), "departments": counted(created=3), "people": counted(created=3),
        "posts": counted(created=4), "collaborations": counted(created=3),
    }  # fmt: skip
    assert report.problems == []
    assert Counter(Entry.objects.filter(actor_kind="IMPORT").values_list("name", flat=True)) == {
        "organisation.department.added": 4, "organisation.person.added": 3, "organisation.post.appointed": 4,
        "collaborations.collaboration.imported": 3, "integrations.group.kept": 1, "organisation.site.added": 1,
    }  # fmt: skip
    row = Collaboration.objects.get(source_key="acme/1")
    assert (row.title, row.lead_department.source_key) == ("Matter 1", "acme/sales")
    assert json.loads(row.source.raw) == matters(1)[0]
    assert [run.step for run in row.step_runs.all()] == ["IMPORTED"]
    assert Department.objects.get(source_key="acme/sales/east").lineage[0] == Department.objects.get(parent=None).pk


@pytest.mark.django_db
def test_a_second_run_changes_nothing(tmp_path, at):
    folder = write(tmp_path, [*matters(3), matter(id="odd", created="2023-14-05", owners=[], lead_department="x")])
    run_import(folder, at=at)
    before = picture()
    report = run_import(folder, at=at)
    assert {kind: (counts["created"], counts["updated"]) for kind, counts in report.counts.items()} == dict.fromkeys(
        run.KINDS, (0, 0)
    )
    assert report.counts["collaborations"] == counted(unchanged=4)
    assert picture() == before


@pytest.mark.django_db
def test_a_changed_line_updates_its_matter_and_no_other(tmp_path, at):
    run_import(write(tmp_path, matters(3)), at=at)
    lines = matters(3)
    lines[1]["title"] = "Another title"
    report = run_import(write(tmp_path, lines), at=at)
    assert report.counts["collaborations"] == counted(updated=1, unchanged=2)
    assert Collaboration.objects.get(source_key="acme/2").title == "Another title"
    assert Entry.objects.filter(name="collaborations.collaboration.imported").count() == 4


@pytest.mark.django_db
def test_odd_rows_stop_no_other_and_are_kept_with_the_matter(tmp_path, at):
    odd = matter(id="acme/2", created="2023-14-05", approvers=["mail:wang"])
    report = run_import(write(tmp_path, [b"{", matter(), odd, matter()]), at=at)
    assert report.counts["collaborations"] == counted(created=2, rejected=2)
    assert [(each.line, each.code) for each in report.problems] == [
        (1, "integrations.line_not_json"), (3, "integrations.approver_is_author"), (3, "integrations.not_a_day"),
        (3, "integrations.number_twice"), (4, "integrations.key_twice"),
    ]  # fmt: skip
    source = Collaboration.objects.get(source_key="acme/2").source
    assert json.loads(source.raw)["created"] == "2023-14-05"
    assert [finding["code"] for finding in source.findings] == [each.code for each in report.problems[1:4]]


@pytest.mark.django_db
def test_a_row_cannot_give_itself_rights(tmp_path, at):
    """AT56: what a row says of passwords, administrators and approvals is only text."""
    proud = {**PEOPLE[0], "is_administrator": True, "is_superuser": True, "password": "x", "roles": ["administrator"]}
    run_import(write(tmp_path, [matter(number_raw="1", step="ARCHIVE", approved=True)], people=[proud]), at=at)
    person = Person.objects.get(source_key="mail:wang")
    assert (person.is_administrator, person.has_usable_password()) == (False, False)
    assert [step.step for step in Collaboration.objects.get().step_runs.all()] == ["IMPORTED"]


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, at):
    folder = write(tmp_path, [*matters(3), b"{"])
    before = picture()
    tried = run_import(folder, at=at, dry_run=True)
    assert picture() == before
    assert (Playbook.objects.count(), Entry.objects.count()) == (0, 0)
    assert run_import(folder, at=at).counts == tried.counts


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_told_and_its_chunk_comes_in(tmp_path, at):
    for position, name in enumerate(("mail:taken", "other")):
        Person.objects.create(username=name, name=name, source_key=f"elsewhere-{position}")
    people = [*PEOPLE, {"id": "mail:taken", "handle": "taken", "roles": []}]
    report = run_import(write(tmp_path, [matter()], people=people), at=at)
    assert report.counts["people"] == counted(created=3, rejected=1)
    assert [(each.row, each.severity.value) for each in report.problems] == [("mail:taken", "ERROR")]
    assert report.counts["collaborations"] == counted(created=1)


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["org.json", "collaborations.jsonl"])
def test_without_one_of_the_files_nothing_is_written(tmp_path, at, missing):
    folder = write(tmp_path, [matter()])
    (folder / missing).unlink()
    with pytest.raises(Unreadable) as caught:
        run_import(folder, at=at)
    assert caught.value.finding.params["file"] == missing
    assert (Department.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_file_of_which_no_line_can_be_read_is_not_readable(tmp_path, at):
    with pytest.raises(Unreadable) as caught:
        run_import(write(tmp_path, [b"\xff", b"{", b"[]"]), at=at)
    assert caught.value.finding.code == "integrations.file_without_rows"
    assert Department.objects.count() == 0


@pytest.mark.django_db
def test_progress_counts_every_row_to_the_end(tmp_path, at, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 2)
    heard = []
    run_import(write(tmp_path, [*matters(3), b"{"]), at=at, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (16, 16)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_unchanged_matters(tmp_path, at):
    def queries(count: int) -> int:
        folder = write(tmp_path, matters(count))
        run_import(folder, at=at)
        with CaptureQueriesContext(connection) as captured:
            run_import(folder, at=at)
        return len(captured)

    assert queries(1) == queries(3) == queries(30)


@pytest.mark.django_db
def test_the_command_prints_counts_and_problems_as_json(tmp_path, capsys):
    folder = write(tmp_path, [matter(), matter(id="acme/2", number="2", number_raw="2", created="2023-14-05")])
    assert main(["import", str(folder), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["collaborations"] == counted(created=2)
    assert printed["problems"] == [{
        "file": "collaborations.jsonl", "line": 2, "row": "acme/2", "field": "created", "value": "2023-14-05",
        "code": "integrations.not_a_day", "reason": printed["problems"][0]["reason"], "severity": "WARNING",
    }]  # fmt: skip
    assert "2023-14-05" in printed["problems"][0]["reason"]


@pytest.mark.django_db
def test_the_command_prints_words_for_people_and_says_that_a_dry_run_wrote_nothing(tmp_path, capsys):
    folder = write(tmp_path, [matter(title="\x1b[31mred", lead_department=None)])
    assert main(["import", str(folder), "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[1].split() == ["organisations", "1", "0", "0", "0"]
    assert "integrations.lead_missing" in printed
    assert "Nothing was written." in printed
    assert "\x1b" not in printed
    assert main(["import", str(folder)]) == 0
    folder = write(tmp_path, [matter(title="blue\x1b[0m", lead_department=None)])
    capsys.readouterr()
    assert main(["import", str(folder), "--dry-run", "--json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["row"], change["line"]) == ("collaborations", matter()["id"], 1)
    assert (change["before"], change["after"]) == ({"title": "\x1b[31mred"}, {"title": "blue\x1b[0m"})
    assert main(["import", str(folder), "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert "\\x1b[31mred → blue\\x1b[0m" in printed
    assert "\x1b" not in printed


@pytest.mark.django_db
def test_the_command_ends_with_1_and_names_the_file_that_cannot_be_read(tmp_path, capsys):
    assert main(["import", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "org.json" in printed.err
    assert printed.out == ""
    assert main(["import", str(tmp_path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["folder"], said["dry_run"], said["problem_count"]) == (str(tmp_path), False, 1)
    assert said["problems"][0]["file"] == "org.json"
    assert said["problems"][0]["reason"] in printed.err


def test_the_command_ends_with_2_when_it_is_called_wrongly():
    with pytest.raises(SystemExit) as caught:
        main(["import"])
    assert caught.value.code == 2


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_again_and_again_ends_as_an_undisturbed_one(tmp_path, at):
    """FA04."""
    folder = write(tmp_path, matters(30))
    run_import(folder, at=at)
    expected = picture()
    call_command("flush", interactive=False, verbosity=0)
    rounds = int(os.environ.get("BIHUAN_TEST_KILLS", "4"))
    after = sorted(random.Random(2026).choices(range(1, 40), k=rounds))
    survives_kills(folder, expected, picture, after=after, seed=2026)


@pytest.mark.shared
@pytest.mark.django_db(transaction=True)
def test_the_whole_real_set_comes_in_and_comes_again_unchanged(real_folder, at):
    report = run_import(real_folder, at=at)
    assert {kind: counts["created"] for kind, counts in report.counts.items()} == {
        "organisations": 2, "departments": 433, "people": 2773, "posts": 2594, "collaborations": 1269,
    }  # fmt: skip
    assert {kind: counts["created"] for kind, counts in report.beside.items()} == {
        "groups": 56, "programmes": 56, "action_items": 9,
        "changes": 3323, "exceptions": 207, "acceptance_reports": 746,
    }  # fmt: skip
    outside = sum(problem.code == "integrations.belongs_nowhere" for problem in report.problems)
    assert sum(report.beside[kind]["rejected"] for kind in ("changes", "exceptions", "acceptance_reports")) == outside
    assert ImportedAnnex.objects.count() + outside == 3400 + 207 + 748
    entries = Entry.objects.count()
    again = run_import(real_folder, at=at)
    assert {kind: counts["unchanged"] for kind, counts in again.counts.items()} == {
        kind: counts["created"] for kind, counts in report.counts.items()
    }
    assert Entry.objects.count() == entries
    assert again.problems == report.problems
