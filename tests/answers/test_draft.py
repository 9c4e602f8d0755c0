"""A declaration proposed from example files: what is proposed, what is left open, and that no value of a person is told."""
from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import yaml

from jobs.__main__ import main
from jobs.answers.draft import Draft, draft, drafted
from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.report import as_data, as_text
from jobs.answers.drafting.trial import tried
from jobs.declarations import DeclarationError, load
from jobs.declarations.settings import ROOT
from jobs.readers import Limits
from jobs.values.checks import credit_check, organisation_check

DECLARED = load(ROOT / "config")
AT = datetime(2026, 11, 20, tzinfo=UTC)
HEADER = ["序号", "行政相对人名称", "行政相对人代码_1(统一社会信用代码)", "法定代表人", "联系电话", "行政处罚决定书文号",
          "违法事实", "处罚类别", "处罚内容", "罚款金额（万元）", "处罚决定日期", "公示截止期", "处罚机关", "流转标记"]
PERSON, PHONE = "欧阳明远", "13900001111"
Rows = list[list[str]]


def code(number: int) -> str:
    """A credit code of no enterprise whose check digits hold."""
    body = f"MA9{number:05d}"
    first = f"91340100{body}{organisation_check(body)}"
    return first + credit_check(first)


def rows(many: int = 20) -> Rows:
    """Penalties: decided on dates whose days pass 12, published until dates that are day or month first as one likes."""
    return [[str(n), f"示例市第{n}经营有限公司", code(n), PERSON, PHONE, f"示市监罚字〔2026〕第{n:04d}号", "发布虚假广告",
             "罚款" if n % 3 else "警告、罚款", "罚款5000元", "0.5", f"{n % 28 + 1}/10/2026", f"{n % 12 + 1}/9/2027",
             "示例市市场监督管理局", f"k{n % 2}"] for n in range(1, many + 1)]


