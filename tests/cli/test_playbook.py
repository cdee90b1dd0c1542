"""`bihuan playbook`."""

import json

import pytest
from django.utils import translation

from bihuan.cli.main import main
from bihuan.collaborations import queries
from tests.witness import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys, playbooks):
    def ran(*words: str) -> tuple[int, str, str]:
        with translation.override("en"):
            code = main(["playbook", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def test_a_text_is_written_out_changed_checked_published_and_compared(run, tmp_path):
    assert run("list")[1].split("\n")[2].startswith("SEED_B  v1  项目合作")
    file = tmp_path / "ours.yaml"
    file.write_text(run("show", "SEED_B")[1].replace("guards: [G06]", "guards: []"), encoding="utf-8")
    assert run("check", str(file)) == (0, "", "")
    assert run("publish", str(file), "--note", "less") == (0, "SEED_B  v2\n", "")
    assert run("diff", "SEED_B", "1", "2") == (1, "REMOVED  PLAN  guards  G06\n", "")
    assert run("diff", "SEED_B", "2", "2") == (0, "", "")
    assert "<bpmn:userTask" in run("show", "SEED_B", "--bpmn")[1]
    assert queries.newest("SEED_B").note == "less"


def test_what_is_wrong_is_told_as_compilers_do_and_nothing_is_written(run, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("key: AB\nname: B\nname_en: C\nsteps:\n- key: PARTY\n", encoding="utf-8")
    before = everything()
    code, out, err = run("publish", str(file), "--note", "why")
    assert (code, out) == (1, "")
    assert err.startswith(f"{file}:5: There is no step PARTY. Take steps from the library only.\n")
    assert run("check", str(file))[0] == 1
    file.write_bytes(b"\xff\xfe")
    assert run("check", str(file)) == (1, "", f"{file}: the text is not UTF-8.\n")
    assert run("check", str(tmp_path / "none"))[0] == 1
    assert run("show", "NONE") == (1, "", "NONE: there is no such playbook.\n")
    assert run("diff", "SEED_B", "1", "9")[2] == "SEED_B v9: there is no such playbook.\n"
    assert everything() == before


def test_a_version_and_a_draft_are_tried_out_without_asking_anybody(run, company, tmp_path):
    whom = ("--account", company["产品经理"].username, "--department", "产品部", "--involved", "市场部")
    before = everything()
    code, out, err = run("try", "SEED_B", *whom)
    assert (code, err) == (0, "")
    lines = out.split("\n")
    assert [line for line in lines if line and not line.startswith(" ")][:3] == ["REQUEST", "ALIGN", "PLAN"]
    assert f"  F01  {company['产品经理'].name}" in lines
    assert any(line.startswith("  OPINIONS  ") and company["市场部负责人"].name in line for line in lines)
    draft = tmp_path / "draft.yaml"
    text = run("show", "SEED_B")[1]
    draft.write_text(text + "clocks:\n- {rule: T31, limit: 3d}\n", encoding="utf-8")
    rows = json.loads(run("try", "--file", str(draft), *whom, "--json")[1])
    assert next(row["clocks"][0]["limit"] for row in rows if row["step"] == "RETRO") == "3d"
    draft.write_text(text.replace("[G06]", "[G99]"), encoding="utf-8")
    code, out, err = run("try", "--file", str(draft), *whom)
    assert (code, out) == (1, "")
    assert "G99" in err
    assert run("try", "SEED_B", "--account", "nobody", "--department", "无此部") == (
        1, "", "nobody, 无此部: not known here.\n"
    )  # fmt: skip
    assert run("try", *whom)[0] == 1
    assert run("try", "NOBODY", *whom)[0] == 1
    assert everything() == before


def test_matters_on_older_versions_are_told_with_the_line_that_keeps_them_and_let_go_on(
    run, company, campaign, tmp_path
):
    campaign.request()
    matter = campaign.collaboration
    matter.refresh_from_db()
    pmo, other = (("--account", company[post].username) for post in ("PMO专员", "产品经理"))
    shipped, file = run("show", "SEED_B")[1], tmp_path / "ours.yaml"
    file.write_text(shipped.replace("{code: OPINIONS, form: F01}", "{code: HEAD_REVIEW, form: F01}"), encoding="utf-8")
    assert run("publish", str(file), "--note", "other")[0] == 0
    line = shipped.split("\n").index("- key: REQUEST") + 1
    why = f"SEED_B v2:{line}: The step REQUEST was carried out with other forms or routes."
    before = everything()
    code, out, err = run("matters", "SEED_B", *pmo)
    assert (code, out) == (1, f"{matter.pk}  {matter.number}  v1  REQUEST\n")
    assert err.startswith(why)
    (row,) = json.loads(run("matters", "SEED_B", *pmo, "--json")[1])
    assert (row["id"], row["against"][0]["line"]) == (matter.pk, line)
    chosen = ("--matter", str(matter.pk), "--reason", "agreed")
    code, out, err = run("migrate", "SEED_B", *pmo, *chosen)
    assert (code, out) == (1, "")
    assert err.startswith(why)
    assert run("migrate", "SEED_B", *other, *chosen)[::2] == (
        1, f"{company['产品经理'].username}: does not edit playbooks.\n"
    )  # fmt: skip
    assert run("matters", "SEED_B", "--account", "nobody")[2] == "nobody: not known here.\n"
    assert run("migrate", "SEED_B", *pmo, "--matter", "0", "--reason", "agreed")[0] == 1
    assert everything() == before
    file.write_text(shipped.replace("guards: [G24]", "guards: []"), encoding="utf-8")
    assert run("publish", str(file), "--note", "less")[0] == 0
    assert run("matters", "SEED_B", *pmo)[::2] == (0, "")
    assert run("migrate", "SEED_B", *pmo, *chosen) == (0, "SEED_B  v3  1\n", "")
    matter.refresh_from_db()
    assert matter.playbook_version.version == 3
