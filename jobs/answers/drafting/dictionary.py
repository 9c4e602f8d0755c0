"""What is known of labels and words: the dictionary's own, and what the declared feeds say."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from jobs.declarations import Declarations
from jobs.declarations.feeds import ColumnSource, Feed, FieldDeclaration
from jobs.values.raw import narrow, normalised

# How near a label is to one that is known, the nearest first: itself, a part in or before brackets, the end of a path; or the
# label says nothing, and the values do.
WHOLE, PART, END, BY_VALUES = 0, 1, 2, 3
_UNIT = re.compile(r"[(（\[]?(?:单位[:：]?)?(?:人民币)?(?:亿元|万元|元|万|%)[)）\]]?\s*$")
_NOTE = re.compile(r"[(（\[](?:必填|选填|可选|若有|如有|格式[^)）\]]*|\*)[)）\]]")
_NUMBERED = re.compile(r"^\s*(?:[(（]?[0-9]{1,2}[)）.、．]\s*|[*＊]\s*)")
_BRACKETED = re.compile(r"(.*?)[(（\[【](.+?)[)）\]】]\s*$")
_SUBJECT = re.compile(r"主体|企业|相对人|当事人|纳税人|^单位$|subject|enterprise|entity|company", re.IGNORECASE)
SUBJECT_FIELDS = ("subject_name", "former_name", "credit_code", "organisation_code", "registration_number", "tax_number",
                  "subject_kind")
# Of a path these ends say nothing without what stands before them.
_BARE = frozenset(["名称", "代码", "编号", "编码", "类别", "类型", "日期", "时间", "状态", "内容", "依据",
                   "name", "code", "no", "type", "kind", "date", "status", "content", "basis"])

_PERSON = re.compile(
    r"法定?代表人|法人代表|负责人|经办人|联系人|填报人|填表人|制表人|操作员|办税人员|检查人员|核查人员|执法人员|办案人|承办人员|投诉人|举报人|来电|监护人"
    r"|法人姓名|姓名|经营者$|投资人姓名|电话|手机|联系方式|传真|邮箱|邮件|微信|住址|家庭地址|证件号|身份证"
    r"|fddbr|frdb|legalper|legalrep|corporation|contact|phone|mobile|e?mail$|idcard|zjhm|sfzh|fr_?xm"
)
_PERSONS_KIND = re.compile(r"证件类型$|证照类型$|zjlx$")
_OWN_NUMBER = re.compile(r"(?:居民)?身份证(?:件)?(?:号码?)?$|证件号码?$|zjhm$|sfzh$")
_SOMEBODYS = re.compile(r"代表|负责|经办|联系|法人|fr|frdb")
_NAMING = frozenset(["id", "rowid", "主键id"])
_NUMBERING = _NAMING | frozenset(["序号", "行号", "编号序号", "no", "index", "num", "序"])


@dataclass(frozen=True)
class Claim:
    """A field that a label is known to give, how near the label is to the known one, and who says so."""

    field: str
    near: int
    by: str
    category: str | None = None


@dataclass(frozen=True)
class Dictionary:
    """What the declarations know of labels and words, but for what the feeds in `hidden` alone know."""

    declared: Declarations
    hidden: frozenset[str] = frozenset()
    feeds_speak: bool = True

    @cached_property
    def feeds(self) -> list[Feed]:
        return [feed for name, feed in self.declared.feeds.items() if self.feeds_speak and name not in self.hidden]

    @cached_property
    def known(self) -> dict[str, list[tuple[str, str, str | None]]]:
        """By normalised label: field, who says so, and of a feed its category."""
        found: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for name, field in self.declared.fields.items():
            for label in {normalised(each) for each in (field.zh, *field.also)}:
                found[label].append((name, "config/fields.yml", None))
        for feed in self.feeds:
            for name, source in feed.fields.items():
                for label in source.labels if not (source.extract or source.cleaner or label_of_person(source, feed)) else ():
                    found[normalised(label)].append((name, f"feed {feed.feed}", feed.category))
        return found

    @cached_property
    def dropped(self) -> dict[str, dict[str, set[str]]]:
        """By what feeds do with it (personal, person_if_filled, ignored) the normalised labels, each with their categories."""
        found: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in ("personal", "person_if_filled", "ignored")}
        for feed in self.feeds:
            for kind, labels in found.items():
                for label in getattr(feed, kind):
                    labels[normalised(label)].add(feed.category)
        return found

    @cached_property
    def together(self) -> set[frozenset[str]]:
        """Pairs of fields that a declared feed reads from one column, or whose cleaners read two ends of one cell."""
        pairs = {frozenset(("term_start", "term_end"))}
        for feed in self.feeds:
            plain = [(name, source.labels) for name, source in feed.fields.items() if not (source.extract or source.cleaner)]
            pairs |= {frozenset((one, other)) for one, labels in plain for other, same in plain if one < other and labels == same}
        return pairs

    @cached_property
    def words(self) -> dict[str, dict[str, set[str]]]:
        """By field the words that feeds and the dictionary decode, each with every code it is given."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, field in self.declared.fields.items():
            for word, code in spelt_out(field):
                found[name][narrow(word)].add(code)
        for feed in self.feeds:
            for name, source in feed.fields.items():
                for word, code in feed.lookups[source.lookup].items() if source.lookup else ():
                    found[name][narrow(word)].add(code)
        return found

    def claims(self, label: str) -> list[Claim]:
        """Every field that the label may give, the nearest claims first."""
        found = [Claim(field, near, by, category)
                 for near, form in forms(label) for field, by, category in self.known.get(form, [])]
        return [claim for claim in found if claim.near < END or not ends_bare(label, claim.field)]

    def knows(self, label: str) -> bool:
        """The label gives a field, or is one that is dropped."""
        return any(form in self.known for near, form in forms(label) if near < END) or personal_kind(self, label) is not None