def as_csv(table: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    csv.writer(buffer := io.StringIO(), delimiter=delimiter).writerows(table)
    return buffer.getvalue().encode(encoding)


def as_xlsx(table: Rows) -> bytes:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.save(buffer := io.BytesIO())
    return buffer.getvalue()


def as_html(table: Rows) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
    return f"<html><body><table><tr><td>导航</td></tr></table><table>{body}</table></body></html>".encode()


def as_json(table: Rows) -> bytes:
    records = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    return json.dumps({"code": 0, "data": {"list": records}}, ensure_ascii=False).encode()


def as_jsonl(table: Rows) -> bytes:
    return "".join(json.dumps(dict(zip(table[0], row, strict=True)), ensure_ascii=False) + "\n" for row in table[1:]).encode()


def as_xml(table: Rows) -> bytes:
    tags = [re.sub(r"\W", "", label) for label in table[0]]
    records = ("".join(f"<{tag}>{cell}</{tag}>" for tag, cell in zip(tags, row, strict=True)) for row in table[1:])
    body = "".join(f"<记录>{record}</记录>" for record in records)
    return f'<?xml version="1.0" encoding="GB18030"?><数据>{body}</数据>'.encode("gb18030")


def as_zip(table: Rows) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("说明.txt", "请查收")
        archive.writestr("处罚.csv", as_csv(table))
    return buffer.getvalue()


def titled(table: Rows) -> Rows:
    return [["示例市行政处罚信息汇总表"], [""], *table, ["合计", "20"], [f"填报人：{PERSON}"]]


FORMATS: dict[str, tuple[Callable[[Rows], bytes], dict[str, object]]] = {
    "a.csv": (as_csv, {"kind": "csv"}),
    "gb.csv": (lambda table: as_csv(table, "gb18030"), {"kind": "csv", "encoding": "gb18030"}),
    "tab.txt": (lambda table: as_csv(table, "utf-16", "\t"), {"kind": "csv", "encoding": "utf-16", "delimiter": "\t"}),
    "a.csv.gz": (lambda table: gzip.compress(as_csv(table)), {"kind": "csv", "container": "gzip"}),
    "a.zip": (as_zip, {"kind": "csv", "container": "zip", "members": "*.csv"}),
    "a.xlsx": (lambda table: as_xlsx(titled(table)), {"kind": "xlsx", "title_rows": 2, "footer": ("^合计", "^填报人")}),
    "a.json": (as_json, {"kind": "json", "records": "data.list[]"}),
    "a.jsonl": (as_jsonl, {"kind": "jsonl"}),
    "a.xml": (as_xml, {"kind": "xml", "records": "记录"}),
    "a.html": (as_html, {"kind": "html", "records": "2"}),
}


def of(folder: Path, table: Rows, name: str = "a.csv", write: Callable[[Rows], bytes] = as_csv,
       category: str | None = None) -> Draft:
    path = folder / name
    path.write_bytes(write(table))
    return drafted([path], DECLARED, AT, category=category)


def role(one: Draft, label: str) -> tuple[str, tuple[str, ...]]:
    return next((each.role, each.fields or each.candidates) for each in one.proposal.columns if each.label == label)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_told_by_its_bytes_and_its_rows_are_accounted_for(tmp_path: Path, name: str) -> None:
    write, spec = FORMATS[name]
    one = of(tmp_path, [HEADER, *rows()], name, write)
    assert one.proposal.shape.spec.model_dump(exclude_defaults=True) == spec
    assert one.proposal.choice.category == "penalty"
    assert one.account.read["rows"] == 20
    assert one.account.rows == {"fact": 20}
    assert one.account.balances


def test_a_header_of_two_lines_is_one_header(tmp_path: Path) -> None:
    upper = ["主体信息", "", "处罚信息", "", "", "", "备注"]
    lower = ["企业名称", "统一社会信用代码", "行政处罚决定书文号", "处罚类别", "处罚决定日期", "处罚机关", ""]
    body = [[f"示例市第{n}经营有限公司", code(n), f"示罚〔2026〕{n}号", "罚款", "2026-10-01", "示例市市场监督管理局", ""]
            for n in range(1, 6)]
    one = of(tmp_path, [["行政处罚"], upper, lower, *body], "a.xlsx", as_xlsx)
    assert one.proposal.shape.spec.model_dump(exclude_defaults=True) == {"kind": "xlsx", "title_rows": 1, "header_rows": 2}
    assert role(one, "主体信息/企业名称") == ("field", ("subject_name",))
    assert one.account.read["rows"] == 5


def test_fields_units_dates_persons_and_what_nobody_knows(tmp_path: Path) -> None:
    one = of(tmp_path, [HEADER, *rows()])
    assert role(one, "行政相对人代码_1(统一社会信用代码)") == ("field", ("credit_code",))
    assert role(one, "法定代表人")[0] == role(one, "联系电话")[0] == "personal"
    assert role(one, "序号")[0] == "ignored"
    assert role(one, "流转标记") == ("open", ())
    told = yaml.safe_load(one.text)
    assert told["fields"]["fine_amount_yuan"]["options"] == {"unit": "wan"}
    assert told["fields"]["decision_date"]["options"] == {"order": "dmy"}
    assert "distinct values have a first part above 12: dmy" in one.text
    assert "options" not in told["fields"]["publicity_end_date"]
    assert "# unsure: order: 12 distinct values with the year last are each both dmy and mdy" in one.text
    assert one.account.flaws["publicity_end_date", "wrong_order"] == 20
    assert told["lookups"]["penalty_kinds"] == {"罚款": "fine", "警告": "warning"}
    assert one.proposal.words["penalty_kinds"].counts == {"罚款": 20, "警告": 6}
    assert "  - 流转标记  # unsure: it gives nothing that is known" in one.text


def test_no_value_of_a_person_is_told_anywhere(tmp_path: Path) -> None:
    table = [[*HEADER, "严重程度", "备用"], *([*row, PERSON if n == 3 else "一般", PERSON] for n, row in enumerate(rows()))]
    one = of(tmp_path, titled(table), "a.xlsx", as_xlsx)
    assert role(one, "备用") == ("open", ("personal",))
    data = json.dumps(as_data(one.proposal, one.account, DECLARED, one.text), ensure_ascii=False)
    for told in (one.text, as_text(one.proposal, one.account, DECLARED), data):
        assert PERSON not in told
        assert PHONE not in told
        assert code(7) not in told
    [(word, many, codes)] = one.proposal.words["severity"].open
    assert (PERSON not in word, many, codes) == (True, 1, [])


def test_a_label_of_two_fields_is_left_open_with_both_named(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "修复决定书文号", "修复决定日期", "列入机关", "移出事由"]
    body = [[f"示例市第{n}经营有限公司", code(n), f"示修〔2026〕{n}号", "2026-10-01", "示例市市场监督管理局", "补报年报"]
            for n in range(1, 6)]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([header, *body]))
    one = drafted([path], DECLARED, AT, category="abnormal_repair", known=Dictionary(DECLARED, frozenset(["abnormal_repairs"])))
    assert role(one, "列入机关") == ("open", ("organ_name", "target_organ_name"))
    assert "it may give organ_name or target_organ_name" in one.text


