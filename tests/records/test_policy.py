import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bihuan.kernel.canonical import canonical_json, digest
from bihuan.records import policy
from bihuan.records.policy import Known, Sort, values
from bihuan.records.saying import in_words
from bihuan.records.schema import Field, Form, Kind, Section
from tests.records.sample import FORM, compute

SHANGHAI = ZoneInfo("Asia/Shanghai")
KNOWN = Known({1: "王敏", 2: "李雷"}, {5: "市场部"}, {3: "上海"})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [
            "15万",
            "¥50,000",
            "2026年11月20日",
            "2026-11-20 17:00",
            "15%",
            "yes",
            "TALKS",
            "1",
            "尽快",
            "ab12",
            "\x00",
            "\u202e<b>",
            "=1+1",
        ]
    )
)
KEYS = [field.key for field in FORM.fields()]
CELLS = st.dictionaries(
    st.sampled_from(["id", "name", "target", "owner", "budget", "owner__text", "x"]), SCALARS, max_size=4
)
ANYTHING = (
    SCALARS | CELLS | st.lists(CELLS | SCALARS, max_size=3) | st.fixed_dictionaries({"meetings": st.lists(CELLS)})
)
BRIEFLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
DRAFTS = st.dictionaries(st.sampled_from([*KEYS, "lead__text", "other"]), ANYTHING, max_size=8)


def test_several_departments_are_ticked_each_once_and_none_is_an_answer_too():
    field = Field("binds", Kind.DEPARTMENTS, "Binds", unsaid="all")
    form = Form("T", "t", "t", "", (Section("s", "s", (field,)),))
    typed = policy.from_form(form, [("binds", ""), ("binds.3", "on"), ("binds.2", "on"), ("binds.x", "on")])
    assert typed == {"binds": ["3", "2", "x"]}
    known = Known(departments={2: "市场部", 3: "技术部"})
    zone = ZoneInfo("Asia/Shanghai")
    body, findings = policy.normalise(
        form, typed | {"binds": [*typed["binds"], {"id": 2, "name": "市场"}]}, known, zone
    )
    assert body == {"binds": [{"id": 2, "name": "市场部"}, {"id": 3, "name": "技术部"}]}
    assert [(each.code, each.place) for each in findings] == [("records.unknown_department", "binds")]
    assert policy.thaw(form, policy.freeze(form, body).body) == {"binds": [2, 3]}
    assert policy.from_form(form, policy.to_form(form, body)) == {"binds": ["2", "3"]}
    assert policy.from_form(form, [("binds", "")]) == {"binds": []}
    assert (in_words(field, body["binds"]), in_words(field, [])) == ("市场部、技术部", "all")
    assert [each.code for each in policy.misshapen(form, {"binds": "2"})] == ["records.not_departments"]
    assert [each.code for each in policy.misshapen(form, {"binds": [[2]]})] == ["records.not_departments"]


def clean_of(**draft):
    return policy.normalise(FORM, draft, KNOWN, SHANGHAI)


def codes_at(findings, place):
    return [finding.code for finding in findings if finding.place == place]


def value_of(key, typed):
    body, findings = clean_of(title="t", **{key: typed})
    return body[key], codes_at(findings, key)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("15万", "150000.00"), ("¥50,000", "50000.00"), ("5.5 万元", "55000.00"), ("1.2亿", "120000000.00"),
        ("５万元", "50000.00"), ("0", "0.00"), ("1,234.50元", "1234.50"), (50000, "50000.00"), ("人民币3千", "3000.00"),
        ("CNY 12", "12.00"), (0.1, "0.10"),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(typed, clean):
    assert value_of("cost", typed) == (clean, [])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-1", "records.too_small"), ("0.005", "records.too_precise"), ("1e400", "records.not_money"),
        ("1,5", "records.not_money"), ("五万", "records.not_money"), ("99999999亿", "records.too_large"),
        (float("nan"), "records.not_money"), (True, "records.not_money"), ("万", "records.not_money"),
    ],
)  # fmt: skip
def test_money_that_cannot_be_read_is_named(typed, code):
    assert value_of("cost", typed) == (None, [code])


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("15%", "15"),
        ("1，200.50", "1200.5"),
        ("１５", "15"),
        ("-0", "0"),
        ("0.10", "0.1"),
        (-3, "-3"),
        ("10万", "100000"),
    ],
)
def test_numbers_are_exact_decimal_texts(typed, clean):
    assert value_of("share", typed) == (clean, [])


