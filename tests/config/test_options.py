from pathlib import Path

import pytest
from pydantic import ValidationError

from bihuan.config.options import Options, mistyped
from scripts.options_page import PAGE, page


def test_the_page_for_administrators_shows_the_table_of_options():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_option_says_what_it_means():
    assert [name for name, field in Options.model_fields.items() if not field.description] == []


def test_a_secret_may_stand_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from-a-file\n", encoding="utf-8")
    monkeypatch.setenv("BIHUAN_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert Options().secret_key == "from-a-file"


def test_a_secret_in_the_environment_beats_the_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from-a-file", encoding="utf-8")
    monkeypatch.setenv("BIHUAN_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("BIHUAN_SECRET_KEY", "from-the-environment")
    assert Options().secret_key == "from-the-environment"


def test_the_data_directory_becomes_absolute(monkeypatch):
    monkeypatch.setenv("BIHUAN_DATA_DIR", "somewhere")
    assert Options().data_dir == Path.cwd() / "somewhere"


def test_the_database_lies_in_the_data_directory_unless_named(tmp_path, monkeypatch):
    monkeypatch.delenv("BIHUAN_DATABASE_URL")
    assert Options(data_dir=tmp_path).database == f"sqlite:///{tmp_path}/bihuan.sqlite3"
    assert Options(data_dir=tmp_path, database_url="postgresql://db/x").database == "postgresql://db/x"


@pytest.mark.parametrize("wrong", [{"mode": "prod"}, {"port": 70000}, {"language": "fr"}, {"threads": 0}])
def test_a_value_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        Options(**wrong)


def test_a_variable_that_is_no_option_is_told_with_the_one_that_may_be_meant():
    read = ["BIHUAN_MODE", "bihuan_port", "BIHUAN_SECRET_KEY_FILE", "BIHUAN_TEST_DATABASE", "PATH"]
    assert mistyped([*read, "BIHUAN_WITNES_FILE", "BIHUAN_QQ"]) == {
        "BIHUAN_QQ": "", "BIHUAN_WITNES_FILE": "BIHUAN_WITNESS_FILE",
    }  # fmt: skip