def test_values_decide_where_labels_do_not(tmp_path: Path) -> None:
    header = ["company_name", "taxpayer_identification_number", "business_status", "establishment_date", "registered_capital"]
    body = [[f"示例市第{n}经营有限公司", code(n), "存续", "2020-04-09", "5000"] for n in range(1, 6)]
    assert role(of(tmp_path, [header, *body]), "taxpayer_identification_number") == ("field", ("credit_code",))
    both = [[*header, "USCC"], *([*row, row[1]] for row in body)]
    assert role(of(tmp_path, both), "taxpayer_identification_number") == ("field", ("tax_number",))
    wrong = [header, *([row[0], row[1], row[2], "很久以前" * n, row[4]] for n, row in enumerate(body, 1))]
    assert role(of(tmp_path, wrong), "establishment_date") == ("open", ("founding_date",))
    assert "# unsure: unit: neither the label nor the values say 元 or 万元" in of(tmp_path, [header, *body]).text


def test_codes_of_organs_are_not_the_subjects(tmp_path: Path) -> None:
    organs = [organ.code for organ in DECLARED.organs.values()][:5]
    table = [["企业名称", "统一社会信用代码", "行政处罚决定书文号", "处罚类别", "处罚决定日期"],
             *(["示例市第一经营有限公司", one, f"示罚〔2026〕{n}号", "罚款", "2026-10-01"] for n, one in enumerate(organs))]
    assert role(of(tmp_path, table), "统一社会信用代码") == ("open", ("credit_code", "organ_code"))


def test_numbers_as_words_are_never_decoded_by_what_another_template_means(tmp_path: Path) -> None:
    table = [[*HEADER, "当前状态"], *([*row, "1"] for row in rows())]
    one = of(tmp_path, table)
    assert role(one, "当前状态") == ("field", ("penalty_status",))
    assert one.proposal.words["penalty_status"].lookup == {}
    assert "# unsure: '1', 20 times: revoked" in one.text


def test_serial_days_households_and_zeros_are_seen(tmp_path: Path) -> None:
    header = ["企业名称", "统一社会信用代码", "企业类型", "成立日期", "注册地址"]
    table = [header, *([f"示例市第{n}经营部", code(n) if n > 2 else "", "有限责任公司(自然人独资)" if n > 2 else "个体工商户",
                         str(43930 + n), "0"] for n in range(1, 6))]
    one = of(tmp_path, table)
    told = yaml.safe_load(one.text)
    assert told["fields"]["founding_date"]["options"] == {"serial": True}
    assert told["fields"]["subject_kind"] == {"label": "企业类型", "extract": "(个体工商户)", "lookup": "subject_kind"}
    assert one.account.rows == {"fact": 3, "household": 2}
    assert "# unsure: nulls: a 0 stands in 注册地址" in one.text


def test_a_workbook_that_is_cut_is_refused_as_land_refuses_it(tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DeclarationError, match=r"cut.xlsx: begins like a zip archive and is not a whole one"):
        draft([path], DECLARED, AT, None, None, False)


