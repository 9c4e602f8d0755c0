"""A slip as files for the organ: a workbook of two sheets, and the lines as CSV; byte for byte the same for the same slip."""
from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from jobs.answers.slip_lines import Line
from jobs.answers.slips import Slip
from jobs.declarations import Declarations

SHANGHAI = ZoneInfo("Asia/Shanghai")
WRITTEN = (2000, 1, 1, 0, 0, 0)  # a time of writing would make two equal files differ
MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
MOST = 1_000_000  # lines of a sheet, which has 1,048,576 rows; the CSV has every one
STATES = {"open": "待处理", "disputed": "异议处理中", "withdrawn": "已撤销退回"}
STATUS = {"open": "待回复", "overdue": "逾期未回复", "closed": "已办结"}
KINDS = {"reject": "拒收", "doubt": "存疑"}
HEAD = ("行号", "分段", "类别", "列名", "内容（已脱敏）", "原因", "依据", "状态", "字段代码", "原因代码")
WIDTHS = (8, 6, 8, 24, 36, 48, 40, 12, 22, 24)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def write(folder: Path, slip: Slip, lines: Sequence[Line], declarations: Declarations) -> list[Path]:
    """Writes both files of a slip, over those of an earlier run; says which."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{slip.delivery['feed']}_{slip.delivery['covers']:%Y%m%d}_{slip.delivery_id[:8]}"
    made = {folder / f"{name}.xlsx": workbook(slip, lines, declarations), folder / f"{name}.csv": as_csv(lines)}
    for path, content in made.items():
        path.write_bytes(content)
    return list(made)


def cells(line: Line) -> list[Any]:
    """One line as it stands in both files."""
    return [line.row_no, line.part or None, KINDS[line.kind], line.label, line.value, line.because, line.basis or "—",
            STATES[line.state], line.field, line.reason]


def about(slip: Slip, declarations: Declarations) -> Iterator[tuple[str, Any]]:
    """The first sheet: whom it is for, what of, by when, and how to answer."""
    delivery, clock = slip.delivery, declarations.slips.clock(slip.issued_on)
    yield "接收机关", slip.organ.zh if slip.organ else "（原报送机关已不存续，未登记承继机关）"
    yield "统一社会信用代码", slip.organ.code if slip.organ else None
    yield "数据源", f"{slip.feed.zh if slip.feed else ''}（{delivery['feed']}）"
    yield "数据覆盖日期", str(delivery["covers"])
    yield "报送文件", delivery["source_name"]
    yield "接收时间", f"{delivery['received_at'].astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    yield "收到行数", delivery["rows_received"]
    yield "拒收", slip.lines("reject")
    yield "存疑", slip.lines("doubt")
    yield "异议处理中", slip.disputed
    yield "状态", STATUS[slip.status]
    yield "告知日期", str(slip.issued_on)
    yield "回复期限", str(slip.reply_by) if slip.reply_by else "暂定（该年度工作日历尚未公布，不计逾期）"
    yield "期限依据", f"{clock.basis}，{clock.working_days} 个工作日"
    yield "报送标识号", slip.delivery_id
    yield "如何回复", "请改正后按原渠道重新报送同一覆盖日期的完整数据；新批次入库后本单自动办结，其中仍有的问题另行退回。"
    yield "行号", "从首行数据起为第 1 行，不含标题行、表头和空行；在电子表格中查找时请加上它们的行数。"
    yield "如有异议", "请注明报送标识号、字段代码、原因代码（可注明行号），说明理由并附材料；裁定之前相应行不计入评分。"
    yield "说明", "内容已脱敏。个体工商户和自然人的记录不在归集范围，已丢弃并只计数，不属于差错，不在本单之列。"


# ---- the workbook

def workbook(slip: Slip, lines: Sequence[Line], declarations: Declarations) -> bytes:
    book = Workbook(write_only=True)
    first, second = book.create_sheet("退回单"), book.create_sheet("明细")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 20, 90
    first.append([cell(first, "公共信用信息退回单", bold=True)])
    for name, value in about(slip, declarations):
        first.append([cell(first, name, bold=True), cell(first, value)])
    for place, width in enumerate(WIDTHS):
        second.column_dimensions["ABCDEFGHIJ"[place]].width = width
    second.freeze_panes = "A2"
    second.append([cell(second, name, bold=True) for name in HEAD])
    for line in islice(lines, MOST):
        second.append([cell(second, value) for value in cells(line)])
    if len(lines) > MOST:
        short = f"明细仅列前 {MOST} 行，全部 {len(lines)} 行见同名 CSV 文件。"
        first.append([cell(first, "注意", bold=True), cell(first, short)])
    content = io.BytesIO()
    book.save(content)
    return timeless(content.getvalue())


def cell(sheet: WriteOnlyWorksheet, value: Any, bold: bool = False) -> WriteOnlyCell:
    """Text is text, also where it begins like a formula."""
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        made.data_type = "s"
    made.font, made.alignment = Font(bold=bold), Alignment(vertical="top", wrap_text=True)
    return made


def timeless(content: bytes) -> bytes:
    """The same workbook without the times at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            info = zipfile.ZipInfo(name, WRITTEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            data = given.read(name)
            made.writestr(info, MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", data) if name == "docProps/core.xml" else data)
    return out.getvalue()


# ---- the lines alone

def as_csv(lines: Sequence[Line]) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([plain(value) for value in cells(line)] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def plain(value: Any) -> Any:
    """Text that begins like a formula has an apostrophe before it, which spreadsheets take for text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
