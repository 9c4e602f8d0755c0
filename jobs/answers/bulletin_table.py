"""The figures of a bulletin as CSV: codes for programs, names for people, one line a figure; and what differs between two."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from jobs.answers.bulletin_figures import Figures, Line
from jobs.answers.bulletin_names import Names
from jobs.answers.bulletin_words import words
from jobs.answers.slip_files import plain
from jobs.declarations import Declarations

CODES = ("part", "code", "figure", "day")
VALUES = ("counted", "denominator", "share", "band_code", "state")
HEAD = (*CODES, *VALUES, "name", "meant", "words")
RELEASE = "release"  # the part that says of which release: no figure, so none that changes


class Change(NamedTuple):
    """One figure of which the restated bulletin says something else; None where it said, or says, nothing."""

    key: tuple[str, ...]
    was: tuple[str, ...] | None
    now: tuple[str, ...] | None


def as_csv(figures: Figures, declared: Declarations, lang: str) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it; the first line says of which release."""
    release = figures.release
    first = (RELEASE, release["release_id"], "as_of", str(release["as_of"]), *[""] * len(VALUES), "", words(lang)["release"], "")
    return written(lang, HEAD, [first, *(cells(line, declared, lang) for line in figures.lines)])


def cells(line: Line, declared: Declarations, lang: str) -> tuple[str, ...]:
    names = Names(declared, lang)
    told = words(lang)
    said = [told[code] for code in (line.band, line.state) if code]
    return (*key(line), *values(line), names.of(line), names.figure(line), " ".join(said))


def key(line: Line) -> tuple[str, ...]:
    return line.part, line.code, line.figure, text(line.day)


def values(line: Line) -> tuple[str, ...]:
    return text(line.numerator), text(line.denominator), text(line.share), text(line.band), line.state


def text(value: Any) -> str:
    return "" if value is None else str(value)


def written(lang: str, head: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([words(lang)[one] for one in head])
    writer.writerows([[plain(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


# ---- what differs

def said(content: bytes) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What a table of ours says of each figure."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    return {tuple(row[:4]): tuple(row[4:9]) for row in rows if row[0] != RELEASE}


def changes(before: bytes, figures: Figures) -> list[Change]:
    """Every figure that the table of before does not tell, or tells otherwise, in order."""
    then = said(before)
    now = {tuple(map(plain, key(line))): values(line) for line in figures.lines}
    return [Change(one, then.get(one), now.get(one)) for one in sorted(then | now) if then.get(one) != now.get(one)]


def line_of(change: Change) -> Line:
    """The figure it is about, to be named."""
    part, code, figure, _ = change.key
    return Line(part, code, figure)


def shown(one: tuple[str, ...] | None, told: dict[str, str]) -> str:
    """Its values in a few letters; — where there is none."""
    if one is None or not any(one):
        return "—"
    counted, of, share, band, state = one
    numbers = f"{counted}/{of}" if counted and of else counted or of
    return " ".join(filter(None, (numbers, share, told.get(band, band), told.get(state, state))))


def changes_csv(found: Iterable[Change], declared: Declarations, lang: str) -> bytes:
    """The changes alone, old beside new."""
    names, told = Names(declared, lang), words(lang)
    rows = [(*one.key, shown(one.was, told), shown(one.now, told), names.of(line_of(one)), names.figure(line_of(one)))
            for one in found]
    return written(lang, (*CODES, "was", "is", "name", "meant"), rows)