@pytest.mark.parametrize(
    "typed", ["2026-11-20", "2026/11/20", "20261120", "2026年11月20日", "２０２６-11-20", " 2026.11.20 "]
)
def test_dates_are_read_in_every_usual_spelling(typed):
    assert value_of("due_on", typed) == ("2026-11-20", [])


@pytest.mark.parametrize("typed", ["2023-14-05", "2026-02-30", "yesterday", "0001-01-01", "20261", "2026-11-20 17:00"])
def test_a_date_that_does_not_exist_is_named(typed):
    assert value_of("due_on", typed) == (None, ["records.not_a_date"])


def test_a_vague_due_date_is_an_error_of_its_own():
    assert value_of("due_on", "尽快") == (None, ["records.vague"])


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("2026-11-20T17:00", "2026-11-20T09:00:00+00:00"), ("2026-11-20 17:00:30", "2026-11-20T09:00:30+00:00"),
        ("2026年11月20日 17时30分", "2026-11-20T09:30:00+00:00"), ("2026年11月20日17点", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T17:00:00Z", "2026-11-20T17:00:00+00:00"), ("20261120 1:05", "2026-11-19T17:05:00+00:00"),
    ],
)  # fmt: skip
def test_instants_are_meant_in_the_zone_of_the_site(typed, clean):
    assert value_of("starts_at", typed) == (clean, [])


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        (
            "2026-03-29T02:30", "clock.time_skipped",
            {"zone": "Europe/Berlin", "time": "2026-03-29 02:30", "after": "03:00"},
        ),
        (
            "2026-10-25T02:30", "clock.time_twice",
            {
                "zone": "Europe/Berlin", "time": "2026-10-25 02:30",
                "first": "2026-10-25T02:30+02:00", "second": "2026-10-25T02:30+01:00",
            },
        ),
    ],
)  # fmt: skip
def test_a_wall_time_that_does_not_exist_or_exists_twice_is_refused_with_the_way_out(typed, code, params):
    read = values.instant_reader(ZoneInfo("Europe/Berlin"))
    with pytest.raises(values.Unreadable) as caught:
        read(typed)
    assert (caught.value.code, caught.value.params) == (code, params)
    assert read(f"{typed}+01:00") == f"{typed[:10]}T01:30:00+00:00"


@pytest.mark.parametrize("typed", ["2026-11-20", "2026-11-20 25:00", "17:00", "2026-13-20 10:00"])
def test_an_instant_needs_a_day_and_a_time(typed):
    assert value_of("starts_at", typed) == (None, ["records.not_an_instant"])


@pytest.mark.parametrize(("typed", "clean"), [("yes", True), ("no", False), ("是", True), (False, False), ("", None)])
def test_yes_no_and_unanswered_are_three_things(typed, clean):
    assert value_of("is_urgent", typed) == (clean, [])


def test_a_choice_outside_the_list_is_named():
    assert value_of("mode", "TALKS") == ("TALKS", [])
    assert value_of("mode", "<b>") == ("", ["records.not_a_choice"])
    assert value_of("is_urgent", "perhaps") == (None, ["records.not_yes_or_no"])


def test_limits_count_on_both_sides():
    assert value_of("people", "1.5") == (None, ["records.not_an_integer"])
    assert value_of("people", "0") == (0, ["records.too_small"])
    assert value_of("people", "101") == (101, ["records.too_large"])
    assert value_of("people", "100") == (100, [])


def test_people_are_named_from_the_directory():
    assert value_of("lead", "1") == ({"id": 1, "name": "王敏"}, [])
    assert value_of("lead", {"id": 2, "name": "somebody else"}) == ({"id": 2, "name": "李雷"}, [])
    assert value_of("lead", 9) == (None, ["records.unknown_person"])
    assert value_of("department", "x") == (None, ["records.unknown_department"])
    assert value_of("site", 10**30) == (None, ["records.unknown_site"])


def test_a_name_typed_without_a_pick_is_told_as_typed():
    body, findings = clean_of(title="t", lead="", lead__text="王小明")
    assert body["lead"] is None
    assert [(f.code, f.place, f.params) for f in findings] == [("records.unknown_person", "lead", {"typed": "王小明"})]


def test_required_fields_are_named_with_their_place():
    _, findings = clean_of(metrics=[{"name": "", "target": "3"}])
    assert [(f.code, f.place) for f in findings] == [
        ("records.required", "title"),
        ("records.required", "metrics.0.name"),
    ]


def test_lengths_are_counted():
    assert value_of("goal", "四个字啊") == ("四个字啊", ["records.too_short"])
    body, findings = clean_of(title="长" * 61)
    assert (len(body["title"]), codes_at(findings, "title")) == (61, ["records.too_long"])


