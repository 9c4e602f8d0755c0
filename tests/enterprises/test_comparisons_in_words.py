"""Every comparison, level, block, form and claim is said in Chinese and English, and nothing else is."""
from __future__ import annotations

from jobs.answers.link_evidence import CLAIMED
from jobs.answers.link_steps import comparisons
from jobs.declarations.files import read_one
from jobs.declarations.matching import FOLDER, SCORED_BY, Vocabulary, version
from jobs.declarations.settings import ROOT
from jobs.enterprises import blocks
from jobs.enterprises.comparing import LEVELS

CONFIG = ROOT / "config"
WORDS = comparisons(CONFIG)


def test_every_level_of_every_comparison_is_said_and_no_other() -> None:
    said = {name: set(one.levels) for name, one in WORDS.comparisons.items()}
    assert said == {name: set(levels) for name, levels in LEVELS.items()}


def test_no_two_levels_of_a_comparison_are_said_alike() -> None:
    for name, one in WORDS.comparisons.items():
        for lang in ("zh", "en"):
            told = [getattr(level, lang) for level in one.levels.values()]
            assert len(set(told)) == len(told), f"{name}: {lang}"


def test_every_block_form_and_number_is_said_and_no_other() -> None:
    assert set(WORDS.blocks) == {*blocks.KINDS, "number"}
    assert set(WORDS.forms) == set(read_one(CONFIG / FOLDER / "names.yml", Vocabulary).forms)
    assert set(WORDS.claims) == set(CLAIMED)


def test_words_for_people_are_no_part_of_what_a_score_depends_on(tmp_path) -> None:
    for name in ("codes/divisions.csv", *(f"matching/{one}" for one in SCORED_BY)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((CONFIG / name).read_bytes())
    assert version(tmp_path) == version(CONFIG)
    (tmp_path / "matching" / "policy.yml").write_text("margin: 4\n", encoding="utf-8")
    assert version(tmp_path) != version(CONFIG)
