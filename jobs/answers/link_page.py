"""A link's explanation as one HTML page that needs nothing beside it."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jobs.answers.bulletin_names import Names
from jobs.answers.layout import shown
from jobs.answers.link_told import ABOUT_ITSELF, NOT_KEPT, OTHER_CODE, READ_OTHERWISE
from jobs.answers.match_words import because, tier
from jobs.answers.waterfall import Waterfall, signed, waterfall
from jobs.declarations import Declarations
from jobs.declarations.asking import lists

WORDS = {
    "title": ("主体匹配说明", "Why this record is linked as it is"),
    "fact": ("事实标识号", "fact"),
    "category": ("信息类别", "category"),
    "feed": ("数据源", "feed"),
    "organ": ("作出机关", "organ that made the act"),
    "asked": ("正在询问", "organ that is asked"),
    "linked": ("匹配结果", "linked to"),
    "nobody": ("未匹配到主体", "nobody"),
    "tier": ("匹配层级", "tier"),
    "reason": ("原因", "reason"),
    "pending": ("待定：在人工决定之前不产生任何不利后果", "pending: without effect until a person decides"),
    "said": ("来文所载", "What the record says"),
    "claims": ("号码比对", "Its numbers"),
    "number": ("号码", "number"),
    "value": ("值", "value"),
    "enterprise": ("主体", "enterprise"),
    "agreement": ("名称是否相符", "does the name agree"),
    "no_claims": ("来文无可用号码。", "The record says no number."),
    "candidates": ("候选主体得分", "Candidates and their scores"),
    "no_candidates": (
        "未评分：在先的层级已作出回答，或没有候选。",
        "No score: a tier before it answered, or nobody of the index shares a block with the record."),
    "chance": ("概率", "chance"),
    "total": ("合计", "total"),
    "bits": ("权重（比特）", "bits"),
    "sum": ("累计", "sum"),
    "margin": ("领先第二名（比特）", "margin over the second (bits)"),
    "needs": ("至少", "needs"),
    "found_by": ("由何途径找到", "found by"),
    "policy": ("名称差异超出可自动采信的范围", "differs beyond what is ever accepted"),
    "step": ("比对项", "comparison"),
    "record": ("来文", "record"),
    "index": ("名录", "index"),
    "level": ("比对结果", "result"),
    "for": ("＋ 支持", "+ for"),
    "against": ("− 反对", "− against"),
    "by": ("依据", "Judged by"),
    "model": ("模型版本", "model"),
    "scorer": ("评分器版本", "scorer"),
    "release": ("发布", "release"),
    "snapshot": ("名录快照", "index snapshot"),
    "hint": (
        "权重为正表示支持同一主体，为负表示反对；竖线为零：与“不是任何已知主体”同等可能。",
        "A positive weight speaks for the enterprise, a negative one against it; the upright line is zero: as likely as nobody."),
    "person": (
        "法定代表人只比对令牌，不显示内容。",
        "Of the legal representative only tokens are compared; nothing of them is shown."),
    "not_current": ("曾用名", "former name"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "accepted": ("是否采信", "accepted"),
}
NOTES = {  # of link_told, which writes them in English
    ABOUT_ITSELF: "登记信息关于其自身：所关联的主体由它产生",
    NOT_KEPT: "该次发布早于比对过程的留存；下一晚起可以说明",
    OTHER_CODE: "当时的比对结果种类与现行代码不同；下一晚重新比对",
    READ_OTHERWISE: "该事实现在的读法与匹配时不同",
}
SAID = {
    "name_key": ("名称", "name"),
    "credit_code": ("统一社会信用代码", "credit code"),
    "organisation": ("组织机构代码", "organisation code"),
    "registration_number": ("注册号", "registration number"),
    "tax_number": ("税务登记号", "tax number"),
    "damaged_code": ("受损的代码", "damaged code"),
    "suggestion": ("受损代码的唯一修复", "its one repair"),
    "region": ("作出机关所在地", "deciding organ's place"),
    "address": ("住所", "address"),
}


@dataclass(frozen=True)
class LinkPage:
    """What the template asks for; `answer` is the explanation of a fact."""

    answer: dict[str, Any]
    declared: Declarations
    lang: str

    @cached_property
    def names(self) -> Names:
        return Names(self.declared, self.lang)

    @cached_property
    def w(self) -> dict[str, str]:
        return {name: self.of(pair) for name, pair in WORDS.items()}

    def of(self, pair: tuple[str, str]) -> str:
        return pair[self.lang == "en"]

    @property
    def link(self) -> dict[str, Any]:
        return self.answer["link"][0]

    @property
    def tier(self) -> str:
        return "—" if self.link["tier"] is None else f"{self.link['tier']} {tier(str(self.link['tier']), self.lang)}"

    @property
    def reason(self) -> str:
        return because(self.link["reason"], lists(self.declared.folder).reasons, self.lang)

    @property
    def organs(self) -> list[tuple[str, str]]:
        """Whose act it is, and which organ is asked whose record it is."""
        told = {"organ": "organ_code", "asked": "asked_organ_code"}
        rows = [*self.answer["review"], *self.answer["events"]]
        found = {word: next((row[code] for row in rows if row.get(code)), None) for word, code in told.items()}
        return [(self.w[word], self.names.organ(code)) for word, code in found.items() if code]

    def note(self, text: str) -> str:
        return NOTES.get(text, text) if self.lang == "zh" else text

    @property
    def said(self) -> list[tuple[str, Any]]:
        matching = self.answer["matching"]
        return [(self.of(pair), matching[name]) for name, pair in SAID.items() if matching.get(name)]

    def told(self, row: dict[str, Any], name: str = "") -> str | None:
        """What the row says in the page's language."""
        return row[f"{name}_{self.lang}" if name else self.lang]

    def plot(self, candidate: dict[str, Any]) -> Waterfall:
        return waterfall(candidate["steps"], [self.told(step) for step in candidate["steps"]], self.w["total"])


def rendered(answer: dict[str, Any], declared: Declarations, lang: str) -> bytes:
    """The page; everything that is said is escaped."""
    rooms = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    rooms.filters |= {"signed": signed, "shown": shown}
    page = LinkPage(answer, declared, lang)
    return rooms.get_template("link.html.j2").render(page=page, w=page.w, matching=page.answer["matching"]).encode("utf-8")
