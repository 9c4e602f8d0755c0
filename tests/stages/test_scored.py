"""The scorecards of the sample village are what its truth files say of its rows and of when they came."""
from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict

from tests.standing import asked
from tests.two_nights import FIRST

ORDER = ("fact", "duplicate", "reject", "household", "natural_person")  # a row of several subjects is the best of them
SERVED = """select name, figure, numerator, denominator from credit.scorecards
    where scope = :scope and period_kind = 'month' and period = :month"""


def rows_of_truth(home, paths: set[str]) -> dict[str, Counter]:
    """By feed how many rows of these files became what."""
    best: dict[tuple[str, str], str] = {}
    with (home.home / "truth.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["path"] in paths:
                place = line["path"], line["row_no"]
                best[place] = min(best.get(place, line["becomes"]), line["becomes"], key=ORDER.index)
    counts: dict[str, Counter] = defaultdict(Counter)
    for (path, _), becomes in best.items():
        counts[path.split("/")[0]][becomes] += 1
    return counts


def test_the_figures_are_those_of_the_truth(graded, old, declared, spark):
    home, first = old[0], str(FIRST[0])
    said = [json.loads(line) for line in (graded.home / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    taken = [one for one in said if one["covers"] == first and one["delivery_status"] == "received"]
    truth = rows_of_truth(graded, {one["path"] for one in taken})
    assert sum(counts.total() for counts in truth.values()) > 500
    expected = {}
    for feed, counts in truth.items():
        personal = counts["household"] + counts["natural_person"]
        in_time = not any(one["late"] for one in taken if one["feed"] == feed)
        expected[feed] = {
            "rows": (counts.total(), None), "on_time": (int(in_time), 1), "missing": (0, 1),
            "deliveries": (sum(one["feed"] == feed for one in taken), None), "personal": (personal, counts.total()),
            "compliance": (counts["fact"] + counts["duplicate"], counts.total() - personal),
            "uniqueness": (counts.total() - counts["duplicate"], counts.total())}
    assert figures(home, "feed", expected) == expected
    organs: dict[str, dict] = defaultdict(dict)
    for feed, told in expected.items():
        mine = organs[declared.organs[declared.feeds[feed].organ].code]
        for figure, pair in told.items():
            mine[figure] = tuple(None if b is None else (a or 0) + b for a, b in zip(mine.get(figure, (0, 0)), pair, strict=True))
    assert figures(home, "organ", organs) == organs


def figures(home, scope: str, like: dict[str, dict]) -> dict[str, dict]:
    """The served figures of those named, as far as the truth tells them."""
    found: dict[str, dict] = defaultdict(dict)
    for row in asked(home, SERVED, scope=scope, month=FIRST[0].replace(day=1)):
        if row["figure"] in like.get(row["name"], ()):
            found[row["name"]][row["figure"]] = (row["numerator"], row["denominator"])
    return dict(found)
