"""Who agreed to which text of which line, on plain values."""

from bihuan.collaborations.policy.agreement import Frozen, Said, lines_of, unbound, waiting

INVOLVED = {2: "市场部", 3: "技术部", 4: "运营部"}


def version(number, **lines):
    rows = [{"id": key, "item": text} for key, text in lines.items()]
    return Frozen(number, {f"criteria/{key}": text for key, text in lines.items()}, {"criteria": rows})


def said(signoff, key, text, state, *, part="criteria/a", **more):
    slot = signoff * 100 + int(key)
    return Said(slot, signoff, key, INVOLVED[int(key)], part, text, state, department=int(key), **more)


def told(text):
    return text.since, [(one.label, one.state) for one in text.said]


def test_each_text_has_the_version_it_came_with_and_who_said_what_to_it():
    versions = [version(1, a="旧", b="同"), version(2, a="旧", b="同"), version(3, a="新", c="增")]
    signatures = [
        said(1, "2", "旧", "APPROVED"), said(1, "3", "旧", "VOID"), said(2, "2", "旧", "APPROVED"),
        said(2, "3", "旧", "AMENDED", amendment={"state": "TAKEN"}), said(3, "2", "新", "PENDING"),
        said(3, "3", "新", "APPROVED"),
    ]  # fmt: skip
    a, c, b = lines_of(versions, signatures, INVOLVED)
    assert told(a.now) == (3, [("市场部", "PENDING"), ("技术部", "APPROVED")])
    assert [told(text) for text in a.before] == [(1, [("市场部", "APPROVED"), ("技术部", "AMENDED")])]
    assert (a.binds, a.is_gone, c.now.since, b.is_gone) == ((2, 3), False, 3, True)
    assert unbound([a], INVOLVED) == ["运营部"]


def test_who_is_not_bound_any_more_does_not_stand_beside_the_line():
    versions = [version(1, a="文"), version(2, a="文")]
    signatures = [said(1, "2", "文", "APPROVED"), said(1, "3", "文", "APPROVED"), said(2, "3", "文", "APPROVED")]
    (line,) = lines_of(versions, signatures, INVOLVED)
    assert (told(line.now), line.binds) == ((1, [("技术部", "APPROVED")]), (3,))


def test_only_amendments_without_an_answer_wait():
    versions = [version(1, a="文")]
    signatures = [
        said(1, "2", "文", "AMENDED", amendment={"state": "OPEN"}),
        said(1, "3", "文", "AMENDED", amendment={"state": "TAKEN"}),
        said(1, "4", "文", "PENDING", amendment={"state": "DECLINED"}),
    ]
    assert [one.label for one in waiting(lines_of(versions, signatures, INVOLVED))] == ["市场部"]
    assert lines_of([], [], INVOLVED) == []
