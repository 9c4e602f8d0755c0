"""A candidate's score step by step: the prior, each comparison with what both sides say, the correction for a frequent term."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.declarations.files import read_one
from jobs.declarations.matching import FOLDER, Comparisons, InWords
from jobs.enterprises.comparing import LEVELS, Said
from jobs.enterprises.model import TERM_OF, THOUSANDTHS, Scorer, scorer
from jobs.values.personal import mask

PRIOR = InWords(zh="先验：任一候选恰为同一主体", en="prior: that any one candidate is the enterprise")
TERM = InWords(zh="词频修正", en="correction for how often the term is borne")
TERMS = {"core": ("字号加行业", "brand with trade"), "brand": ("字号", "brand"), "trade": ("行业", "trade")}


@dataclass(frozen=True)
class Telling:
    """What scores are told by: the scorer, and its comparisons in words."""

    by: Scorer
    words: Comparisons


def telling(then: Path, now: Path) -> Telling:
    """The scorer of one configuration and the words of another: no score depends on words."""
    return Telling(scorer(then), comparisons(now))


def comparisons(config: Path) -> Comparisons:
    return read_one(config / FOLDER / "comparisons.yml", Comparisons)


def steps(record: Said, known: Said, levels: Sequence[str], correction: int, of: Telling) -> list[dict[str, Any]]:
    """The waterfall: each step in bits, the sum up to it, and what was compared; `levels` are those the night found."""
    model, sides = of.by.model, compared(record, known, of)
    rows = [step("prior", PRIOR, model.prior)]
    for name, level in zip(LEVELS, levels, strict=True):
        declared = of.words.comparisons[name]
        said, theirs = sides[name]
        rows.append(step(name, declared, of.by.weight(name, level), said, theirs, level, declared.levels[level]))
    rows.append(step("term", TERM, correction, **term(levels[0], known, of)))
    total = 0
    for row in rows:
        total += round(row["bits"] * THOUSANDTHS)
        row["sum"] = total / THOUSANDTHS
    return rows


def step(name: str, called: InWords, weight: int, record: str | None = None, index: str | None = None, level: str | None = None,
         means: InWords | None = None) -> dict[str, Any]:
    return {"step": name, "zh": called.zh, "en": called.en, "record": record, "index": index, "level": level,
            "level_zh": means.zh if means else None, "level_en": means.en if means else None, "bits": weight / THOUSANDTHS}


def term(core: str, known: Said, of: Telling) -> dict[str, Any]:
    """The term that the correction is for, and how many enterprises bore it when the frequencies were frozen."""
    kind = TERM_OF.get(core)
    if kind is None:
        return {"means": InWords(zh="不适用", en="does not apply")}
    said = getattr(known.parts, kind)
    count = of.by.terms[kind].get(said, 1)
    zh, en = TERMS[kind]
    return {"index": said, "level": kind, "means": InWords(zh=f"{zh}：冻结词频时的名录中 {count} 家使用",
                                                           en=f"{en}: borne by {count} when the frequencies were frozen")}


def compared(record: Said, known: Said, of: Telling) -> dict[str, tuple[str | None, str | None]]:
    """Both sides of each comparison as text; of persons nothing but the level is ever told."""
    mine, theirs = record.parts, known.parts
    told = {
        "core": (core(record), core(known)),
        "region": (mine.place, theirs.place),
        "seat": (place(record.region, of), place(known.region, of)),
        "form": tuple(of.words.forms[one.form].zh if one.form else "" for one in (mine, theirs)),
        "branch": (mine.branch, theirs.branch),
        "brackets": (mine.brackets, theirs.brackets),
        "code": (record.code, known.code if record.code else ""),
        "address": (record.address, known.address),
    }
    shown = {name: tuple(mask(one) or None for one in both) for name, both in told.items()}
    return {**shown, "person": (None, None)}


def core(side: Said) -> str:
    return f"{side.parts.brand}＋{side.parts.trade}" if side.parts.trade else side.parts.brand


def place(code: str, of: Telling) -> str:
    """The division's name with its code; a code nobody knows stays as it is."""
    divisions = of.by.words.divisions
    return f"{divisions.name_of(code)} {code}" if code in divisions else code
