"""How much of a declaration `draft` proposes right, wrong or not at all, of feeds whose own labels it does not know.

Every file of a declared feed, real (`--real`) and of the sample district, is drafted five times: by the other feeds and the
dictionary's names without its synonyms, by the dictionary alone, by both, by both once the category is said, and by it and every
feed; the map proposed is compared with the feed's declaration, and the sign at which cells of several names are split. Whoever
wrote the synonyms knew these labels, so the first way tells most of a file nobody has seen.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.measure import written
from jobs.answers.drafting.columns import columns_of
from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.found import Proposed
from jobs.answers.drafting.mapping import proposed
from jobs.answers.drafting.several import several_in
from jobs.answers.drafting.shape import shape_of
from jobs.declarations import Declarations, load
from jobs.declarations.feeds import Feed, Split
from jobs.declarations.settings import ROOT
from jobs.readers import Limits, Unreadable
from jobs.values.raw import normalised

REAL = {"registry/companies.csv": "market_farming_registry", "registry/company_info.csv": "market_mixed_registry",
        "registry/company_info1.csv": "market_builders_registry", "registry/ods_company_detail.csv": "market_small_registry",
        "registry/qcc_companies.csv": "market_province_registry", "awards/bidding_notices.csv": "hubei_award_notices",
        "awards/bidding_trades.csv": "fujian_award_trades"}
FEW = 3
KNOWING = ("other feeds, no synonyms", "dictionary alone", "other feeds", "other feeds, category said", "every feed")


@dataclass
class Marks:
    """How the columns, categories and formats of some files were proposed."""

    columns: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    files: int = 0
    named: int = 0  # open columns of at most three candidates, one of which is right

    def told(self) -> dict[str, object]:
        every = sum(self.columns.values())
        shares = {f"{mark}_percent": round(100 * self.columns[mark] / max(every, 1), 1) for mark in ("right", "wrong", "open")}
        return {"files": self.files, "columns": every, **shares, **self.columns, "open_and_named": self.named,
                "category": dict(self.categories), "format": dict(self.formats), "split": dict(self.splits)}


def known_by(declared: Declarations, feed: str) -> dict[str, Dictionary]:
    bare = replace(declared, fields={name: one.model_copy(update={"also": []}) for name, one in declared.fields.items()})
    own = frozenset([feed])
    others = Dictionary(declared, own)
    known = Dictionary(bare, own), Dictionary(declared, feeds_speak=False), others, others, Dictionary(declared)
    return dict(zip(KNOWING, known, strict=True))


def mark(one: Proposed, feed: Feed) -> str:
    """Whether what is proposed of a column is what its feed declares; a field that it may give as well is no fault."""
    if one.role == "open":
        return "open"
    same = normalised(one.label)
    if one.role == "field":
        return "right" if set(one.fields) <= given(one, feed) else "wrong"
    return "right" if same in map(normalised, getattr(feed, one.role)) else "wrong"


def given(one: Proposed, feed: Feed) -> set[str]:
    """The fields that the feed declares the column to give."""
    return {name for name, source in feed.fields.items() if normalised(one.label) in map(normalised, source.labels)}


def split_mark(on: str | None, declared: Split | None) -> str:
    """Whether the sign at which names are split is the declared one; "none" where there is none, rightly."""
    if on == (declared.on if declared else None):
        return "right" if on else "none"
    return "wrong" if on else "open"


def drafted(path: Path, feed: Feed, known: Dictionary, declared: Declarations, marks: Marks,
            category: str | None = None) -> Iterator[str]:
    """Marks one file; what was wrong is told."""
    try:
        shape = shape_of(path, Limits(), known.knows)
    except Unreadable as error:
        marks.formats["unreadable"] += 1
        yield f"{path.name}: {error}"
        return
    columns, _ = columns_of([path], shape.spec, Limits())
    choice, found = proposed(columns, [*shape.titles, path.stem], known, declared, category)
    marks.files += 1
    marks.categories["open" if choice.open else "right" if choice.category == feed.category else "wrong"] += 1
    several = several_in(found)
    marks.splits[split_mark(several.on if several and not several.unsure else None, feed.split)] += 1
    told = {normalised(label) for label in feed.labels}
    same = ("kind", "container", "title_rows", "header_rows", "records")
    agree = [key for key in same if getattr(shape.spec, key) != getattr(feed.format, key)]
    marks.formats["right" if not agree else f"other {', '.join(agree)}"] += 1
    for one in found:
        if normalised(one.label) not in told:
            continue
        said = mark(one, feed)
        marks.columns[said] += 1
        marks.named += said == "open" and 0 < len(one.candidates) <= FEW and bool(set(one.candidates) & given(one, feed))
        if said != "right":
            yield f"{said} {feed.feed}: {one.label}: {one.role} {', '.join(one.fields or one.candidates)} ({one.because})"


def largest(inbox: Path, declared: Declarations) -> Iterator[tuple[Path, str]]:
    """Of every feed its largest file: damaged and empty ones are smaller."""
    for folder in sorted(inbox.iterdir()):
        if folder.is_dir() and folder.name in declared.feeds:
            yield max(folder.iterdir(), key=lambda path: (path.stat().st_size, path.name)), folder.name


def measured(files: list[tuple[Path, str]], declared: Declarations, faults: list[str]) -> dict[str, object]:
    told = {}
    for way in KNOWING:
        marks = Marks()
        for path, name in files:
            feed, known = declared.feeds[name], known_by(declared, name)[way]
            lines = list(drafted(path, feed, known, declared, marks, feed.category if "said" in way else None))
            faults += [f"[{way}] {line}" for line in lines]
        told[way] = marks.told()
        print(f"{way}: {told[way]}", flush=True)
    return told


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.drafting", description=__doc__)
    given.add_argument("--real", type=Path, help="folder of the real extracts, which are not in the project")
    given.add_argument("--sample", type=Path, help="a district already written by `python -m sample --to`")
    given.add_argument("--faults", action="store_true", help="list every column that was wrong or open")
    given.add_argument("--write", type=Path, default=ROOT / "benchmarks" / "latest.json")
    arguments = given.parse_args()
    declared, faults, told = load(ROOT / "config"), [], {}
    if arguments.real:
        told["real"] = measured([(arguments.real / path, feed) for path, feed in REAL.items()], declared, faults)
    with tempfile.TemporaryDirectory(prefix="credit-draft-") as folder:
        home = arguments.sample or Path(folder)
        if not arguments.sample:
            size = ["--enterprises", "400", "--facts", "6000", "--days", "2"]
            subprocess.run([sys.executable, "-m", "sample", "--to", str(home), *size], cwd=ROOT, check=True)
        told["sample"] = measured(list(largest(home / "inbox", declared)), declared, faults)
    print("\n".join(fault for fault in faults if arguments.faults or "wrong" in fault))
    written(arguments.write, {"drafting": told})


if __name__ == "__main__":
    main()
