"""`bihuan clock`: without a database, without Django."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bihuan
from bihuan.cli.main import main
from bihuan.clock.sentences import SENTENCES

SOURCE = Path(bihuan.__file__).resolve().parents[1]
HERE = {**os.environ, "PYTHONPATH": str(SOURCE)}
Output = pytest.CaptureFixture[str]


def run(capsys: Output, *words: str) -> tuple[int, str, str]:
    code = main(["clock", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def lines(monkeypatch: pytest.MonkeyPatch, capsys: Output, *said: str) -> tuple[int, list[dict]]:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(said)))
    code, out, _ = run(capsys)
    return code, [json.loads(line) for line in out.splitlines()]


def test_the_answer_is_the_instant_and_why(capsys: Output) -> None:
    code, out, err = run(capsys, "2026-11-20T16:30", "2wh")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "2026-11-23T09:30:00+08:00",
        "2026年11月20日 周五 16:30 收到 + 2 个工作小时 → 11月23日 周一 09:30；周六、周日在上海不是工作日",
        (
            "received Fri 20 Nov 2026 16:30 + 2 working hours → Mon 23 Nov 09:30; "
            "Saturday and Sunday are no working days in Shanghai"
        ),
    ]


def test_json_prints_due_provisional_and_both_explanations(capsys: Output) -> None:
    code, out, _ = run(
        capsys, "2026-09-30T15:00+08:00", "3wd", "--zone", "Europe/Berlin", "--hours", "09:00-18:00", "--json"
    )
    assert (code, json.loads(out)) == (
        0,
        {
            "due": "2026-10-05T18:00:00+02:00",
            "provisional": False,
            "explanation": {
                "zh-hans": "2026年9月30日 周三 09:00 收到 + 3 个工作日 → 10月5日 周一 18:00；收到当天不计，"
                "到期时间为柏林下班时；周日在柏林不是工作日；10月3日 周六放假（German Unity Day）",
                "en": "received Wed 30 Sep 2026 09:00 + 3 working days → Mon 5 Oct 18:00; the day of receipt is not"
                " counted, due at close of business in Berlin; Sunday is no working day in Berlin;"
                " Sat 3 Oct is off (German Unity Day)",
            },
        },
    )


def test_every_option_counts(capsys: Output) -> None:
    _, out, _ = run(capsys, "2026-11-20T16:30", "24h", "--profile", "work-aware")
    assert out.startswith("2026-11-23T16:30:00+08:00\n")
    _, out, _ = run(capsys, "2026-10-02T10:00", "1wd", "--country", "US")
    assert out.startswith("2026-10-05T18:00:00+08:00\n")
    _, out, _ = run(capsys, "2026-12-31T10:00", "1wd")
    assert out.startswith("2027-01-04T18:00:00+08:00  provisional 暂定\n")
    _, out, _ = run(capsys, "2200-12-31T23:59", "2500wd")
    assert out.startswith("2210-")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("tomorrow", "2h"), "clock.start_unreadable"),
        (("1800-01-01T10:00", "2h"), "clock.out_of_reach"),
        (("9999-12-31T23:00", "2h"), "clock.out_of_reach"),
        (("9999-12-31T23:00+08:00", "2h"), "clock.out_of_reach"),
        (("0001-01-01T00:00+14:00", "2h"), "clock.out_of_reach"),
        (("2200-12-31T23:00-12:00", "2h"), "clock.out_of_reach"),
        (("2026-11-20T16:30",), "clock.limit_unreadable"),
        (("2026-11-20T16:30", "2"), "clock.limit_unreadable"),
        (("2026-11-20T16:30", "1e9h"), "clock.limit_unreadable"),
        (("2026-11-20T16:30", "٣h"), "clock.limit_unreadable"),
        (("2026-11-20T16:30", "-2h"), "clock.limit_not_positive"),
        (("2026-11-20T16:30", "0wd"), "clock.limit_not_positive"),
        (("2026-11-20T16:30", "0.0000000001wh"), "clock.limit_not_positive"),
        (("2026-11-20T16:30", "999999999h"), "clock.limit_too_long"),
        (("2026-11-20T16:30", "2501wd"), "clock.limit_too_long"),
        (("2026-11-20T16:30", "1.5wd"), "clock.days_not_whole"),
        (("2026-11-20T16:30", "2h", "--zone", "Mars"), "clock.zone_unknown"),
        (("2026-11-20T16:30", "2h", "--country", "ZZ"), "clock.country_unknown"),
        (("2026-11-20T16:30", "2h", "--profile", "fast"), "clock.profile_unknown"),
        (("2026-11-20T16:30", "2h", "--hours", "09:00-09:00"), "clock.shift_backwards"),
        (("2026-03-29T02:30", "2h", "--zone", "Europe/Berlin"), "clock.time_skipped"),
        (("2026-10-25T02:30", "2h", "--zone", "Europe/Berlin"), "clock.time_twice"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_way_out(capsys: Output, words: tuple[str, ...], code: str) -> None:
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    mend = SENTENCES[code]["en"][1].partition("{")[0]
    assert mend in err.splitlines()[1]
    status, out, err = run(capsys, *words, "--json")
    assert (status, json.loads(out)["error"]["code"], err) == (2, code, "")


def test_each_line_is_answered_with_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    code, answers = lines(
        monkeypatch,
        capsys,
        '{"start": "2026-11-20T16:30", "limit": "2h", "profile": "work-aware"}',
        "",
        '{"start": "2026-09-30T15:00+08:00", "limit": "3wd", "zone": "Europe/Berlin", "country": "DE"}',
    )
    assert (code, [answer["due"] for answer in answers]) == (
        0,
        ["2026-11-23T09:30:00+08:00", "2026-10-05T18:00:00+02:00"],
    )


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '"\\ud800"',
        "[" * 100_000,
        '{"limit": "2h"}',
        '{"start": null, "limit": "2h"}',
        '{"start": "2026-11-20", "limit": 2}',
        '{"start": "2026-11-20", "limit": "2h", "hour": "x"}',
    ],
)
def test_a_line_that_is_no_question_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: Output, line: str
) -> None:
    code, answers = lines(monkeypatch, capsys, line, '{"start": "2026-11-20T10:00", "limit": "2h"}')
    assert (code, len(answers)) == (2, 2)
    assert (answers[0]["line"], answers[0]["error"]["code"]) == (1, "clock.question_unreadable")
    assert answers[1]["due"] == "2026-11-20T12:00:00+08:00"


def test_bytes_that_are_no_text_are_answered_too() -> None:
    lines = b'\xef\xbb\xbf{"start": "\xff", "limit": "2h"}\n{"start": "\\ud800", "limit": "2h"}\n'
    found = subprocess.run(
        [sys.executable, "-m", "bihuan.cli.main", "clock"], env=HERE, input=lines, capture_output=True, check=False
    )
    assert (found.returncode, found.stderr) == (2, b"")
    answers = [json.loads(line) for line in found.stdout.splitlines()]
    assert [answer["error"]["code"] for answer in answers] == ["clock.start_unreadable"] * 2


def test_it_starts_without_django_a_database_or_options() -> None:
    code = (
        "import sys; from bihuan.cli.main import main; main(['clock', '2026-11-20T16:30', '2wh']);"
        "print([name for name in ('django', 'holidays', 'sqlite3', 'pydantic') if name in sys.modules])"
    )
    environment = {**HERE, "BIHUAN_MODE": "nonsense", "BIHUAN_DATABASE_URL": "nowhere://"}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_every_refusal_speaks_both_languages_and_says_how_to_mend() -> None:
    for sentences in SENTENCES.values():
        assert set(sentences) == {"zh-hans", "en"}
        assert all(what and mend for what, mend in sentences.values())
