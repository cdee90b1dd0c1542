"""The tables an import knows, and how their sheets and columns are called in the files of others."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OTHER = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a row may say. `needed`: without it a sheet is not this table."""

    key: str
    label: "str | Promise"
    words: tuple[str, ...]
    needed: bool = False


NOT_KEPT = {"organisations", "departments", "people", "department_roles", "meetings"}


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    label: "str | Promise"
    words: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def keeps(self) -> bool:
        """Whether what has no column of ours stays with its row, word for word."""
        return self.key not in NOT_KEPT

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


def column(key: str, label: "str | Promise", words: str, *, needed: bool = False) -> Column:
    return Column(key, label, (key, *words.split("|")), needed)


def table(key: str, label: "str | Promise", words: str, *columns: Column) -> Table:
    return Table(key, label, (key, *words.split("|")), columns)


TITLE = pgettext_lazy("source", "Title")
OF_MATTER = column(
    "collaboration", _("Matter"), "协作事项编号|事项编号|协作编号|matter|collaboration id|matter id", needed=True
)
OF_PROGRAMME = column("programme", _("Programme"), "所属版本|版本|项目群|所属项目群|program", needed=True)
PERSON = column("person", _("Person"), "人员|姓名|账号|工号|handle|employee", needed=True)
DEPARTMENT = column("department", _("Department"), "部门|所属部门|部门名称|dept", needed=True)
BESIDE = column("beside", _("Held beside another post"), "兼任|是否兼任|兼职|concurrent|additional")
STARTS = column("starts_on", _("Held since"), "任职开始日期|任职开始|任职日期|到任日期|起始日期|starts on|start date")
ENDS = column("ends_on", _("Not held any more from"), "任职结束日期|任职结束|卸任日期|离任日期|ends on|end date")
OFFICE = column("office", _("Head, contact person or staff"), "任职类别|任职类型|职位类别|kind of post")
STATUS = column("status", _("Status"), "状态|进展状态|项目状态|当前状态|state")
STATUS_RAW = column("status_raw", _("Status as written"), "状态原文|raw status")
RAW = column("raw", _("As written"), "原文|原始内容")
TEXT = column("text", _("Text"), "内容|文字|说明|description")
SUMMARY = column("summary", _("Summary"), "摘要|概述|简介")

