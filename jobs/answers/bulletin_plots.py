"""The plots of a bulletin as shapes that its template draws: told apart by pattern, with their numbers beneath."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jobs.answers.bulletin_words import compact

LEFT, RIGHT, TOP, TALL, STRIP, AXIS = 130, 8, 8, 150, 18, 20
NARROWEST, WIDEST, WIDE = 30, 60, 1060  # of a column with its space, and of the whole


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    pattern: str


class Text(NamedTuple):
    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Plot:
    width: int
    height: int
    base: float
    bars: list[Bar]
    texts: list[Text]
    swatches: list[Bar]


class Series(NamedTuple):
    """One layer of the columns: its pattern, its word, and a value a column; None is a gap."""

    pattern: str
    word: str
    values: Sequence[int | None]


def columns(labels: Sequence[str], series: Sequence[Series], lang: str) -> Plot:
    """Stacked columns over a strip of their numbers, one row a layer, which is the legend too."""
    step = max(NARROWEST, min(WIDEST, (WIDE - LEFT - RIGHT) // max(len(labels), 1)))
    highest = max([sum(one.values[n] or 0 for one in series) for n in range(len(labels))] or [0]) or 1
    base, bars, texts = TOP + TALL, [], []
    for n, label in enumerate(labels):
        x, y = LEFT + n * step, float(base)
        for one in series:
            height = (one.values[n] or 0) / highest * TALL
            y -= height
            if height:
                bars.append(Bar(round(x + step * 0.15, 1), round(y, 1), round(step * 0.7, 1), round(height, 1), one.pattern))
        texts += [Text(round(x + step / 2, 1), base + 14, label, "middle"),
                  *(Text(round(x + step / 2, 1), under(base, row), compact(one.values[n], lang), "middle")
                    for row, one in enumerate(series))]
    texts += [Text(28, under(base, row), one.word, "start") for row, one in enumerate(series)]
    swatches = [Bar(4, under(base, row) - 11, 18, 12, one.pattern) for row, one in enumerate(series)]
    return Plot(LEFT + len(labels) * step + RIGHT, int(under(base, len(series))), base, bars, texts, swatches)


def under(base: float, row: int) -> float:
    """The line of the strip's row."""
    return base + AXIS + (row + 1) * STRIP - 2


def across(parts: Sequence[tuple[str, int]], whole: int, width: int = 220, height: int = 14) -> list[Bar]:
    """One bar of parts side by side; `whole` fills the width."""
    bars, x = [], 0.0
    for pattern, value in parts:
        long = value / whole * width if whole else 0.0
        bars += [Bar(round(x, 1), 0.5, round(long, 1), height - 1, pattern)] if value else []
        x += long
    return bars
