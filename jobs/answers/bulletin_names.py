"""What a bulletin calls feeds, organs, categories, reasons and figures; what is not declared any more is called by its code."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jobs.answers.bulletin_figures import ALL, NOBODY, Line
from jobs.answers.bulletin_words import words
from jobs.answers.reasons import explained
from jobs.declarations import Declarations


@dataclass(frozen=True)
class Names:
    """The names in one language."""

    declared: Declarations
    lang: str

    def of(self, line: Line) -> str:
        """Whose figure it is."""
        if line.part in ("day", "feed"):
            return self.feed(line.code)
        if line.part == "reason":
            return self.reason(line.code)
        return words(self.lang)["all"] if line.code == ALL else self.organ(line.code)

    def feed(self, name: str) -> str:
        return getattr(self.declared.feeds[name], self.lang) if name in self.declared.feeds else name

    def organ(self, code: str) -> str:
        if code == NOBODY:
            return words(self.lang)["nobody"]
        return next((getattr(one, self.lang) for one in self.declared.organs.values() if one.code == code), code)

    def category(self, name: str) -> str:
        return getattr(self.declared.categories[name], self.lang) if name in self.declared.categories else name

    def reason(self, code: str) -> str:
        return getattr(explained(self.declared, code), self.lang)

    def figure(self, line: Line) -> str:
        """What was counted."""
        if line.part == "coverage":
            return self.category(line.figure)
        declared = self.declared.scorecards.figures.get(line.figure)
        return getattr(declared, self.lang) if declared else words(self.lang).get(line.figure, line.figure)

    def short(self, figure: str) -> str:
        """In a few words: the English of a declaration is a sentence."""
        declared = self.declared.scorecards.figures.get(figure)
        return declared.zh if declared and self.lang == "zh" else figure.replace("_", " ")

    def why(self, line: Line) -> str:
        """Why it is in its band: the share with its denominator, and the bound that it did not reach."""
        told, declared = words(self.lang), self.declared.scorecards.figures[line.figure]
        bounds = declared.drift or declared.bands
        bound = "" if bounds is None else percent(bounds.green if line.band == "amber" else bounds.amber)
        side = told["drifted" if declared.drift else "below" if declared.better == "high" else "above"]
        return f"{self.short(line.figure)} {percent(line.share)} ({line.numerator:,}/{line.denominator:,}), {side} {bound}"


def percent(share: Decimal | None) -> str:
    return "" if share is None else f"{share * 100:.2f} %"
