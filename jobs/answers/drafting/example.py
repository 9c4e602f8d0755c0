"""One made-up row in the shapes of the examples, and what becomes of it: no value of theirs is in it."""
from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from jobs.answers.drafting.categories import required
from jobs.answers.drafting.found import Proposed
from jobs.answers.drafting.proposal import Proposal, stood_in
from jobs.answers.drafting.trial import one_row
from jobs.declarations import Declarations

RECEIVED_AT = datetime.fromisoformat("2026-11-20T18:00:00+08:00")  # as `Example` has it where none is said
# All synthetic: a code of no enterprise, whose check digits hold, and the name that stands for a person throughout the project.
PERSON = "丁一凡"
BY_CLEANER = {
    "names.enterprise_name": "示例市示例科技有限公司", "codes.credit_code": "91340100MA0X00015U",
    "codes.document_number": "示例字〔2026〕第1号", "codes.registration_number": "", "codes.organisation_code": "",
    "codes.tax_number": "", "money.amount": "1",
    "dates.term_start": "2020-04-09至无固定期限", "dates.term_end": "2020-04-09至无固定期限",
}
DATES = {"ymd": "2026-11-09", "dmy": "9/11/2026", "mdy": "11/9/2026"}
REGIONS = (("省|province", "安徽省"), ("市|city", "合肥市"), ("区|县|district|county|dictrict", "瑶海区"))


def made_up(one: Proposal, declared: Declarations) -> dict[str, Any]:
    """An example as a feed declares it: the row, and its facts or why it is rejected."""
    wanted = {name for group in required(declared.categories[one.choice.category]) for name in group} | {"credit_code"}
    row = {each.label: cell(each, wanted, one, declared) for each in one.columns}
    if not one.fields:
        return {"row": row, "rejects": {required(declared.categories[one.choice.category])[0][0]: "missing"}}
    outcome = one_row(stood_in(one, declared), row, declared, RECEIVED_AT)
    if outcome["outcome"] != "fact":
        return {"row": row, "rejects": {outcome["reject_field"]: outcome["reject_reason"]}}
    given = {name: plain(outcome[name]) for name in one.fields if name in wanted and outcome[name] is not None}
    flaws = {flaw["field"]: flaw["reason"] for flaw in outcome["flaws"] or ()}
    return {"row": row, "gives": given, **({"flaws": flaws} if flaws else {})}


def plain(value: Any) -> Any:
    return value if isinstance(value, (bool, int, list)) else str(value)


def cell(each: Proposed, wanted: set[str], one: Proposal, declared: Declarations) -> str:
    """What the row holds in this column: something only where the category requires it, and in a column of a person's name."""
    if each.role == "personal":
        return PERSON if re.search(r"(?:人|员|姓名|name|person|representative)$", each.label, re.IGNORECASE) else ""
    name = next((name for name in each.fields if name in wanted), None) if each.role == "field" else None
    return value_of(name, each, one, declared) if name else ""


def value_of(name: str, each: Proposed, one: Proposal, declared: Declarations) -> str:
    cleaner, organ = declared.fields[name].cleaner, next(iter(declared.organs.values()))
    if name in ("organ_name", "organ_code"):
        return organ.zh if name == "organ_name" else organ.code
    if name in one.words:
        return next(iter(one.words[name].lookup), "")
    if cleaner.startswith("dates.") and cleaner not in BY_CLEANER:
        options = each.readings[name].options
        return "46335" if "serial" in options else "1794153600000" if "epoch" in options else DATES[options.get("order", "ymd")]
    if cleaner.startswith("regions."):
        return next((said for level, said in REGIONS if re.search(level, each.label, re.IGNORECASE)), "340102")
    return BY_CLEANER.get(cleaner, "示例")
