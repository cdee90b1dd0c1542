"""What the clock says when it cannot answer: what is wrong and why, and how to mend it, in both languages."""

from collections.abc import Mapping

from bihuan.clock.errors import ClockError

ZH, EN = "zh-hans", "en"
Said = tuple[str, str]  # what and why, how to mend

SENTENCES: Mapping[str, Mapping[str, Said]] = {
    "clock.start_unreadable": {
        EN: ("“{start}” is no time the clock can read.", "Write it like 2026-11-20T16:30, or 2026-11-20T16:30+08:00."),
        ZH: ("“{start}”不是可以识别的时间。", "请写成 2026-11-20T16:30，或 2026-11-20T16:30+08:00。"),
    },
    "clock.time_skipped": {
        EN: (
            "{time} does not exist in {zone}: the clocks are put forward over it.",
            "Choose a time from {after} on, or add the offset, like +01:00.",
        ),
        ZH: (
            "{zone} 没有 {time} 这一时刻：当天拨快时钟，跳过了它。",
            "请选择 {after} 或之后的时间，或写明时差，如 +01:00。",
        ),
    },
    "clock.time_twice": {
        EN: (
            "{time} comes twice in {zone}: the clocks are put back that day.",
            "Say which one is meant: {first} or {second}.",
        ),
        ZH: ("{zone} 的 {time} 会出现两次：当天拨慢时钟。", "请写明是哪一次：{first} 或 {second}。"),
    },
    "clock.out_of_reach": {
        EN: ("The clock only knows the years {first} to {last}.", "Choose a time between them."),
        ZH: ("时钟只计算 {first} 年至 {last} 年。", "请选择其间的时间。"),
    },
    "clock.limit_unreadable": {
        EN: (
            "“{limit}” is no limit: it needs a number and a unit.",
            "Write 2h (elapsed hours), 4wh (working hours), 3wd (working days) or 5d (calendar days).",
        ),
        ZH: (
            "“{limit}”不是时限：需要数字和单位。",
            "请写 2h（自然小时）、4wh（工作小时）、3wd（工作日）或 5d（自然日）。",
        ),
    },
    "clock.limit_not_positive": {
        EN: ("{limit} is not ahead: a limit must be more than nothing.", "Enter a number greater than 0."),
        ZH: ("{limit} 不在将来：时限必须大于零。", "请输入大于 0 的数字。"),
    },
    "clock.limit_too_long": {
        EN: ("{limit} is longer than ten years.", "Choose at most {most}, or a day instead of a limit."),
        ZH: ("{limit} 超过十年。", "最多 {most}；或者直接约定日期。"),
    },
    "clock.days_not_whole": {
        EN: ("{limit} is no whole number of days, and a day ends at close of business.", "Use whole days, or hours."),
        ZH: ("{limit} 不是整天数，而一天以下班时为止。", "请用整天数，或改用小时。"),
    },
    "clock.profile_unknown": {
        EN: ("There is no profile “{profile}”.", "Choose literal or work-aware."),
        ZH: ("没有“{profile}”这种计时方式。", "请选择 literal（按字面）或 work-aware（按工作时间）。"),
    },
    "clock.zone_unknown": {
        EN: ("There is no time zone “{zone}”.", "Choose one by its name, such as Asia/Shanghai or Europe/Berlin."),
        ZH: ("没有“{zone}”这个时区。", "请用时区名称，如 Asia/Shanghai、Europe/Berlin。"),
    },
    "clock.country_unknown": {
        EN: (
            "Nobody here knows the holidays of “{country}”.",
            "Use two capital letters such as CN or DE, or with a part of the country, DE-BY.",
        ),
        ZH: ("没有“{country}”的节假日数据。", "请用两个大写字母，如 CN、DE；也可写到地区，如 DE-BY。"),
    },
    "clock.hours_unreadable": {
        EN: (
            "“{text}” is no span of working hours.",
            "Write 09:00-12:00,13:00-18:00; by weekday: Mon-Thu 08:00-17:00; Fri 08:00-14:00. Midnight is 24:00.",
        ),
        ZH: (
            "“{text}”不是可以识别的工作时间。",
            "请写 09:00-12:00,13:00-18:00；分星期：Mon-Thu 08:00-17:00; Fri 08:00-14:00。午夜写 24:00。",
        ),
    },
    "clock.shift_backwards": {
        EN: ("{text} ends before it begins.", "Put the earlier time first; write work through midnight as two parts."),
        ZH: ("{text} 的结束不晚于开始。", "请把较早的时间写在前面；跨午夜的班次分成两段。"),
    },
    "clock.shifts_overlap": {
        EN: ("{first} and {second} contradict each other: they overlap.", "Let each part end before the next begins."),
        ZH: ("{first} 与 {second} 相互矛盾：时间重叠。", "请让前一段在后一段开始之前结束。"),
    },
    "clock.weekday_twice": {
        EN: ("{day} has hours twice.", "Write the hours of each weekday once."),
        ZH: ("{day} 的工作时间写了两次。", "每个星期几只写一次。"),
    },
    "clock.no_working_hours": {
        EN: ("These hours leave nobody ever at work, so nothing could fall due.", "Give at least one weekday hours."),
        ZH: ("这样没有任何工作时间，任何事项都不会到期。", "请至少给一个星期几安排工作时间。"),
    },
    "clock.never_ends": {
        EN: ("Within twenty years nobody works long enough for this limit.", "Look at the calendar's days off."),
        ZH: ("二十年内的工作时间都不够这一时限。", "请检查日历中的放假安排。"),
    },
    "clock.postings_disordered": {
        EN: ("The postings are not in the order of their first days.", "Give each a first day of its own, in order."),
        ZH: ("派驻安排没有按起始日排列。", "请为每次派驻给出各自的起始日，并按先后排列。"),
    },
    "clock.month_too_short": {
        EN: ("{month} has {worked} working days, no number {number}.", "Choose a smaller number."),
        ZH: ("{month} 只有 {worked} 个工作日，没有第 {number} 个。", "请选择较小的数。"),
    },
    "clock.notice_unreadable": {
        EN: (
            "The file is no list of official days: {why}.",
            "Use the JSON of a notice, an iCalendar file, or a table with the columns date, is_workday, name.",
        ),
        ZH: (
            "文件不是官方日历：{why}。",
            "请使用通知的 JSON、iCalendar 文件，或含 date、is_workday、name 三列的表格。",
        ),
    },
    "clock.notice_too_large": {
        EN: ("The file is larger than {most} kB.", "Leave only the official days in it."),
        ZH: ("文件超过 {most} kB。", "请只保留官方日历的内容。"),
    },
    "clock.notice_year": {
        EN: ("{year} is no year the clock knows.", "Choose one from {first} to {last}."),
        ZH: ("时钟不计算 {year} 年。", "请选择 {first} 年至 {last} 年。"),
    },
    "clock.notice_empty": {
        EN: ("The file says no day of {year}: the year is not announced yet.", "Load it when it has been published."),
        ZH: ("文件中没有 {year} 年的日期：该年尚未公布。", "请在公布后再载入。"),
    },
    "clock.notice_day_twice": {
        EN: ("{day} is said twice.", "Keep one of them."),
        ZH: ("{day} 出现两次。", "请只保留一次。"),
    },
    "clock.notice_day_elsewhere": {
        EN: ("{day} does not belong to {year}.", "Load each year from its own notice."),
        ZH: ("{day} 不属于 {year} 年。", "请分别载入各年的通知。"),
    },
    "clock.notice_days_missing": {
        EN: ("The table of {year} lacks days: {days}.", "Give every day of the year, or only the special ones."),
        ZH: ("{year} 年的表格缺少日期：{days}。", "请给出全年每一天，或只给出特殊日期。"),
    },
    "clock.notice_no_work": {
        EN: ("By this file nobody works on any day of {year}.", "Leave the days that are worked out of it."),
        ZH: ("按此文件，{year} 年没有任何工作日。", "请去掉其中的工作日。"),
    },
    "clock.notice_legal_days": {
        EN: ("{year} lacks days that the law makes free: {days}.", "Add them; a notice never leaves them out."),
        ZH: ("{year} 年缺少法定节日：{days}。", "请补上；通知不会漏掉法定节日。"),
    },
    "clock.question_unreadable": {
        EN: (
            "This line is no question the clock can read: {why}.",
            'Write one JSON object a line: {{"start": "2026-11-20T16:30", "limit": "2wh"}}.',
        ),
        ZH: (
            "这一行不是可以识别的问题：{why}。",
            '每行写一个 JSON 对象：{{"start": "2026-11-20T16:30", "limit": "2wh"}}。',
        ),
    },
}


def said(error: ClockError) -> dict[str, str]:
    """The refusal in both languages, each in one line."""
    return {language: " ".join(sentence_of(error, language)) for language in (ZH, EN)}


def sentence_of(error: ClockError, language: str) -> Said:
    what, mend = SENTENCES[error.code][language]
    return what.format(**error.params), mend.format(**error.params)