def label_of_person(source: ColumnSource, feed: Feed) -> bool:
    """Whether only a token is made of it: it is proposed as personal, and who wants the token maps it."""
    return set(source.labels) <= set(feed.personal)


def spelt_out(field: FieldDeclaration) -> Iterator[tuple[str, str]]:
    """The words and codes of `active (存续、在业)`, as the dictionary's meaning spells them."""
    codes = set(field.options.get("choices", []))
    for code, words in re.findall(r"([a-z_A-Z]+) \(([^()]+)\)", field.en):
        if code in codes:
            yield from ((word.strip(), code) for word in re.split("[、，]", words) if not word.strip().isascii())


def bared(label: str) -> str:
    """The label without number before it, unit and notes behind it."""
    text = _NUMBERED.sub("", _NOTE.sub("", label))
    return _UNIT.sub("", text) or text


def forms(label: str) -> list[tuple[int, str]]:
    """The normalised forms under which a label may be known, each with how near it is."""
    found = [(WHOLE, normalised(label)), (WHOLE, normalised(bared(label)))]
    if bracketed := _BRACKETED.fullmatch(bared(label).strip()):
        outside, inside = map(normalised, bracketed.groups())
        # 行政相对人代码_2 is of 2016 another number than of 2018: its number says nothing without the brackets.
        found += [(PART, inside), *([(PART, outside)] if outside[-1:].isalpha() else [])]
    if len(path := re.split(r"[/.]", label)) > 1 and path[-1].strip():
        found.append((END, normalised(path[-1])))
    return [one for one in dict.fromkeys(found) if one[1]]


def ends_bare(label: str, field: str) -> bool:
    """The end of a path alone does not say it is this field: 考核机关/统一社会信用代码 is no subject's."""
    before, end = re.split(r"[/.](?=[^/.]*$)", label)
    if field in SUBJECT_FIELDS:
        return not _SUBJECT.search(before)
    return normalised(end) in _BARE or bool(re.search(r"机关|部门|机构|organ|原", before))


def personal_kind(known: Dictionary, label: str) -> str | None:
    """What is done with a column of a person: dropped, or the row dropped where it is filled; None of another column."""
    spelt = [form for near, form in forms(label)]
    if not spelt:
        return None
    for kind in ("person_if_filled", "personal"):
        if spelt[0] in known.dropped[kind]:
            return kind
    if known.known.get(spelt[0]):
        return None
    whole = normalised(label)
    if _PERSONS_KIND.search(whole):
        return "ignored"
    if any(map(_OWN_NUMBER.search, spelt)) and not _SOMEBODYS.search(whole.removeprefix("cf").removeprefix("xk")):
        return "person_if_filled"
    return "personal" if any(map(_PERSON.search, spelt)) else None


def is_numbering(label: str) -> bool:
    return normalised(label) in _NUMBERING


def is_naming(label: str) -> bool:
    """Whether the number may name the row in the sender's system, not only count it."""
    return normalised(label) in _NAMING
