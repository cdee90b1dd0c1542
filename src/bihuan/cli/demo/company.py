"""The people, departments and sites of the demo company, and how to speak for one of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import Function, PostKind

HIRED_BEFORE = timedelta(days=900)
SITES = {
    "上海总部": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "成都": "Asia/Shanghai",
    "柏林": "Europe/Berlin",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A department: who heads it, whom one turns to, and who else works there, each as (account, name, title)."""

    name: str
    name_en: str
    head: tuple[str, str, str] | None
    contact: tuple[str, str, str]
    staff: tuple[tuple[str, str, str], ...] = ()
    parent: str = "总经办"
    site: str = "上海总部"
    function: Function = Function.NONE


UNITS = (
    Unit("总经办", "Executive office", ("tang", "唐文博", "总经理"), ("shi", "石磊", "总经理助理"), parent=""),
    Unit("产品部", "Product", ("zhou", "周建国", "产品总监"), ("lin", "林晓彤", "产品经理")),
    Unit(
        "市场部",
        "Marketing",
        ("wang", "王敏", "市场总监"),
        ("zhao", "赵思远", "推广经理"),
        (("ye", "叶知秋", "品牌总监"), ("shan", "单雨薇", "市场专员")),
    ),
    Unit(
        "技术部",
        "Technology",
        ("chen", "陈志远", "技术总监"),
        ("sun", "孙浩", "开发组长"),
        (("zheng", "郑凯", "开发工程师"), ("feng", "冯雪", "开发工程师"), ("jiang", "蒋磊", "测试工程师")),
    ),
    Unit(
        "运营部",
        "Operations",
        ("liu", "刘雅琴", "运营总监"),
        ("wu", "吴佳怡", "运营经理"),
        (("peng", "彭越", "活动执行专员"), ("luo", "罗欣", "活动执行专员")),
    ),
    Unit("研发部", "Research", ("han", "韩立新", "研发总监"), ("cao", "曹阳", "研发项目经理")),
    Unit("客服部", "Customer care", ("pan", "潘岚", "客服经理"), ("dong", "董倩", "客服主管")),
    Unit("售后部", "After-sales", ("deng", "邓婷", "售后经理"), ("xuchen", "许晨", "售后主管")),
    Unit("供应链部", "Supply chain", ("yuan", "袁博", "供应链总监"), ("yan", "严冬", "计划主管")),
    Unit("仓储部", "Warehouse", ("wei", "魏强", "仓储经理"), ("jin", "金玲", "库存主管"), parent="供应链部"),
    Unit("物流部", "Logistics", ("ding", "丁锋", "物流经理"), ("fu", "傅海涛", "物流主管"), parent="供应链部"),
    Unit("销售部", "Sales", ("liang", "梁伟", "销售总监"), ("bai", "白露", "销售运营主管")),
    Unit("华东销售分公司", "Sales East", ("lu", "陆骏", "总经理"), ("qin", "秦悦", "市场主管"), parent="销售部"),
    Unit(
        "华南销售分公司", "Sales South", ("huang", "黄志豪", "总经理"), ("mo", "莫莉", "市场主管"), (), "销售部", "广州"
    ),
    Unit(
        "华北销售分公司", "Sales North", ("meng", "孟凡", "总经理"), ("cui", "崔宁", "市场主管"), (), "销售部", "北京"
    ),
    Unit("华西销售分公司", "Sales West", ("zou", "邹杰", "总经理"), ("ran", "冉雪", "市场主管"), (), "销售部", "成都"),
    Unit(
        "欧洲销售分公司",
        "Sales Europe",
        ("weber", "韦伯", "总经理"),
        ("ouyang", "欧阳静", "市场主管"),
        (),
        "销售部",
        "柏林",
    ),
    Unit("财务部", "Finance", ("hu", "胡慧兰", "财务总监"), ("qian", "钱美玲", "预算主管")),
    Unit("人力资源部", "Human resources", ("su", "苏敏", "人力资源总监"), ("tao", "陶然", "招聘主管")),
    Unit("法务部", "Legal", ("shen", "沈清", "法务经理"), ("ji", "季安", "法务专员")),
    Unit("项目管理办公室", "PMO", None, ("he", "何静", "PMO专员"), function=Function.PMO),
    Unit(
        "行政部",
        "Administration",
        ("song", "宋丽华", "行政经理"),
        ("ma", "马丽", "行政专员"),
        function=Function.ADMINISTRATION,
    ),
)  # fmt: skip
EXECUTIVES = (
    ("xu", "徐国栋", "分管副总", ("产品部", "市场部", "技术部", "运营部", "研发部", "项目管理办公室", "行政部")),
    ("jia", "贾春梅", "分管副总", ("客服部", "售后部", "供应链部", "销售部", "财务部", "人力资源部", "法务部")),
)
ADMINISTRATOR = ("gao", "高翔", "系统管理员")


@dataclass(slots=True)
class Company:
    """Ids by name: departments, sites, and people by account. Nobody changes post while the story is told."""

    people: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, account: str, at: datetime) -> Actor:
        if account not in self.actors:
            self.actors[account] = queries.actor_for(queries.demo_person(self.people[account]), at)
        return self.actors[account]


def unit(name: str) -> Unit:
    return next(found for found in UNITS if found.name == name)


def head_of(department: str) -> str:
    """The account of a department's head."""
    head = unit(department).head
    return head[0] if head else unit(department).contact[0]


def contact_of(department: str) -> str:
    return unit(department).contact[0]


def found(at: datetime) -> Company:
    """Found the company, its people in their posts long since."""
    company = Company()
    for name, zone in SITES.items():
        company.sites[name] = operations.add_site(name=name, time_zone=zone, actor=SYSTEM, at=at).pk
    for one in UNITS:
        _add_department(company, one, at)
    for account, name, title, in_charge_of in EXECUTIVES:
        _add_person(company, (account, name, title), "总经办", PostKind.STAFF, at)
        for department in in_charge_of:
            operations.put_in_charge(
                person_id=company.people[account],
                department_id=company.departments[department],
                starts_on=(at - HIRED_BEFORE).date(),
                actor=SYSTEM,
                at=at,
            )
    _add_person(company, ADMINISTRATOR, "行政部", PostKind.STAFF, at, is_administrator=True)
    return company


def _add_department(company: Company, one: Unit, at: datetime) -> None:
    department = operations.add_department(
        name=one.name,
        name_en=one.name_en,
        parent_id=company.departments.get(one.parent),
        site_id=company.sites[one.site],
        function=one.function,
        actor=SYSTEM,
        at=at,
    )
    company.departments[one.name] = department.pk
    if one.head:
        _add_person(company, one.head, one.name, PostKind.HEAD, at)
    _add_person(company, one.contact, one.name, PostKind.CONTACT, at)
    for person in one.staff:
        _add_person(company, person, one.name, PostKind.STAFF, at)


def _add_person(
    company: Company,
    person: tuple[str, str, str],
    department: str,
    kind: PostKind,
    at: datetime,
    *,
    is_administrator: bool = False,
) -> None:
    account, name, title = person
    added = operations.add_person(username=account, name=name, is_administrator=is_administrator, actor=SYSTEM, at=at)
    company.people[account] = added.pk
    operations.appoint(
        person_id=added.pk,
        department_id=company.departments[department],
        title=title,
        kind=kind,
        starts_on=(at - HIRED_BEFORE).date(),
        actor=SYSTEM,
        at=at,
    )
