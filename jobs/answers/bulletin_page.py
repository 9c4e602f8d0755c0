"""A bulletin as one HTML page that needs nothing beside it: what its template is given, and the template."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jobs.answers.bulletin_figures import ALL, Figures, Line
from jobs.answers.bulletin_names import Names, percent
from jobs.answers.bulletin_plots import Plot, Series, across, columns
from jobs.answers.bulletin_table import Change, line_of, shown
from jobs.answers.bulletin_words import compact, words
from jobs.answers.layout import shown as told_time
from jobs.declarations import Declarations

MOST = 12  # reasons, and of the worst feeds and organs each: the table beside the page has every one
ROWS = (("solid", "accepted", "compliance"), ("hatched", "rejected", "rejected"), ("dotted", "short_personal", "personal"))
PATTERNS = {"on_time": "solid", "late": "hatched", "missing": "crossed", "provisional": "dotted"}


@dataclass(frozen=True)
class Restated:
    """What a restatement is of, why, and what changed."""

    restates: str
    because: str
    changes: Sequence[Change] = field(default_factory=tuple)


@dataclass(frozen=True)
class Page:
    """What the template asks for."""

    figures: Figures
    declared: Declarations
    lang: str
    month: bool
    restated: Restated | None = None

    @cached_property
    def names(self) -> Names:
        return Names(self.declared, self.lang)

    @cached_property
    def parts(self) -> dict[str, dict[str, dict[str, Line]]]:
        """Lines without a day, by part, code and figure."""
        found: dict[str, dict[str, dict[str, Line]]] = defaultdict(lambda: defaultdict(dict))
        for line in self.figures.lines:
            if line.day is None:
                found[line.part][line.code][line.figure] = line
        return found

    @property
    def days(self) -> list[date]:
        return [self.figures.since + timedelta(days=n) for n in range((self.figures.until - self.figures.since).days + 1)]

    @property
    def labels(self) -> list[str]:
        """The days under a plot or over the matrix; of a month without the month."""
        return [f"{day:%d}" if self.month else f"{day:%m-%d}" for day in self.days]

    @property
    def known_at(self) -> str:
        return told_time(self.figures.release["known_at"])

    def all(self, figure: str) -> Line:
        return self.parts["all"][ALL].get(figure, Line("all", ALL, figure))

    # ---- what came

    @cached_property
    def matrix(self) -> dict[str, list[Line]]:
        """Each feed with its days, those of which nothing is told left out: they are named below."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.figures.lines:
            if line.part == "day":
                found[line.code].append(line)
        return {code: lines for code, lines in found.items() if any(line.state != "gap" or line.denominator for line in lines)}

    @property
    def silent(self) -> list[str]:
        """Feeds that delivered nothing in these days."""
        came = {line.code for line in self.figures.lines if line.part == "day" and line.denominator}
        return [self.names.feed(name) for name in sorted(self.declared.feeds) if name not in came]

    @cached_property
    def states(self) -> dict[date, Counter[str]]:
        """How many feeds are in each state, by day."""
        found: dict[date, Counter[str]] = {day: Counter() for day in self.days}
        for line in self.figures.lines:
            if line.part == "day" and line.day:
                found[line.day][line.state] += 1
        return found

    def count(self, state: str) -> int:
        return sum(counts[state] for counts in self.states.values())

    def told_of(self, day: date, state: str) -> int | None:
        """How many feeds are in that state on the day; of a day that nobody owed nothing is told."""
        counts = self.states[day]
        return counts[state] if any(counts[one] for one in PATTERNS) else None

    @property
    def arrivals(self) -> Plot:
        told = words(self.lang)
        series = [Series(PATTERNS[state], told[f"short_{state}"], [self.told_of(day, state) for day in self.days])
                  for state in PATTERNS]
        return columns(self.labels, series, self.lang)

    # ---- how it was

    @property
    def rows(self) -> Plot:
        """Rows of all feeds by the day they cover; a day of which nothing was admitted is a gap."""
        told = words(self.lang)
        counts = {(line.figure, line.day): line.numerator for line in self.figures.lines if line.part == "all"}
        series = [Series(pattern, told[word], [counts.get((figure, day)) for day in self.days]) for pattern, word, figure in ROWS]
        return columns(self.labels, series, self.lang)

    def scored(self, part: str) -> list[tuple[str, dict[str, Line]]]:
        """Feeds or organs of which there are rows."""
        return [(code, figures) for code, figures in self.parts[part].items() if (rows := figures.get("rows")) and rows.numerator]

    def worst(self, part: str) -> Iterator[tuple[str, str, list[str]]]:
        """The worst first: by how many figures are red, then amber; each with its band and why."""
        found = []
        for code, figures in self.parts[part].items():
            bad = {band: [line for line in figures.values() if line.band == band] for band in ("red", "amber")}
            if any(bad.values()):
                found.append((-len(bad["red"]), -len(bad["amber"]), code, bad))
        for red, _, code, bad in sorted(found, key=lambda one: one[:3])[:MOST]:
            band = "red" if red else "amber"
            yield code, band, [self.names.why(line) for line in (*bad["red"], *bad["amber"])]

    def reasons(self) -> list[tuple[str, int, list[Any]]]:
        """The most frequent reasons in words, each with its bar."""
        counts = {code: figures["rejects"].numerator or 0 for code, figures in self.parts["reason"].items()}
        order = sorted(counts, key=lambda code: (-counts[code], code))[:MOST]
        most = max(counts.values(), default=0)
        return [(self.names.reason(code), counts[code], across([("hatched", counts[code])], most)) for code in order]

    def mixed(self) -> list[tuple[str, Line, Line | None, list[Any]]]:
        """Adverse reports and voluntary ones of all, and of each feed that reports acts, with the bar of the mix."""
        rows = [("", self.parts["all"][ALL]), *((code, figures) for code, figures in self.parts["feed"].items())]
        return [(self.names.feed(code) if code else words(self.lang)["all"], line, figures.get("voluntary"), mix(line))
                for code, figures in rows if (line := figures.get("adverse")) and line.denominator]

    # ---- restated

    def changed(self) -> Iterator[tuple[str, str, str, str]]:
        """What each changed figure is of, what it was, and what it is."""
        told = words(self.lang)
        for one in self.restated.changes if self.restated else ():
            line = line_of(one)
            yield (self.names.of(line), " ".join(filter(None, (self.names.figure(line), one.key[3]))), shown(one.was, told),
                   shown(one.now, told))


def mix(line: Line) -> list[Any]:
    adverse, acts = line.numerator or 0, line.denominator or 0
    return across([("hatched", adverse), ("solid", acts - adverse)], acts)


def rendered(page: Page) -> bytes:
    """The page; everything that is said is escaped."""
    rooms = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    rooms.filters |= {"percent": percent, "compact": lambda value: compact(value, page.lang)}
    text = rooms.get_template("bulletin.html.j2").render(page=page, w=words(page.lang), names=page.names)
    return text.encode("utf-8")
