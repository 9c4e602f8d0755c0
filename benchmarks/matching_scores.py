"""How good a matching is: its links against the truth of a world of `sample.matching`, whoever made them.

A matching is a Parquet file with one row a record: record_id, linked (a truth_id, or null where it is left to review),
first_candidate (the best one, linked or not) and score (of that one; the more the surer; null without one).
`python -m benchmarks.matching_scores WORLD MATCHING` prints the figures.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd

NEEDED = 0.998  # issue 6: the precision below which no recall counts
NO_USABLE_CODE = {"no_code", "damaged_code"}
POINTS = 60


def joined(world: Path, matching: Path, night: int = 1) -> pd.DataFrame:
    """The truth with the matching beside it; a record that the matching forgot or tells of twice is an error."""
    mark = "_night2" if night == 2 else ""
    truth = pd.read_parquet(world / f"truth{mark}.parquet")
    made = pd.read_parquet(matching, columns=["record_id", "linked", "first_candidate", "score"])
    both = truth.merge(made, "outer", on="record_id", validate="one_to_one", indicator="side")
    missing = int((both.side != "both").sum())
    if missing:
        raise ValueError(f"{matching}: {missing} records stand in the matching or in the truth alone")
    both["first_candidate"] = both.first_candidate.fillna(both.linked)
    both["known"], both["is_linked"] = both.truth_id.notna(), both.linked.notna()
    both["right"] = both.is_linked & (both.linked == both.truth_id)
    both["found"] = both.right | (~both.is_linked & both.known & (both.first_candidate == both.truth_id))
    both["no_usable_code"] = [bool(NO_USABLE_CODE & set(kinds)) for kinds in both.kinds]
    return both


def share(part: int | float, whole: int | float) -> float | None:
    """To five digits; None where there is nothing to have a share of."""
    return round(float(part / whole), 5) if whole else None


def headline(both: pd.DataFrame) -> dict[str, float | int | None]:
    """Precision of the links, recall with review as not linked and with its first candidate, F1, and unknown ones linked."""
    linked, known, right = int(both.is_linked.sum()), int(both.known.sum()), int(both.right.sum())
    return {
        "records": len(both), "linked": linked, "precision": share(right, linked), "recall": share(right, known),
        "recall_with_review": share(int(both.found.sum()), known), "f1": share(2 * right, linked + known),
        "unknown_linked": share(int((both.is_linked & ~both.known).sum()), int((~both.known).sum())),
    }  # fmt: skip


def by_kind(both: pd.DataFrame) -> dict[str, dict[str, float | int | None]]:
    """Per kind of dirt: recall over its records of known enterprises, over those without a usable code, and what went wrong."""
    each = both.explode("kinds")
    told = {}
    for kind, of in each.groupby("kinds", sort=False):
        known, bare = of[of.known], of[of.known & of.no_usable_code]
        told[str(kind)] = {
            "records": len(of), "recall": share(int(known.right.sum()), len(known)),
            "recall_with_review": share(int(known.found.sum()), len(known)), "no_usable_code": len(bare),
            "recall_no_usable_code": share(int(bare.right.sum()), len(bare)),
            "wrongly_linked": share(int((of.is_linked & ~of.right).sum()), len(of)),
        }  # fmt: skip
    return dict(sorted(told.items(), key=lambda one: -int(one[1]["records"] or 0)))


def by_threshold(both: pd.DataFrame) -> pd.DataFrame:
    """If every first candidate of at least a score were linked: by score, the highest first, links and how many are right,
    precision, recall, F1, and the share of unknown ones linked."""
    found = both[both.score.notna() & both.first_candidate.notna()]
    found = found.assign(true=(found.first_candidate == found.truth_id).astype("int64"), nobody=(~found.known).astype("int64"))
    at = found.groupby("score").agg(links=("true", "size"), right=("true", "sum"), nobody=("nobody", "sum"))
    at, known = at.sort_index(ascending=False).cumsum(), int(both.known.sum())
    return at.assign(precision=at.right / at.links, recall=at.right / known, f1=2 * at.right / (at.links + known),
                     unknown_linked=at.nobody / (len(both) - known))


def point(score: float, at: pd.Series) -> dict[str, float]:
    return {"threshold": round(float(score), 5),
            **{name: round(float(at[name]), 5) for name in ("precision", "recall", "f1", "unknown_linked")}}


def curve(at: pd.DataFrame) -> list[dict[str, float]]:
    """The points of the curve at even steps of links, at most 60."""
    steps = (at.links * POINTS // max(at.links.max(), 1)).drop_duplicates(keep="last").index
    return [point(score, one) for score, one in at.loc[steps].iterrows()]


def best(at: pd.DataFrame, figure: str) -> dict[str, float] | None:
    """Of these points the one with the most of the figure, of several the surest; None where there is no point."""
    return None if at.empty else point(at[figure].idxmax(), at.loc[at[figure].idxmax()])


def scores(world: Path, matching: Path, night: int = 1) -> dict[str, object]:
    """All figures of a matching, ready for JSON."""
    both = joined(world, matching, night)
    at = by_threshold(both)
    return {**headline(both), "without_usable_code": headline(both[both.no_usable_code]),
            "best_at_needed_precision": best(at[at.precision >= NEEDED], "recall"), "best_f1": best(at, "f1"),
            "kinds": by_kind(both), "curve": curve(at)}  # fmt: skip


def misses(world: Path, matching: Path, most: int = 50) -> pd.DataFrame:
    """The commonest records of known enterprises that are linked wrongly or not, by the name written and whose it is."""
    both = joined(world, matching)
    missed = both[both.known & ~both.right].merge(pd.read_parquet(world / "records.parquet"), on="record_id")
    index = pd.read_parquet(world / "index.parquet", columns=["truth_id", "subject_name"])
    index = index.rename(columns={"subject_name": "registered"})
    named = missed.merge(index, on="truth_id").merge(
        index.rename(columns={"truth_id": "first_candidate", "registered": "candidate"}), "left", on="first_candidate")
    named["kinds"] = named.kinds.map(" ".join)
    asked = ["subject_name", "registered", "candidate", "kinds", "is_linked"]
    return named.groupby(asked, dropna=False).size().rename("records").reset_index().nlargest(most, "records")


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.matching_scores", description=__doc__)
    given.add_argument("world", type=Path)
    given.add_argument("matching", type=Path)
    given.add_argument("--night", type=int, choices=(1, 2), default=1)
    arguments = given.parse_args()
    print(json.dumps(scores(arguments.world, arguments.matching, arguments.night), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
