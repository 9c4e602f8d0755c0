"""The questions of an organ as files for it (回填代码): a workbook with a sheet to fill, and the same as CSV."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from jobs.answers.questions import Question
from jobs.answers.slip_files import cell, plain, timeless
from jobs.declarations import Declarations
from jobs.declarations.organs import Organ
from jobs.enterprises.rulings import OFFERED
from jobs.values.divisions import Divisions, load_divisions

SHEET = "回填代码"
ID, ANSWER, WHO, NOTE = "问题编号", "回填代码（请填写）", "填报人（请填写）", "说明（选填）"
NONE_OF_THEM, CANNOT_SAY = "都不是", "无法判断"
PLACES = "一二三四五六七八九十"[:OFFERED]
CANDIDATE = ("名称", "代码", "登记地")
HEAD = (ID, "原报名称", "原报号码", "信息类别", "涉及记录数", "相关文书",
        *(f"候选{place}{part}" for place in PLACES for part in CANDIDATE), ANSWER, WHO, NOTE)
NUMBERS = [f"候选{place}代码" for place in PLACES]
DOCUMENTS = 5  # of a question, as many are named as help to find the act


def write(folder: Path, organ: Organ, asked: Sequence[Question], declarations: Declarations) -> list[Path]:
    """Writes both files of an organ's questions, over those of an earlier run; says which."""
    folder.mkdir(parents=True, exist_ok=True)
    divisions = load_divisions(declarations.folder / "codes" / "divisions.csv")
    rows = [row(one, declarations, divisions) for one in asked]
    name = f"{SHEET}_{organ.code}"
    made = {folder / f"{name}.xlsx": workbook(organ, asked, rows), folder / f"{name}.csv": as_csv(rows)}
    for path, content in made.items():
        path.write_bytes(content)
    return list(made)


def row(one: Question, declarations: Declarations, divisions: Divisions) -> list[Any]:
    """One question as it stands in both files."""
    numbers = "；".join(value for name, value in one.said.items() if name not in ("name_key", "region", "suggestion"))
    more = f" 等 {len(one.documents)} 件" if len(one.documents) > DOCUMENTS else ""
    offered = [part for each in one.offered.values()
               for part in (each["name"], each["number"], place(each["region"], divisions))]
    offered += [None] * (OFFERED * len(CANDIDATE) - len(offered))
    kinds = "、".join(declarations.categories[name].zh for name in one.categories if name in declarations.categories)
    return [one.question_id, one.said.get("name_key"), numbers, kinds, one.facts, "；".join(one.documents[:DOCUMENTS]) + more,
            *offered, None, None, None]


def place(region: str | None, divisions: Divisions) -> str | None:
    return divisions.name_of(region) if region and region in divisions else region


def about(organ: Organ, asked: Sequence[Question]) -> Iterator[tuple[str, Any]]:
    """The first sheet: whom it is for, and how to answer."""
    yield "接收机关", organ.zh
    yield "统一社会信用代码", organ.code
    yield "问题数", f"{len(asked)}（一行一问：同一原报名称和号码为一问，涉及 {sum(one.facts for one in asked)} 条记录）"
    yield "事由", "下列由贵机关作出的不利信息缺少可用的统一社会信用代码，仅凭名称或相似度不能确定对象。" \
                "确定之前不予公示、不作任何使用。"
    yield "如何回复", f"请在“{SHEET}”表中填写“{ANSWER}”：从候选代码中选一个照抄；都不对的填“{NONE_OF_THEM}”；" \
                  f"无法确定的填“{CANNOT_SAY}”。填写的行须写明填报人；未填写的行视为尚未回复。"
    yield "其他代码", "候选之外的代码不能在此填写：请改正原记录的代码，按原渠道重新报送。"
    yield "注意", "请勿改动问题编号和候选代码；只能回复本机关作出的行为。以前答复过的行可以原样保留，不重复计入。" \
                "整份文件有一处不符即整份退回，不作部分接收。"


def workbook(organ: Organ, asked: Sequence[Question], rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    first, second = book.create_sheet("说明"), book.create_sheet(SHEET)
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 20, 90
    first.append([cell(first, "公共信用信息退回单：主体待确认", bold=True)])
    for name, value in about(organ, asked):
        first.append([cell(first, name, bold=True), cell(first, value)])
    for letter in "BCFGHJKMNPQ":
        second.column_dimensions[letter].width = 24
    second.freeze_panes = "B2"
    second.append([cell(second, name, bold=True) for name in HEAD])
    for values in rows:
        second.append([cell(second, value) for value in values])
    content = io.BytesIO()
    book.save(content)
    return timeless(content.getvalue())


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([plain(value) for value in values] for values in rows)
    return text.getvalue().encode("utf-8-sig")
