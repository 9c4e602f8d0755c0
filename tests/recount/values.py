"""Which cells of a row become values, which are faults, and which rows break a check between fields."""
from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal

from jobs.declarations.feeds import Feed
from jobs.values.checks import CREDIT_ALPHABET, credit_remainder
from tests.recount.known import Delivery, Known
from tests.recount.told import Told

Mark = dict[str, str]
Fault = tuple[str, str]  # field, reason
FLAG = ("credit_code", "check_complemented")  # of a value that stands


def of_row(known: Known, one: Delivery, row: Told) -> Counter[str]:
    feed = known.feed(one)
    category = known.declared.categories[feed.category]
    found: Counter[str] = Counter()
    names = always(feed)
    for mark in row.facts:
        bad = faults(feed, row, mark)
        empty = {field for field, _ in bad if (field, _) != FLAG}
        found.update(given=len(names), values=sum(name not in empty and stands(feed, name, row, mark) for name in names),
                     flaws=len(bad))
    breaks = {(check.field, check.reason) for check in category.checks}
    if breaks and row.becomes not in ("household", "natural_person"):
        found.update(checked=1, inconsistent=int(any(fault in breaks for mark in row.marks for fault in all_of(feed, row, mark))))
    return found


def always(feed: Feed) -> list[str]:
    """The fields of which each version of the feed has a column that may not be left out, but for tokens of persons."""
    versions = [feed.fields, *(one.fields for one in feed.earlier if one.fields)]
    return [name for name in feed.fields
            if not name.endswith("_token") and all(name in one and not one[name].optional for one in versions)]


def all_of(feed: Feed, row: Told, mark: Mark) -> list[Fault]:
    return [(mark["field"], mark["reason"])] if mark["becomes"] == "reject" else faults(feed, row, mark)


def faults(feed: Feed, row: Told, mark: Mark) -> list[Fault]:
    """Of a fact the value that was spoilt, what follows of it, and the flags that the truth leaves out."""
    found = [(mark["field"], mark["reason"])] if mark["field"] else []
    if ("fine_amount_yuan", "not_a_number") in found:
        found.append(("fine_amount_yuan", "amount_missing"))  # a fine without an amount
    if ("registered_capital", "not_a_number") in found and "capital_currency" in feed.fields:
        found.append(("capital_currency", "unknown_currency"))  # the same cell says both
    price = row.cells.get("Awarded_Amount", "")
    if re.fullmatch(r"\d+\.\d+", price) and Decimal(price) < 100:
        found.append(("award_amount_yuan", "not_an_amount"))  # a score or a rate
    if flagged(feed, row):
        found.append(FLAG)
    return found


def flagged(feed: Feed, row: Told) -> bool:
    """A code whose check character is the complement of what it should be: some registries gave such, so it stands."""
    code = row.cells.get(feed.fields["credit_code"].labels[0], "") if "credit_code" in feed.fields else ""
    code = unicodedata.normalize("NFKC", re.sub(r"[\s-]", "", code)).upper()
    if len(code) != 18 or not set(code) <= set(CREDIT_ALPHABET):
        return False
    remainder = credit_remainder(code)
    return CREDIT_ALPHABET.index(code[17]) == remainder != -remainder % 31


def stands(feed: Feed, field: str, row: Told, mark: Mark) -> bool:
    """Whether a good cell, as the sample writes it, gives the field a value."""
    source = feed.fields[field]
    cells = [row.cells.get(label, "").strip() for label in source.labels]
    if source.extract:
        cells = [found[0] for cell in cells if (found := re.search(source.extract, cell))]
    filled = [cell for cell in cells if cell and cell not in {*feed.nulls, *source.nulls}]
    if field == "credit_code" and mark["dirt"] == "placeholder":
        return False
    if field.endswith("organ_code") and not filled:  # the name says which organ it is
        return bool(row.cells.get(feed.fields[field.replace("_code", "_name")].labels[0]))
    if field in ("term_start", "term_end"):
        return len(re.findall(r"\d{4}-\d\d-\d\d", "".join(filled))) > (field == "term_end")
    return bool(filled) and not filled[0].startswith("2099")