TABLES = (
    table(
        "departments", _("Departments"), "部门|组织架构|组织机构|部门表|org|organisation|organization",
        column("id", _("Key"), "编号|部门编号|部门编码|code|department id|dept id"),
        column("name", _("Name"), "名称|部门名称|部门|department|department name", needed=True),
        column("name_zh", _("Chinese name"), "中文名称|中文名"),
        column("kind", _("Kind"), "类型|部门类型|type"),
        column("org", _("Organisation"), "所属组织|所属公司"),
        column("parent", _("Stands below"), "上级部门|上级|所属上级|上级部门名称|父部门|parent department|parent id"),
        STATUS,
        column("heads", _("Heads"), "负责人|部门负责人|主管|head|manager|department head"),
        column("contacts", _("Contact persons"), "接口人|联系人|对接人|contact|contact person"),
        column("time_zones", _("Time zones"), "时区|time zone|timezone"),
        column("mission", _("What it is for"), "职责说明|部门职责|职责|responsibility"),
        column("mission_zh", _("What it is for, in Chinese"), "职责说明（中文）|职责说明(中文)"),
    ),
    table(
        "people", _("People"), "人员|员工|花名册|员工花名册|人员名单|人员信息|通讯录|employees|staff",
        column("handle", _("Account"),
               "账号|工号|员工编号|员工工号|人员编号|用户名|登录名|id|username|account|employee id|userid",
               needed=True),
        column("platform", _("Account of"), "平台"),
        column("name", _("Name of the person"), "姓名|名字|员工姓名|display name|full name"),
        column("email", _("E-mail"), "邮箱|电子邮箱|邮件|企业邮箱|公司邮箱|工作邮箱|邮箱地址|e-mail|mail"),
        column("department", _("Department"), "部门|所属部门|所在部门|部门名称|主部门|dept"),
        column("role", _("Post"), "职务|岗位|职位|岗位名称|职位名称|角色|title|post|position"),
        BESIDE, STARTS, ENDS, OFFICE,
    ),
    table("department_roles", _("Posts"), "部门角色|任职|岗位|roles|posts", PERSON, DEPARTMENT,
          column("role", _("Post"), "角色|职务|岗位|职位|title|post", needed=True), BESIDE, STARTS, ENDS, OFFICE),
    table("organisations", _("Organisations"), "organizations",
          column("organisation", _("Key"), "organization", needed=True),
          column("name", _("Name"), "名称", needed=True)),
    table("groups", _("Named groups"), "命名小组", column("group", _("Key"), "小组编号", needed=True),
          column("name", _("Name"), "名称"), column("org", _("Organisation"), "所属组织"),
          column("members", _("Members"), "成员", needed=True)),
    table("meetings", _("Regular meetings"), "部门例会|例会", DEPARTMENT,
          column("title", TITLE, "标题|会议名称"), column("day", _("Day of the week"), "星期|周几", needed=True),
          column("time", _("Time"), "时间|时刻"), column("tz", _("Time zone"), "时区|timezone"),
          column("frequency", _("Frequency"), "频率|周期"), TEXT),
    table(
        "collaborations", _("Matters"),
        "协作事项|事项|跨部门事项|协作|matters|projects|项目|台账|项目台账|项目清单|任务清单|tracker",
        column("id", _("Key"), "编号|事项编号|key|matter id"),
        column("number", _("Number in the source"), "单号|项目编号|项目编码|编码"),
        column("order", _("Running number"), "序号|no|no."),
        column("title", TITLE, "标题|事项名称|事项|名称|项目名称|subject|name", needed=True),
        column("title_en", _("English title"), "英文标题"),
        column("kind", _("Kind"), "类型|事项类型|项目类型|项目类别|类别|type"),
        STATUS, STATUS_RAW,
        column("stage", _("Stage"), "阶段|当前阶段|phase"),
        column("lead_department", _("Lead department"),
               "主责部门|牵头部门|责任部门|主办部门|承办部门|负责部门|lead|owning department"),
        column("participants", _("Departments taking part"),
               "参与部门|配合部门|协作部门|协办部门|支持部门|相关部门|涉及部门|departments"),
        column("requester", _("Requested by"), "提出人|发起人|申请人|initiator"),
        column("owners", _("Owners"), "责任人|负责人|项目负责人|项目经理|牵头人|owner|project lead|project manager"),
        column("approvers", _("Approvers"), "审批人|批准人|approver"),
        column("reviewers", _("Reviewers"), "评审人|审核人|reviewer"),
        column("created", _("Created on"),
               "创建日期|提出日期|发起日期|开始日期|开始时间|立项日期|立项时间|启动时间|start|start date"),
        column("updated", _("Changed on"), "修订日期|更新日期|last updated"),
        column("recorded_first", _("First recorded"), "首次登记"),
        column("recorded_last", _("Last recorded"), "最近变更"),
        column("programme", _("Programme"), "所属版本|项目群|所属项目群|program"),
        column("release_method", _("Way of release"), "发布方式"),
        column("packages", _("Packages"), "涉及软件包"),
        SUMMARY,
        column("background", _("Background"), "背景|合作背景|motivation"),
        column("goals", _("Goals"), "目标|合作目标|goal"),
        column("non_goals", _("Not meant"), "非目标|non-goals"),
        column("acceptance_criteria", _("Criteria"), "验收标准|criteria"),
        column("risks", _("Risks"), "风险|主要风险|risk"),
        column("external_ref", _("Link"), "链接|url|link"),
    ),
    table("participants", _("Departments taking part"), "参与部门|配合部门", OF_MATTER, DEPARTMENT,
          column("role", _("Role"), "角色"), column("resolved", _("Known"), "可解析")),
    table("assignments", _("People of matters"), "人员职责|事项人员|责任人", OF_MATTER, PERSON,
          column("role", _("Role"), "角色|职责", needed=True)),
    table("responsibilities", _("Duties of departments"), "部门职责|分工", OF_MATTER, DEPARTMENT, RAW,
          column("duty", _("Duty"), "职责|分工", needed=True)),
    table("milestones", _("Milestones"), "协作里程碑|里程碑|事项里程碑", OF_MATTER,
          column("name", _("Name"), "名称|里程碑|milestone", needed=True), column("release", _("Release"), "版本"), RAW,
          column("date", _("Day"), "日期|计划日期|完成日期|due", needed=True),
          column("approver", _("Approver"), "审批人")),
    table("acceptance_criteria", _("Criteria"), "验收标准|验收条件|criteria", OF_MATTER,
          column("phase", _("Phase"), "阶段"), column("text", _("Criterion"), "标准|验收标准|criterion", needed=True)),
    table("checklist", _("Checklists"), "检查单|检查清单", OF_MATTER, column("order", _("Order"), "顺序|序号"),
          column("text", _("Text"), "内容|检查项|item", needed=True),
          column("done", _("Done"), "完成|是否完成", needed=True)),
    table("risks", _("Risks"), "风险|风险清单", OF_MATTER,
          column("text", _("Risk"), "风险|风险描述|risk", needed=True)),
    table("resource_asks", _("Resources asked for"), "资源需求|资源", OF_MATTER,
          column("text", _("What is asked for"), "资源|需求|资源需求|ask", needed=True),
          column("department", _("Department"), "部门|提供部门")),
    table("extra_fields", _("Added fields"), "另加栏目", OF_MATTER,
          column("form", _("Form"), "表单", needed=True), column("record", _("Number of the form"), "表单编号"),
          column("key", _("Key"), "栏目编号", needed=True), column("label", _("Name"), "栏目"),
          column("value", _("Answer"), "填写内容", needed=True)),
    table("updates", _("Updates"), "进展|进展记录|更新记录", OF_MATTER, column("date", _("Day"), "日期"),
          column("precision", _("Precision"), "精度"), column("release", _("Release"), "版本"),
          column("text", _("Text"), "内容|进展|说明", needed=True)),
    table("relations", _("Relations"), "关联事项|关联", OF_MATTER, column("type", _("Kind"), "类型", needed=True),
          column("target", _("Other matter"), "关联对象|关联事项", needed=True), RAW),
    table("programmes", _("Programmes"), "版本计划|项目群|programs|releases",
          column("id", _("Key"), "编号", needed=True), column("name", _("Name"), "名称", needed=True),
          column("lead_department", _("Lead department"), "主责部门|牵头部门"),
          column("begin", _("Begins on"), "开始日期|start", needed=True),
          column("end", _("Ends on"), "结束日期|finish"), SUMMARY),
    table("programme_milestones", _("Milestones of programmes"), "版本里程碑|项目群里程碑", OF_PROGRAMME,
          column("order", _("Order"), "顺序"), column("name", _("Name"), "名称", needed=True),
          column("owner_role", _("Role in charge"), "责任角色"), column("begin", _("Begins on"), "开始日期"),
          column("end", _("Ends on"), "结束日期"), column("days", _("Days"), "天数"),
          column("cutoff", _("Last day for changes"), "PR截止日期"), column("week", _("Week"), "周次"),
          column("instant_utc", _("Instant (UTC)"), "UTC时刻"), column("gate", _("Gate"), "关口", needed=True), RAW,
          column("note", _("Note"), "备注")),
    table("programme_team", _("Teams of programmes"), "版本团队|项目群团队", OF_PROGRAMME,
          column("role", _("Role"), "角色", needed=True), column("lead", _("Lead"), "负责人"),
          column("shadows", _("Deputies in training"), "后备", needed=True)),
    table("exceptions", _("Exceptions"), "例外申请|例外", column("id", _("Key"), "编号", needed=True),
          column("programme", _("Programme"), "所属版本|项目群"), column("gate", _("Gate"), "关口", needed=True),
          column("title", TITLE, "标题"), column("collaboration", _("Matter"), "协作事项编号"),
          column("requested", _("Asked on"), "申请日期"), column("reviewed", _("Looked at on"), "评审日期"),
          column("decision", _("Decision"), "结论|决定", needed=True), column("link", _("Link"), "链接")),
    table("changes", _("Dated changes"), "变更记录|变更历史|history", OF_MATTER, column("id", _("Key"), "编号"),
          column("at", _("At"), "变更时间|时间", needed=True), column("submitted_at", _("Sent at"), "提交时间"),
          column("by", _("By"), "变更人"), column("change_request", _("Change request"), "变更单"),
          column("field", _("Field"), "字段", needed=True), column("old", _("Before"), "原值"),
          column("new", _("After"), "新值")),
    table("acceptance_reports", _("Test reports"), "测试报告|验收报告", column("id", _("Key"), "编号", needed=True),
          column("programme", _("Programme"), "所属版本|项目群"),
          column("collaboration", _("Matter"), "协作事项编号"), column("title", TITLE, "标题"),
          column("report_dates", _("Day"), "日期"),
          column("conclusion", _("Conclusion"), "测试结论|验收结论", needed=True),
          column("runs", _("Runs"), "执行统计"), column("open_findings", _("Left open"), "遗留问题")),
    table("action_items", _("Action items"), "遗留事项|行动项|待办事项", column("id", _("Key"), "编号", needed=True),
          column("raised", _("Raised on"), "提出日期", needed=True),
          column("text", _("Text"), "内容", needed=True), column("owners", _("Owners"), "责任人"), STATUS, STATUS_RAW,
          column("department", _("Department"), "部门")),
    table("rest", _("What the tables have no place for"), "其余内容", column("table", _("Table"), "表", needed=True),
          column("row", _("Key"), "行", needed=True), column("digest", _("Digest"), "摘要值", needed=True),
          column("part", _("Part"), "部分", needed=True), column("text", _("Text"), "内容", needed=True)),
)  # fmt: skip
BY_KEY = {each.key: each for each in TABLES}
