"""The figures of a matching are those that its rows give by hand."""
from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import matching_scores

# record, truth, kinds, linked, first candidate, score
ROWS = [
    ("R1", "A", ["none"], "A", "A", 9.0),
    ("R2", "A", ["no_code"], "B", "B", 8.0),  # wrong
    ("R3", "B", ["no_code", "wrong_character"], None, "B", 7.0),  # in review, the first candidate is right
    ("R4", "B", ["damaged_code"], None, "A", 6.0),  # in review, the first candidate is wrong
    ("R5", "C", ["no_code", "wrong_character"], "C", None, 5.0),  # no candidate told: the linked one is it
    ("R6", "C", ["none"], None, None, None),
    ("R7", None, ["unknown", "no_code"], "A", "A", 4.0),  # an unknown one linked
    ("R8", None, ["unknown"], None, "C", 3.0),
]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    columns = ["record_id", "truth_id", "kinds", "linked", "first_candidate", "score"]
    rows = pd.DataFrame(ROWS, columns=columns)
    rows[["record_id", "truth_id", "kinds"]].to_parquet(tmp_path / "truth.parquet")
    rows[["record_id", "linked", "first_candidate", "score"]].sample(frac=1, random_state=1).to_parquet(tmp_path / "made.parquet")
    return tmp_path


def test_headline(world: Path) -> None:
    told = matching_scores.scores(world, world / "made.parquet")
    assert (told["records"], told["linked"]) == (8, 4)
    assert told["precision"] == 0.5  # R1 and R5 of four
    assert told["recall"] == round(2 / 6, 5)
    assert told["recall_with_review"] == 0.5  # R3 too
    assert told["f1"] == 0.4
    assert told["unknown_linked"] == 0.5
    bare = told["without_usable_code"]
    assert (bare["records"], bare["precision"], bare["recall"]) == (5, round(1 / 3, 5), 0.25)


def test_kinds_tell_recall_with_and_without_a_usable_code(world: Path) -> None:
    kinds = matching_scores.scores(world, world / "made.parquet")["kinds"]
    assert kinds["wrong_character"] == {"records": 2, "recall": 0.5, "recall_with_review": 1.0, "no_usable_code": 2,
                                        "recall_no_usable_code": 0.5, "wrongly_linked": 0.0}  # fmt: skip
    assert kinds["none"]["recall_no_usable_code"] is None
    assert kinds["unknown"]["recall"] is None
    assert kinds["unknown"]["wrongly_linked"] == 0.5


def test_the_curve_links_every_first_candidate_of_a_score(world: Path) -> None:
    told = matching_scores.scores(world, world / "made.parquet")
    curve = {point["threshold"]: (point["precision"], point["recall"]) for point in told["curve"]}
    assert curve[9.0] == (1.0, round(1 / 6, 5))
    assert curve[7.0] == (round(2 / 3, 5), round(2 / 6, 5))
    assert curve[3.0] == (round(3 / 7, 5), 0.5)
    assert told["best_at_needed_precision"]["threshold"] == 9.0
    assert told["best_f1"] == {"threshold": 5.0, "precision": 0.6, "recall": 0.5, "f1": round(6 / 11, 5), "unknown_linked": 0.0}


def test_a_forgotten_or_doubled_record_is_an_error(world: Path) -> None:
    made = pd.read_parquet(world / "made.parquet")
    made[made.record_id != "R4"].to_parquet(world / "short.parquet")
    with pytest.raises(ValueError, match="1 records stand in the matching or in the truth alone"):
        matching_scores.scores(world, world / "short.parquet")
    pd.concat([made, made.head(1)]).to_parquet(world / "twice.parquet")
    with pytest.raises(pd.errors.MergeError):
        matching_scores.scores(world, world / "twice.parquet")
