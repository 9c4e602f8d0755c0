"""The three lists an office publishes (数据清单、应用清单、行为清单), from the declarations alone, in Chinese with English."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from jobs.answers import documents
from jobs.answers.layout import table
from jobs.declarations import Declarations
from jobs.declarations.channels import read
from jobs.declarations.feeds import Category
from jobs.stores.serving.tables import Served, served

EVIDENCE = {"decided": "决定 decided", "checked": "核查 checked", "declared": "自愿申报 declared", "alleged": "反映 alleged"}
SEEN = {"open": "公开 open", "market": "市场 market", "government": "政务共享 government", "audit": "内部审计 audit",
        "never": "仅供比对，不提供 for matching alone, shown to nobody"}
TYPES = {"string": "文本", "date": "日期", "timestamp": "时间", "decimal": "金额或数值", "integer": "整数", "boolean": "是否",
         "strings": "多值文本"}
LEVELS = {"province": "省级 province", "city": "市级 city", "ministry": "垂直管理 ministry"}
KINDS = {"permit": "行政许可 permit", "inspection": "监督检查 inspection", "commitment": "信用承诺 commitment",
         "confirmation": "行政确认 confirmation", "levy": "行政征收 levy", "payment": "行政给付 payment",
         "reward": "行政奖励 reward", "other": "其他 other"}
APART = "，市场信用信息，与公共信用信息分开 of the market, kept apart"
WIDE = 4_000  # an office prints its lists whole


def lists(declarations: Declarations) -> list[str]:
    """All three, one after the other."""
    return [*data(declarations), "", *applications(declarations), "", *acts(declarations)]


def force(since: date, until: date | None) -> str:
    return f"{since} 至 {until or '另行通知 further notice'}"


# ---- 一 what is collected

def data(declarations: Declarations) -> list[str]:
    """Every category with its catalogue line, its sources and its fields."""
    tables = {one.category.category: one for one in served(declarations) if one.category}
    lines = ["一、数据清单  Data list"]
    for number, (name, category) in enumerate(declarations.categories.items(), 1):
        lines += ["", f"({number}) {category.zh}  {category.en}  [{name}]",
                  *table(["", ""], about(category, declarations), longest=WIDE)[1:],
                  *fields(category, tables[name], declarations)]
    return lines


def about(category: Category, declarations: Declarations) -> list[list[Any]]:
    feeds = [one for one in declarations.feeds.values() if one.category == category.category]
    return [["目录依据 catalogue", cited(category, declarations)],
            ["证据类别 evidence", EVIDENCE[category.evidence]],
            ["性质 kind", "不利信息 adverse" if category.adverse else "中性信息 neutral"],
            ["最低可见渠道 seen from", SEEN[category.sensitivity] + (APART if category.namespace == "market" else "")],
            ["来源 sources", [f"{declarations.organs[feed.organ].zh}（{feed.feed}）" for feed in feeds]]]


def cited(category: Category, declarations: Declarations) -> str:
    """The line of the catalogue, its edition and its force; that nothing is collected where there is none."""
    if category.catalogue is None:
        return "未列入目录，不予采集 not in the catalogue, refused"
    line = declarations.catalogue.lines[category.catalogue]
    edition = declarations.catalogue.editions[line.edition]
    return f"{edition.zh}：{line.zh}（{category.catalogue}；{force(line.valid_from, line.valid_to)}；{line.mark}）"


def fields(category: Category, shown: Served, declarations: Declarations) -> list[str]:
    head = ["序号", "字段 field", "名称 name", "类型 type", "单位 unit", "可见 seen by", "必填 required"]
    rows = []
    for number, (name, told) in enumerate(category.fields.items(), 1):
        field = declarations.fields[name]
        kept = "不采集 not collected" if told.catalogue == "none" else SEEN[shown.columns.get(name, "never")]
        kind, needed = f"{TYPES[field.type]} {field.type}", "必填" if told.required else ""
        rows.append([number, name, field.zh, kind, field.unit, kept, needed])
    return table(head, rows, indent="  ", longest=WIDE)


# ---- 二 who sees what of it

def applications(declarations: Declarations) -> list[str]:
    """Every channel with the tables, columns and rows that it sees."""
    known, lines = documents.words(declarations), ["二、应用清单  Application list"]
    for channel, allowed in read(declarations).channels.items():
        lines += ["", f"渠道 channel: {SEEN.get(channel, channel)}"]
        for one in served(declarations):
            if columns := one.visible(allowed):
                lines += [f"  {one.name}  {documents.meaning(one, known)}", f"    字段 columns: {', '.join(columns)}"]
                lines += [f"    行 rows: {one.rows[channel]}"] if channel in one.rows else []
    return lines


# ---- 三 what is done with it, and on what basis

def acts(declarations: Declarations) -> list[str]:
    """Items, lists, terms of publicity and rules, each with its basis."""
    return ["三、行为清单  Act list", "", *items(declarations), "", *named_lists(declarations), "", *terms(declarations), "",
            *rules(declarations)]


def items(declarations: Declarations) -> list[str]:
    head = ["事项编码 item", "事项 name", "类别 kind", "依据 basis", "层级 level", "实施机关 organ", "监管举措 measure",
            "有效期 valid", "模板·核查·监管"]
    rows = [[code, item.zh, KINDS[item.kind], item.basis, LEVELS[item.level], declarations.organs[item.organ].zh, item.measure,
             force(item.valid_from, item.valid_to), [part for part in (item.template, item.check, item.supervision) if part]]
            for code, item in declarations.items.items()]
    return ["事项 Items", *table(head, rows, indent="  ", longest=WIDE)]


def named_lists(declarations: Declarations) -> list[str]:
    """The lists that organs decide; the platform names nobody itself."""
    rows = [[one.list_name, one.zh, one.en, "不利 adverse" if one.adverse else "中性或正面 neutral", SEEN[one.sensitivity]]
            for one in declarations.categories.values() if one.list_name]
    return ["名单 Lists (由认定机关决定 decided by organs alone)",
            *table(["名单 list", "名称 name", "", "性质 kind", "可见 seen by"], rows, indent="  ", longest=WIDE)]


def terms(declarations: Declarations) -> list[str]:
    head = ["规定 regime", "名称 name", "版本 version", "依据 basis", "施行 in force"]
    rows = [row for regime in declarations.regimes.values() for row in of_regime(regime)]
    return ["公示、共享、使用和保存期限 Terms", *table(head, rows, indent="  ", longest=WIDE)]


def of_regime(regime: Any) -> Iterator[list[Any]]:
    for version in regime.versions:
        yield [regime.regime, regime.zh, version.version, version.basis, force(version.in_force_from, version.in_force_to)]
    if not regime.versions:
        yield [regime.regime, regime.zh, "", "", "无期限 without a term"]


def rules(declarations: Declarations) -> list[str]:
    head = ["规则 rule", "名称 name", "", "依据 basis", "效果 effect", "施行 in force", "核实 mark"]
    rows = [[rule.rule, rule.zh, rule.en, f"{rule.legal_basis} {rule.article}", documents.effect(rule),
             force(rule.in_force_from, rule.in_force_to), rule.mark] for rule in declarations.rules.values()]
    return ["监管规则 Rules (预览，仅供内部 preview, for audit alone)", *table(head, rows, indent="  ", longest=WIDE)]
