"""How well a night matched, as one HTML page that needs nothing beside it: what its template is given, and the template."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jobs.answers.bulletin_names import Names
from jobs.answers.bulletin_plots import Bar, Plot, Series, across, columns
from jobs.answers.link_steps import comparisons
from jobs.answers.match_words import TIERS, because, tier, words
from jobs.answers.quality import kept_at
from jobs.declarations import Declarations
from jobs.declarations.asking import Sentence, lists

Row = dict[str, Any]
# How a bar of tiers is drawn: numbers and decisions, a name alone, a repair or a score, nobody.
DRAWN = (("solid", "by_number", ("0", "1", "2")), ("dotted", "by_name", ("3",)), ("hatched", "by_score", ("4", "5")),
         ("crossed", "nobody", ("none",)))
LINKED = (("solid", "linked"), ("dotted", "pending"), ("hatched", "not_linked"))
PLACES = ("1", "2", "3", "4")


@dataclass(frozen=True)
class MatchPage:
    """What the template asks for: rows of match_quality and match_drift, the run's metrics, and the release."""

    figures: Sequence[Row]
    drift: Sequence[Row]
    metrics: Row
    release: Row
    declared: Declarations
    lang: str

    @cached_property
    def w(self) -> dict[str, str]:
        return words(self.lang)

    @cached_property
    def names(self) -> Names:
        return Names(self.declared, self.lang)

    @cached_property
    def parts(self) -> dict[str, dict[str, dict[str, Row]]]:
        """Rows by part, name and figure."""
        found: dict[str, dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
        for row in self.figures:
            found[row["part"]][row["name"]][row["figure"]] = row
        return found

    def count(self, part: str, name: str, *figures: str) -> int:
        return sum(row["count"] for figure, row in self.parts[part].get(name, {}).items() if figure in figures)

    def whole(self, scope: str) -> int:
        return next((row["whole"] for row in self.parts["tier"].get(scope, {}).values()), 0)

    def share(self, count: int, whole: int) -> str:
        return f"{count / whole:.1%}" if whole else "—"

    # ---- tiers

    @property
    def scopes(self) -> list[str]:
        """All, then each feed, the one with the most facts first."""
        return sorted(self.parts["tier"], key=lambda name: (name != "all", -self.whole(name), name))

    def called(self, scope: str) -> str:
        return self.w["all"] if scope == "all" else self.names.feed(scope)

    def bar(self, scope: str) -> list[Bar]:
        return across([(pattern, self.count("tier", scope, *tiers)) for pattern, _, tiers in DRAWN], self.whole(scope))

    @property
    def moved(self) -> list[Row]:
        """What moved most first, of all facts before any feed."""
        return sorted(self.drift, key=lambda row: (row["name"] != "all", -abs(row["change"]), row["name"], row["figure"]))[:15]

    # ---- what waits

    @property
    def reasons(self) -> list[tuple[str, int, int, list[Bar]]]:
        """Why facts are linked to nobody, each with how many and how many of them adverse."""
        counts = {name: (self.count("unmatched", name, "adverse", "other"), self.count("unmatched", name, "adverse"))
                  for name in self.parts["unmatched"]}
        most = max((facts for facts, _ in counts.values()), default=0)
        return [(self.reason(name), facts, adverse, across([("hatched", adverse), ("solid", facts - adverse)], most))
                for name, (facts, adverse) in sorted(counts.items(), key=lambda one: (-one[1][0], one[0]))]

    @cached_property
    def said(self) -> dict[str, Sentence]:
        return lists(self.declared.folder).reasons

    def reason(self, code: str) -> str:
        return because(code, self.said, self.lang)

    def tier(self, figure: str) -> str:
        """The number of a tier with its words; the facts of nobody are none."""
        return self.w["nobody"] if figure == "none" else f"{figure} {tier(figure, self.lang)}"

    @property
    def ages(self) -> list[tuple[str, list[int], int]]:
        """Bands of age, each with its entries by place and all of them."""
        edges = sorted(map(int, self.parts["queue"]))
        return [(str(edge), [self.count("queue", str(edge), place) for place in PLACES], self.count("queue", str(edge), *PLACES))
                for edge in edges]

    @property
    def scores(self) -> Plot:
        edges = sorted(self.parts["score"], key=float)
        series = [Series(pattern, self.w[word], [self.count("score", edge, word) for edge in edges]) for pattern, word in LINKED]
        return columns([f"≥{float(edge):g}" for edge in edges], series, self.lang)

    # ---- right and wrong

    @property
    def labels(self) -> list[tuple[str, str, Row]]:
        return [(self.w[name], self.w[figure], row) for name in ("coded", "decided") for figure, row in
                sorted(self.parts["labels"].get(name, {}).items())]

    def interval(self, row: Row) -> str:
        return "—" if row["share"] is None else f"{row['share']:.2%} [{row['low']:.2%}, {row['high']:.2%}]"

    @property
    def blocks(self) -> list[tuple[str, Row]]:
        called = comparisons(self.declared.folder).blocks
        return [(getattr(called[one["kind"]], self.lang), one) for one in self.metrics.get("blocks", [])]

    @property
    def conflicts(self) -> list[tuple[str, str, int]]:
        return [(self.reason(name), self.w.get(f"of_{figure}", figure), row["count"])
                for name, rows in sorted(self.parts["conflict"].items()) for figure, row in sorted(rows.items())]

    def clusters(self, figure: str) -> list[tuple[str, int]]:
        found = [(name, rows[figure]["count"]) for name, rows in self.parts["cluster"].items() if figure in rows]
        return sorted(found, key=lambda one: (-one[1], one[0]))


def rendered(page: MatchPage) -> bytes:
    """The page; everything that is said is escaped."""
    rooms = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    parts = {"w": page.w, "drawn": DRAWN, "places": PLACES, "tiers": tuple(TIERS)}
    return rooms.get_template("match.html.j2").render(page=page, **parts).encode("utf-8")


def keep(folder: Path, figures: Sequence[Row], drift: Sequence[Row], metrics: Row, release: Row, declared: Declarations) -> None:
    """The page in both languages beside the files of the release."""
    folder.mkdir(parents=True, exist_ok=True)
    for lang in ("zh", "en"):
        kept_at(folder, lang).write_bytes(rendered(MatchPage(figures, drift, metrics, release, declared, lang)))