def test_vague_words_are_errors_in_goals_and_warnings_elsewhere():
    _, findings = clean_of(title="Improve ASAP", goal="争取尽快把转化率提高")
    assert [(f.place, f.params["words"], f.is_error) for f in findings] == [
        ("title", "asap", False),
        ("goal", "争取、尽快", True),
    ]


def test_blame_in_a_cause_asks_for_a_fact():
    _, findings = clean_of(title="t", cause="技术部不配合, it was their fault")
    assert [(f.code, f.params["words"], f.is_error) for f in findings] == [("records.blame", "不配合、fault", False)]
    assert codes_at(clean_of(title="t", cause="The default setting")[1], "cause") == []


def test_control_characters_are_left_out_and_told():
    body, findings = clean_of(title="a\x00b\ud800c", goal="line one\r\nline two\x0b")
    assert (body["title"], body["goal"]) == ("abc", "line one\nline two")
    assert [(f.code, f.place, f.is_error) for f in findings] == [
        ("records.control_characters", "title", False),
        ("records.control_characters", "goal", False),
    ]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=HYPERLINK(1)", "\u202eabc def", "𠮷野家 👩‍👩‍👧", "{{ x }} %s {0}"]
)
def test_odd_text_is_kept_as_text(text):
    assert value_of("goal", text) == (text, [])


def test_blank_rows_fall_away_and_the_others_keep_order_and_ids():
    rows = [
        {"id": "b1", "name": "B", "target": 1},
        {"id": "x", "name": " "},
        {"name": "A", "target": 2},
        {"id": "b1", "name": "C", "target": 3},
    ]
    body, findings = clean_of(title="t", metrics=rows)
    assert [row["name"] for row in body["metrics"]] == ["B", "A", "C"]
    assert body["metrics"][0]["id"] == "b1"
    assert len({row["id"] for row in body["metrics"]}) == 3
    assert findings == []


def test_five_hundred_rows_are_the_most():
    body, findings = clean_of(title="t", metrics=[{"name": str(n), "target": n} for n in range(501)])
    assert len(body["metrics"]) == 500
    assert [(f.code, f.place) for f in findings] == [("records.too_many_rows", "metrics")]


def test_too_few_rows_are_told():
    form = Form(
        "T",
        "t",
        "t",
        "",
        (Section("s", "s", (Field("list", Kind.ROWS, "List", min_rows=2, columns=(Field("a", Kind.TEXT, "A"),)),)),),
    )
    _, findings = policy.normalise(form, {"list": [{"a": "1"}, {"a": ""}]}, KNOWN, SHANGHAI)
    assert [(f.code, f.place, f.params) for f in findings] == [
        ("records.too_few_rows", "list", {"limit": 2, "typed": 1})
    ]


@pytest.mark.parametrize(
    ("draft", "code", "place"),
    [
        ({"status": "APPROVED"}, "records.unknown_field", "status"),
        ({"approved_by": 1}, "records.unknown_field", "approved_by"),
        ({"title__text": "x"}, "records.unknown_field", "title__text"),
        ({"total": "1"}, "records.read_only_field", "total"),
        ({"metrics": [{"reached": True}]}, "records.read_only_field", "metrics.0.reached"),
        ({"metrics": [{"signed_at": 1}]}, "records.unknown_field", "metrics.0.signed_at"),
        ({"metrics": "x"}, "records.not_rows", "metrics"),
        ({"metrics": ["x"]}, "records.not_rows", "metrics.0"),
        ({"plan": []}, "records.not_a_group", "plan"),
        ({"title": {"a": 1}}, "records.not_a_value", "title"),
        ({"lead": {"id": 1, "admin": True}}, "records.not_a_value", "lead"),
    ],
)
def test_what_the_form_does_not_have_is_refused(draft, code, place):
    assert [(f.code, f.place) for f in policy.misshapen(FORM, draft)] == [(code, place)]


def test_names_typed_beside_a_picker_belong_to_the_form():
    assert policy.misshapen(FORM, {"lead__text": "王敏", "metrics": [{"owner__text": "x", "id": "a"}]}) == []


@BRIEFLY
@example({"metrics": [{"name": False}]})
@example({"metrics": [{"name": None, "owner": 0}]})
@given(DRAFTS)
def test_reading_anything_never_raises_and_reading_again_changes_nothing(draft):
    clean, _ = policy.normalise(FORM, draft, KNOWN, SHANGHAI)
    assert set(clean) == {field.key for field in FORM.fields()}
    thawed = policy.thaw(FORM, canonical_json(clean))
    again, findings = policy.normalise(FORM, thawed, KNOWN, SHANGHAI)
    assert again == clean
    assert not {f.code for f in findings} & {"records.unknown_field", "records.read_only_field", "records.not_a_value"}
    canonical_json(clean).encode("utf-8")


