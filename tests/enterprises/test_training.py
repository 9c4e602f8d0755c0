"""What records with a code teach, and what people decided: the model's file says it, and a decision is learnt from."""
from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from pyspark.sql import SparkSession

from jobs.declarations import load
from jobs.enterprises import exact, training
from jobs.enterprises.comparing import LEVELS
from jobs.enterprises.training import Lesson
from jobs.stages.train import learn
from jobs.values.names import name_key
from tests.acts import frame
from tests.enterprises.test_exact import SUBJECT
from tests.enterprises.test_memory_of_matching import FIRST, by, of_index, subjects  # noqa: F401

PAIR = {"subject": "string", "enterprise_id": "string", "same": "boolean"}


def way(core: str) -> tuple[str, ...]:
    """Two records that differ in the core of the name alone, or not at all."""
    first = {name: next(iter(known)) for name, known in LEVELS.items()}
    return tuple((first | {"core": core}).values())


def test_a_level_that_true_pairs_show_weighs_more_than_one_that_others_show() -> None:
    same, other = next(iter(LEVELS["core"])), list(LEVELS["core"])[-1]
    subject = np.repeat(np.arange(50), 2)
    lesson = Lesson([(way(same), 0), (way(other), 0)], np.tile([0, 1], 50), subject, np.tile([True, False], 50))
    made = training.model(lesson, trained_on="a test")
    weights = {level: one["weight"] for level, one in made["weights"]["core"].items()}
    assert weights[same] > 1_000 > -1_000 > weights[other]
    assert made["pairs"] == 100
    chance = training.chances(np.array([5.0, -5.0]), lesson)
    assert np.add.reduceat(chance, range(0, 100, 2)).max() < 1


def test_what_was_decided_to_be_the_same_is_its_truth(spark: SparkSession) -> None:
    reports = frame(spark, SUBJECT, [{"fact_id": n, "name_key": name_key(name)} for n, name in
                                     (("a", "合肥甲有限公司"), ("b", "合肥甲有限公司"), ("c", "合肥乙有限公司"))])
    keys = {row["name_key"]: row["subject"] for row in exact.distinct(reports).collect()}
    first, second = keys[name_key("合肥甲有限公司")], keys[name_key("合肥乙有限公司")]
    pairs = frame(spark, PAIR, [{"subject": first, "enterprise_id": "E", "same": True},
                                {"subject": first, "enterprise_id": "F", "same": False},
                                {"subject": second, "enterprise_id": "E", "same": False}])
    assert [(row["subject"], row["truth"]) for row in training.decided(reports, pairs).collect()] == [(first, "E")]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree("config", tmp_path / "config"))


def test_the_files_that_training_writes_are_a_model_that_is_read_again(spark, by, config) -> None:  # noqa: F811
    found = of_index(spark, by, FIRST)
    said = subjects(spark)
    one = said.where(f"name_key = '{name_key('合肥祥悦兴建村贸易有限公司')}'").first()["subject"]
    [of] = {row["enterprise_id"] for row in found.names.where(f"name_key = '{name_key(FIRST[0][2])}'").collect()}
    reports = said.drop("subject")
    bare = learn(found, reports, config, "a test")
    taught = learn(found, reports, config, "a test", frame(spark, PAIR, [{"subject": one, "enterprise_id": of, "same": True}]))
    assert bare["pairs"] < taught["pairs"]
    written = yaml.safe_load((config / "matching" / "model.yml").read_text(encoding="utf-8"))
    assert written == taught
    assert load(config).digest != load(Path("config")).digest
    assert f"{written['pairs']:,} pairs" in (config / "matching" / "report.md").read_text(encoding="utf-8")