def test_a_file_of_which_nothing_is_known_is_all_open(tmp_path: Path) -> None:
    one = of(tmp_path, [["甲栏", "乙栏"], *([f"x{n}", f"y{n}"] for n in range(5))])
    assert [each.role for each in one.proposal.columns] == ["open", "open"]
    assert one.account.held == {"a.csv": "no column is known to give a field; say the category, or what the columns are"}
    assert yaml.safe_load(one.text)["ignored"] == ["甲栏", "乙栏"]


def test_a_category_that_is_not_clear_is_open(tmp_path: Path) -> None:
    table = [["企业名称", "统一社会信用代码", "备注"], *([f"示例市第{n}经营有限公司", code(n), ""] for n in range(1, 6))]
    one = of(tmp_path, table)
    assert one.proposal.choice.open
    assert yaml.safe_load(one.text)["category"] is None
    assert of(tmp_path, table, category="honour").proposal.choice.category == "honour"
    with pytest.raises(DeclarationError, match="--category: 'nothing' is unknown; known: "):
        of(tmp_path, table, category="nothing")


FILLED = {"zh": "示例", "en": "Example", "organ": "city_market_regulation", "level": "city",
          "legal_basis": "《行政处罚法》第四十八条", "owner": "示例科", "snapshot": "increment", "schedule": '"0 18 * * 1"',
          "deadline": '{working_days: 1, time: "18:00"}'}


def test_the_file_is_refused_until_it_is_filled_and_then_admits_the_rows(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "expectations", tmp_path / "expectations")
    example, out = tmp_path / "penalties.csv", tmp_path / "config" / "feeds" / "new_penalties.yml"
    example.write_bytes(as_csv([HEADER, *rows()]))
    said, report = draft([example], DECLARED, AT, out, None, as_json=False)
    assert f"{out} is written" in said
    assert "20 rows = 20 fact + 0 reject + 0 household + 0 natural_person" in report
    with pytest.raises(DeclarationError, match=r"new_penalties.yml: organ: is empty, still to fill(.|\n)*deadline: is empty"):
        load(tmp_path / "config")
    text = out.read_text(encoding="utf-8")
    for key, value in FILLED.items():
        text = re.sub(rf"^{key}:  # to fill.*$", lambda _, line=f"{key}: {value}": line, text, flags=re.M)
    assert "to fill:" not in text
    out.write_text(text, encoding="utf-8")
    load.cache_clear()
    declared = load(tmp_path / "config")
    assert tried(declared.feeds["new_penalties"], [example], declared, Limits(), AT).rows == {"fact": 20}
    with pytest.raises(DeclarationError, match="is there already and is not overwritten"):
        draft([example], DECLARED, AT, out, None, as_json=False)


def test_the_example_is_made_up_and_holds_what_its_row_gives(tmp_path: Path) -> None:
    [example] = yaml.safe_load(of(tmp_path, [HEADER, *rows()]).text)["examples"]
    assert set(example["row"]) == set(HEADER)
    assert example["gives"]["subject_name"] == "示例市示例科技有限公司"
    assert example["row"]["处罚决定日期"] == "9/11/2026"
    assert example["gives"]["decision_date"] == "2026-11-09"


def test_files_of_two_layouts_and_files_of_no_layout_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, titles, picture = tmp_path / "a.csv", tmp_path / "b.xlsx", tmp_path / "c.pdf"
    plain.write_bytes(as_csv([HEADER, *rows()]))
    titles.write_bytes(as_xlsx(titled([HEADER, *rows()])))
    picture.write_bytes(b"%PDF-1.4")
    with pytest.raises(DeclarationError, match="is laid out otherwise than"):
        drafted([plain, titles], DECLARED, AT)
    assert main(["draft", str(picture)]) == 2
    assert "no example of a feed: c.pdf: looks like a PDF" in capsys.readouterr().err
    assert main(["draft", str(plain), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["account"]["rows"] == {"fact": 20}