@BRIEFLY
@given(st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2))
def test_money_survives_spelling(amount):
    for typed in (f"{amount}", f"¥{amount:,}", f"{amount / 10000:f}万", f"{amount}元"):
        assert Decimal(values.read_money(typed)) == amount


@BRIEFLY
@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_survive_spelling(day):
    for typed in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
    ):
        assert values.read_date(typed) == day.isoformat()


@BRIEFLY
@given(st.text() | st.integers() | st.floats())
def test_a_reader_gives_a_value_or_says_unreadable(typed):
    for read in values.readers(SHANGHAI).values():
        try:
            first = read(typed)
        except values.Unreadable:
            continue
        assert read(first) == first


@BRIEFLY
@given(st.dictionaries(st.text(), st.integers() | st.text()))
def test_a_digest_does_not_know_the_order_of_keys(body):
    assert digest(body) == digest(dict(reversed(list(body.items()))))


def frozen_sample(**changes):
    rows = [{"id": "a1", "name": "Sales", "target": "15", "budget": "5万"}, {"id": "b2", "name": "Cost", "target": "1"}]
    draft = {"title": "One", "metrics": rows, "plan": {"meetings": [{"id": "m1", "topic": "Kick-off"}]}} | changes
    clean, _ = policy.normalise(FORM, draft, KNOWN, SHANGHAI)
    return clean, policy.freeze(FORM, clean)


def test_a_frozen_body_has_a_digest_for_the_whole_and_for_every_row():
    clean, frozen = frozen_sample()
    assert json.loads(frozen.body) == clean
    assert frozen.digest == digest(clean)
    assert frozen.parts == {
        "metrics/a1": digest(clean["metrics"][0]),
        "metrics/b2": digest(clean["metrics"][1]),
        "plan.meetings/m1": digest(clean["plan"]["meetings"][0]),
    }


def test_changing_one_row_changes_the_whole_and_that_row_only():
    _, before = frozen_sample()
    rows = [
        {"id": "a1", "name": "Sales", "target": "16", "budget": "50000"},
        {"id": "b2", "name": "Cost", "target": "1"},
    ]
    _, after = frozen_sample(metrics=rows)
    assert before.digest != after.digest
    assert [key for key in before.parts if before.parts[key] != after.parts[key]] == ["metrics/a1"]


def test_only_computed_fields_are_taken_from_a_computation():
    clean, _ = frozen_sample()
    full = policy.with_computed(FORM, clean, compute(clean, None))
    assert (full["total"], full["title"]) == ("50000.00", "One")
    assert [(row["name"], row["reached"]) for row in full["metrics"]] == [("Sales", False), ("Cost", True)]


def test_the_next_draft_says_what_was_frozen_without_what_was_computed():
    clean, _ = frozen_sample(lead=1)
    full = policy.with_computed(FORM, clean, compute(clean, None))
    draft = policy.thaw(FORM, policy.freeze(FORM, full).body)
    assert "total" not in draft
    assert draft["lead"] == 1
    assert draft["metrics"][0] == {"id": "a1", "name": "Sales", "target": "15", "budget": "50000.00"}


def test_differences_name_their_place_and_label():
    old, _ = frozen_sample()
    new_rows = [
        {"id": "c3", "name": "New", "target": "2"},
        {"id": "a1", "name": "Sales", "target": "16", "budget": "50000"},
    ]
    new, _ = frozen_sample(title="Two", metrics=new_rows, lead=1)
    found = [(c.place, c.label, c.sort, c.old, c.new) for c in policy.diff(FORM, old, new)]
    assert found == [
        ("title", "Title", Sort.CHANGED, "One", "Two"),
        ("lead", "Lead", Sort.ADDED, None, {"id": 1, "name": "王敏"}),
        ("metrics.1", "Metrics 2", Sort.REMOVED, old["metrics"][1], None),
        ("metrics.0", "Metrics 1", Sort.ADDED, None, new["metrics"][0]),
        ("metrics.1.target", "Metrics 2 · Target", Sort.CHANGED, "15", "16"),
    ]


def test_a_changed_order_is_a_difference():
    old, _ = frozen_sample()
    new, _ = frozen_sample(metrics=list(reversed(old["metrics"])))
    assert [(c.place, c.sort) for c in policy.diff(FORM, old, new)] == [("metrics", Sort.MOVED)]


