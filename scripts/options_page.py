"""Write docs/admin/options.md from the one table of options: `python scripts/options_page.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from pydantic.fields import FieldInfo  # noqa: E402  the package's path comes first

from bihuan.config.options import PREFIX, SECRETS, Options  # noqa: E402

PAGE = ROOT / "docs" / "admin" / "options.md"
INTRODUCTION = """\
# 选项 · Options

每个选项都是一个环境变量。密钥和口令也可以放在文件里，变量名加 `_FILE` 指向该文件。正式环境的配置不安全时
拒绝启动并说明原因（[`bihuan.E001` 至 `bihuan.E013`](security.md#拒绝启动)）。

Every option is an environment variable. Secrets may stand in a file instead: the variable with `_FILE` at its end names
it. This page is written by `python scripts/options_page.py` from the table in `bihuan.config.options`; a test compares
the two. An unsafe production configuration refuses to start and says why: `bihuan.E001` to `bihuan.E013`.

| 变量 variable | 默认 default | 含义 meaning |
|---|---|---|
"""
IN_CHINESE = {
    "mode": "`production` 用于公司的真实工作；`demo` 提供演示公司并可切换人员；`test` 供测试使用。",
    "data_dir": "一切写入所在的唯一目录。",
    "host": "服务监听的地址。",
    "port": "服务监听的端口。",
    "public_url": "大家在浏览器里输入的地址，含协议。正式环境必填。",
    "secret_key": "给会话签名，至少 50 个字符。非正式环境留空时在数据目录里生成一个。",
    "database_url": "`sqlite:///路径` 或 `postgresql://…`。留空为数据目录里的 SQLite 文件。",
    "language": "个人选择语言之前所用的语言。",
    "time_zone": "总部所在时区。",
    "threads": "一个进程里处理页面的线程数。",
    "trusted_proxies": "可信代理的地址，逗号分隔；只相信它们的 `X-Forwarded-*` 头。",
    "mail_host": "发通知用的 SMTP 服务器。留空则通知只在收件箱里。",
    "mail_port": "SMTP 服务器的端口。",
    "mail_security": "`starttls`；`tls` 从一开始就加密（通常 465 端口）；`none` 用于公司内部的服务器。",
    "mail_user": "SMTP 服务器的账号，如果需要。",
    "mail_password": "该账号的口令。",
    "mail_from": "通知的发件地址。设了 `mail_host` 就必填。",
    "witness_file": "签名的账本状态追加到这个文件；它应在数据库管理员管不到的磁盘上。",
    "witness_url": "同样的内容发送到这个地址（`POST`，JSON）；`http` 只限本机。",
    "witness_mail": "同样的内容发送到这个邮箱。需要 `mail_host`。",
    "witness_every": "两次送出账本状态之间的分钟数。",
    "imports_kept": "导入结束多少天后删除上传的文件。",
    "notices_kept": "通知读过之后保留的天数；事实始终在账本里。",
    "clock_offset": "时钟拨快的秒数，只用于演示和测试。",
    "debug": "在浏览器里显示错误详情。正式环境不允许。",
}


def default_of(field: FieldInfo) -> str:
    return "" if field.default == "" else f"`{str(field.default).lower() if field.default is False else field.default}`"


def row(name: str, field: FieldInfo) -> str:
    variable = f"`{PREFIX}{name.upper()}`"
    variables = f"{variable}, `{PREFIX}{name.upper()}_FILE`" if name in SECRETS else variable
    return f"| {variables} | {default_of(field)} | {IN_CHINESE[name]}<br>{field.description} |"


def page() -> str:
    return INTRODUCTION + "\n".join(row(name, field) for name, field in Options.model_fields.items()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
