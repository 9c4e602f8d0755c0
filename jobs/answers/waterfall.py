"""A score as a waterfall: one bar a step from the sum before it to the sum after it; told apart by pattern and by sign."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobs.answers.bulletin_plots import Bar, Text

WIDTH, NUMBER, ROW, LABEL, THICK = 400, 56, 40, 19, 14  # as wide as a telephone; the label of a bar stands above it
FOR, AGAINST, TOTAL = "solid", "hatched", "crossed"


class Line(NamedTuple):
    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True)
class Waterfall:
    width: int
    height: int
    bars: list[Bar]
    lines: list[Line]
    texts: list[Text]


def waterfall(steps: Sequence[dict[str, Any]], labels: Sequence[str], total: str) -> Waterfall:
    """The steps from the top down and their total; the upright line is zero, where the enterprise is as likely as nobody."""
    sums = [0.0, *(step["sum"] for step in steps)]
    low, high = min(sums), max(sums)
    scale = (WIDTH - 2 * NUMBER) / ((high - low) or 1)

    def at(bits: float) -> float:
        return round(NUMBER + (bits - low) * scale, 1)

    bars, lines, texts = [], [], []
    spans = [*zip(sums, sums[1:], labels, strict=False), (0.0, sums[-1], total)]
    for place, (before, after, label) in enumerate(spans):
        last = place == len(spans) - 1
        top, left = place * ROW + LABEL, at(min(before, after))
        pattern = TOTAL if last else FOR if after >= before else AGAINST
        width = round(abs(at(after) - at(before)), 1)
        bars += [Bar(left, top, width, THICK, pattern)] if width else []
        lines += [] if last else [Line(at(after), top, at(after), top + ROW + THICK, "link")]
        texts.append(Text(0, top - 6, label, "start"))
        number = signed(after) if last else signed(after - before)
        beside = (left + width + 4, "start") if after >= before else (left - 4, "end")
        texts.append(Text(beside[0], top + 11, number, beside[1]))
    height = len(spans) * ROW + 6
    return Waterfall(WIDTH, height, bars, [Line(at(0), 0, at(0), height, "zero"), *lines], texts)


def signed(bits: float) -> str:
    return f"{bits:+.2f}".replace("-", "−")
