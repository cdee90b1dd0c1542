"""The sample forms as clean bodies, and the same matter as the policies see it. No database."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bihuan.collaborations import forms
from bihuan.collaborations.policy.parties import Matter
from bihuan.collaborations.sentences import SENTENCES as OF_COLLABORATIONS
from bihuan.issues.sentences import SENTENCES as OF_ISSUES
from bihuan.kernel.findings import Finding
from bihuan.knowledge.sentences import SENTENCES as OF_KNOWLEDGE
from bihuan.plans.sentences import SENTENCES as OF_PLANS
from bihuan.records.policy import Known, normalise
from bihuan.records.schema import Field, Form, Kind
from tests import forms_samples

START = date(2026, 11, 17)
FINISH = START + timedelta(days=forms_samples.FINISH_ON)
CAST = forms_samples.Cast(
    product=1,
    marketing=2,
    technology=3,
    operations=4,
    product_manager=11,
    product_head=12,
    promotion_manager=21,
    development_lead=31,
    operations_manager=41,
)
DEPARTMENTS = {1: "产品部", 2: "市场部", 3: "技术部", 4: "运营部", 9: "财务部"}
NAMES = {11: "钱宁", 12: "孙立", 21: "王敏", 31: "李强", 41: "周洁", 91: "吴会"}
PEOPLE = {
    11: frozenset({1}),
    12: frozenset({1}),
    21: frozenset({2}),
    31: frozenset({3}),
    41: frozenset({4}),
}
MATTER = Matter(
    today=START, initiating=1, involved={2: "市场部", 3: "技术部", 4: "运营部"}, finish=FINISH, people=PEOPLE
)
KNOWN = Known(people=NAMES, departments=DEPARTMENTS, sites={1: "上海", 2: "北京"})

Body = dict[str, Any]


def clean(form: Form, draft: Body) -> Body:
    """The clean body; a draft the generic check would refuse is a mistake of the test."""
    body, findings = normalise(form, draft, KNOWN, ZoneInfo("Asia/Shanghai"))
    assert [finding for finding in findings if finding.is_error] == []
    return body


def request() -> Body:
    return clean(forms.REQUEST, forms_samples.request(CAST, START))


def said(findings: list[Finding]) -> list[tuple[str, str, Body]]:
    """Findings as tuples that a test can compare."""
    return [(finding.code, finding.place, dict(finding.params)) for finding in findings]


def department(key: int) -> Body:
    return {"id": key, "name": DEPARTMENTS[key]}


def person(key: int) -> Body:
    return {"id": key, "name": NAMES[key]}


SENTENCES = {**OF_COLLABORATIONS, **OF_ISSUES, **OF_KNOWLEDGE, **OF_PLANS}
any_shape = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def can_be_told(form: Form, findings: list[Finding]) -> bool:
    """Every finding stands at a field of the form and has a sentence that its params fill."""
    for finding in findings:
        assert form.trail(finding.place), finding.place
        sentence = SENTENCES[finding.code]
        assert str(sentence.what).format(**finding.params)
        assert str(sentence.mend).format(**finding.params)
    return True


REFERENCES = {Kind.PERSON: NAMES, Kind.DEPARTMENT: DEPARTMENTS, Kind.SITE: {1: "上海", 2: "北京"}}
NUMBERS = st.decimals(-(10**6), 10**6, places=2).map(str)
SCALARS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(max_size=12),
    Kind.LONGTEXT: st.text(max_size=12),
    Kind.INTEGER: st.integers(-5, 4000) | st.none(),
    Kind.NUMBER: NUMBERS | st.none(),
    Kind.MONEY: NUMBERS | st.none(),
    Kind.DATE: st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat) | st.just("9999-12-31") | st.none(),
    Kind.INSTANT: st.datetimes(timezones=st.just(ZoneInfo("Asia/Shanghai"))).map(lambda at: at.isoformat()) | st.none(),
    Kind.BOOL: st.booleans() | st.none(),
    Kind.VERSION: st.none(),
    Kind.DEPARTMENTS: st.lists(
        st.sampled_from([{"id": key, "name": name} for key, name in DEPARTMENTS.items()]), max_size=3
    ),
}


def bodies(form: Form) -> st.SearchStrategy[Body]:
    """Anything a clean body of the form can look like, filled or not."""
    return _of(tuple(form.fields()))


def _of(fields: tuple[Field, ...]) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries({}, optional={field.key: _value(field) for field in fields})


def _value(field: Field) -> st.SearchStrategy[Any]:
    if field.kind is Kind.GROUP:
        return _of(field.columns)
    if field.kind is Kind.ROWS:
        row = st.tuples(st.sampled_from(["a", "b", "c", "m-m1", "t-t1", "F01"]), _of(field.columns))
        return st.lists(row.map(lambda pair: {"id": pair[0], **pair[1]}), max_size=3)
    if field.kind is Kind.CHOICE:
        return st.sampled_from(["", *(choice.value for choice in field.choices)])
    if field.kind in REFERENCES:
        names = REFERENCES[field.kind]
        return st.sampled_from([None, *({"id": key, "name": name} for key, name in names.items())])
    return SCALARS[field.kind]
