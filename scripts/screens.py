"""The pages that `make screenshots` shows: (name, address, as whom).

An address may go on with ` > selector`: that link is followed. Without a name nobody is signed in. The matters of the
demo company are always founded in the same order, so their addresses hold.
"""

SCREENS: list[tuple[str, str, str]] = [
    ("signin", "/signin", ""),
    ("desk-lead", "/", "林晓彤"),
    ("desk-head", "/", "王敏"),
    ("desk-executive", "/", "徐国栋"),
    ("desk-pmo", "/", "何静"),
    ("portfolio", "/matters/", "何静"),
    ("portfolio-board", "/matters/?shape=board", "何静"),
    ("portfolio-calendar", "/matters/?shape=calendar", "何静"),
    ("search", "/search/?q=%E6%8A%80%E6%9C%AF", "何静"),
    ("exports", "/exports/", "何静"),
    ("matter-new", "/matters/new", "林晓彤"),
    ("matter-request", "/matters/10/", "林晓彤"),
    ("matter-execution", "/matters/4/", "吴佳怡"),
    ("matter-plan", "/matters/4/plan", "吴佳怡"),
    ("matter-resources", "/matters/5/resources", "何静"),
    ("matter-progress", "/matters/4/progress", "吴佳怡"),
    ("matter-loops", "/matters/4/loops", "吴佳怡"),
    ("matter-timeline", "/matters/4/timeline", "吴佳怡"),
    ("matter-closed", "/matters/1/", "林晓彤"),
    ("form-read", "/matters/1/request > a.what[href^='/records/']", "林晓彤"),
    ("sign", "/ > a.what[href^='/sign/']", "王敏"),
    ("sign-plan", "/ > a.what[href^='/sign/']", "徐国栋"),
    ("task", "/matters/4/plan > a[href^='/tasks/']", "吴佳怡"),
    ("need", "/matters/5/resources > a[href^='/needs/']", "陈志远"),
    ("week", "/matters/4/week", "吴佳怡"),
    ("report", "/matters/4/week > a[href^='/reports/']", "赵思远"),
    ("risk", "/matters/4/risks > a[href^='/risks/']", "何静"),
    ("library", "/library/", "林晓彤"),
    ("archive", "/library/ > a[href^='/library/1']", "林晓彤"),
    ("departments", "/departments/", "王敏"),
    ("department", "/departments/ > #main tbody a[href^='/departments/'], #main li a[href^='/departments/']", "王敏"),
    ("people", "/people/", "王敏"),
    ("guide", "/guide", "高翔"),
    ("hand-over", "/people/ > #people a[href^='/people/'] > a[href$='/hand-over']", "高翔"),
    ("settings", "/settings", "王敏"),
    ("design", "/design/", "王敏"),
]
