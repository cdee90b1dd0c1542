"""Small workbooks and CSV files of a company that nobody asked for our column names."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]
COMPANY: dict[str, Rows] = {
    "组织架构": [
        ["部门编码", "部门名称", "上级部门", "部门负责人"],
        ["D1", "市场部", "", "王敏"],
        ["D2", "技术部", "", "li.lei"],
        ["D3", "华东组", "市场部", ""],
    ],
    "花名册": [
        ["2026 年度花名册", "", "", ""],
        ["工号", "姓名", "所属部门", "职务", "爱好"],
        ["wang.min", "王敏", "市场部", "部长", "围棋"],
        ["li.lei", "李雷", "D2", "总监", ""],
        ["zhao.yi", "赵一", "技术 部", "工程师", ""],
        ["zhao.yi", "赵一", "华东组", "顾问", ""],
    ],
    "项目台账": [
        ["序号", "项目名称", "牵头部门", "配合部门", "负责人", "开始日期", "状态", "验收标准", "备注"],
        [1, "新品上市", "市场部", "技术部、华东组", "王敏", "2026/3/5", "进行中", "首月销量 1000 台", "=1+1"],
        [2, "系统迁移", "技术部", "", " WANG.MIN ", "2026年13月1日", "已完成", "", "急"],
        [3, "无主之事", "不存在的部门", "", "谁", "", "", "", ""],
    ],
}


def write_book(path: Path, sheets: Mapping[str, Rows] = COMPANY) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def csv_of(rows: Rows, delimiter: str = ",") -> str:
    return "".join(delimiter.join(str(cell) for cell in row) + "\r\n" for row in rows)