def test_names_of_controls_become_a_nested_draft():
    names = [
        ("csrfmiddlewaretoken", "x"), ("revision", "3"), ("status", "APPROVED"), ("total", "1"), ("title", " T "),
        ("metrics", ""), ("metrics.10.name", "second"), ("metrics.2.id", "a1"), ("metrics.2.name", "first"),
        ("metrics.2.reached", "yes"), ("metrics.x.name", "no row"), ("metrics.99999999999.name", "too far"),
        ("lead__text", "王敏"), ("plan.tool", "mail"), ("plan.meetings.0.topic", "k"), ("title.x", "deeper"),
    ]  # fmt: skip
    assert policy.from_form(FORM, names) == {
        "title": " T ",
        "metrics": [{"id": "a1", "name": "first"}, {"name": "second"}],
        "lead__text": "王敏",
        "plan": {"tool": "mail", "meetings": [{"topic": "k"}]},
    }


def test_a_list_emptied_on_the_page_is_an_empty_list():
    assert policy.from_form(FORM, [("metrics", "")]) == {"metrics": []}
    assert policy.from_form(FORM, []) == {}


@BRIEFLY
@given(
    st.lists(
        st.tuples(
            st.text("abc.019_", max_size=12) | st.sampled_from(["metrics.0.name", "plan.tool", "title"]),
            st.text(max_size=5),
        )
    )
)
def test_any_names_of_controls_give_a_draft(names):
    assert policy.misshapen(FORM, policy.from_form(FORM, names)) == []


@BRIEFLY
@given(DRAFTS)
@example({"metrics": [{"id": "a1", "owner": 0}]})
def test_a_draft_survives_the_way_over_the_page(draft):
    """Rows apart in which nothing could be read: the page has no controls for them."""
    clean, _ = policy.normalise(FORM, draft, KNOWN, SHANGHAI)
    over = policy.from_form(FORM, policy.to_form(FORM, policy.thaw(FORM, canonical_json(clean))))
    read = policy.without_blank_rows(tuple(FORM.fields()), clean)
    assert policy.without_blank_rows(tuple(FORM.fields()), policy.normalise(FORM, over, KNOWN, SHANGHAI)[0]) == read


def test_a_place_is_told_in_words():
    assert FORM.label_of("metrics.0.target") == "Metrics 1 · Target"
    assert FORM.label_of("plan.meetings.2.topic") == "Plan · Meetings 3 · Topic"
    assert FORM.label_of("nowhere.at") == "nowhere.at"


def test_a_given_table_keeps_its_rows():
    columns = (Field("a", Kind.TEXT, "A"),)
    form = Form(
        "T", "t", "t", "", (Section("s", "s", (Field("list", Kind.ROWS, "List", columns=columns, fixed_rows=True),)),)
    )
    stored = {"list": [{"id": "1"}, {"id": "2"}]}
    assert policy.fixed_strangers(form, stored, {"list": [{"id": "2", "a": "x"}, {"id": "1"}]}) == []
    assert policy.fixed_strangers(form, stored, {"list": [{"id": "1"}]}) == ["list"]
    assert policy.fixed_strangers(form, stored, {}) == ["list"]
    assert policy.with_fixed(form, stored, {}) == stored
    body, _ = policy.normalise(form, stored, KNOWN, SHANGHAI)
    assert [row["id"] for row in body["list"]] == ["1", "2"]


def test_times_of_a_day_near_the_ends_of_the_calendar_do_not_raise():
    assert value_of("starts_at", "1900-01-01 00:00")[1] == []
    assert value_of("starts_at", "2200-12-31 23:59+99:99")[1] == ["records.not_an_instant"]
    assert isinstance(datetime.fromisoformat(value_of("starts_at", "2200-12-31 23:59")[0]), datetime)


@pytest.mark.parametrize(
    ("place", "untouched"),
    [
        ("title", True), ("goal", False), ("owner", False), ("rows", True), ("rows.0.what", True),
        ("rows.7.what", True), ("lines", False), ("lines.0.what", False), ("goal.deeper", True), ("nowhere", True),
    ],
)  # fmt: skip
def test_a_place_is_untouched_where_nothing_was_typed(place, untouched):
    body = {
        "title": " ", "goal": "x", "owner": None, "owner__text": "查无此人", "rows": [{"id": "a", "what": ""}],
        "lines": [{"id": "b", "what": "0"}],
    }  # fmt: skip
    assert policy.is_untouched(body, place) is untouched
