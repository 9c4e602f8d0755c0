"""What was scored once is remembered: a night computes what is new or affected, and gives exactly what a full run gives."""
from __future__ import annotations

from pathlib import Path

import pytest

from jobs.enterprises import exact, index, model, reading, scored, tiers
from jobs.facts.keeping import kept
from jobs.values.names import name_key
from tests.acts import at, frame
from tests.enterprises.test_exact import REGISTERED, SUBJECT

SEATED = REGISTERED | {"registered_region": "string"}
FIRST = [("ra", "91340100MA0A00011X", "合肥祥悦兴建材贸易有限公司", "340102"),
         ("rb", "91340100MA0B00012Y", "合肥宏发隆装饰工程有限公司", "340103"),
         ("rc", "91340200MA0C00013Z", "芜湖天源盛农业科技有限公司", "340202")]
ADDED = ("rd", "91340100MA0D00014W", "合肥祥悦兴建财贸易有限公司", "340102")  # one character from ra: ra's records meet it too
SAID = {"slip of a": "合肥祥悦兴建村贸易有限公司", "slip of b": "合肥宏发隆装饰工呈有限公司",
        "slip of c": "芜湖天源盛农业料技有限公司", "code of a, name with a slip": "合肥祥悦兴建材贸易有限工司",
        "nobody": "阜阳全然无名咨询有限公司"}
CODES = {"code of a, name with a slip": "91340100MA0A00011X"}


@pytest.fixture(scope="module")
def by(spark):
    return model.sent(spark, Path("config").resolve())


def registered(rows: list[tuple[str, str, str, str]]) -> list[dict]:
    return [{"fact_id": fact, "feed": "registry", "credit_code": code, "subject_name": name, "name_key": name_key(name),
             "registered_region": region, "event_date": "2026-01-01", "covers": "2026-11-20", "received_at": at("2026-11-20")}
            for fact, code, name, region in rows]


def of_index(spark, by, rows) -> tiers.Index:
    members = index.members(frame(spark, SEATED, registered(rows))).persist()
    names = index.names(members).persist()
    known = reading.read(index.known(members, names), by, known=True).persist()
    return tiers.Index(index.identifiers(members).persist(), names, known, scored.blocked(known, by.value.policy.caps).persist())


def subjects(spark):
    told = [{"fact_id": case, "feed": "city", "category": "penalty", "adverse": True, "credit_code": CODES.get(case),
             "name_key": name_key(name), "region": "340102"} for case, name in SAID.items()]
    return exact.distinct(frame(spark, SUBJECT, told)).persist()


def told(answer: tiers.Answer) -> list[tuple]:
    return sorted(tuple(map(str, row)) for row in answer.answers.collect())


@pytest.fixture(scope="module")
def nights(spark, by):
    """A night, the same night again, and one more enterprise: with what the night before remembered, and without."""
    said, before, after = subjects(spark), of_index(spark, by, FIRST), of_index(spark, by, [*FIRST, ADDED])
    first = tiers.ask(said, before, None, by, kept)
    entries = first.entries.persist()
    return {"first": first, "again": tiers.ask(said, before, entries, by, kept),
            "added": tiers.ask(said, after, entries, by, kept),
            "added, in full": tiers.ask(said, after, None, by, kept)}


def test_the_same_night_scores_nothing_anew_and_says_the_same(nights):
    assert nights["first"].metrics["subjects_scored_anew"] == nights["first"].metrics["subjects_scored"] == 4
    assert nights["again"].metrics["subjects_scored_anew"] == 0
    assert told(nights["again"]) == told(nights["first"])


def test_one_more_enterprise_scores_only_who_meets_it_and_gives_what_a_full_run_gives(nights):
    assert nights["added"].metrics["subjects_scored_anew"] == 1  # the slip of a; b, c and nobody share no block with it
    assert nights["added, in full"].metrics["subjects_scored_anew"] == 4
    assert told(nights["added"]) == told(nights["added, in full"])
    assert told(nights["added"]) != told(nights["first"])


def test_another_model_remembers_nothing(spark, by, nights):
    other = nights["first"].entries.withColumn("version", nights["first"].entries["subject"].substr(1, 16))
    assert tiers.ask(subjects(spark), of_index(spark, by, FIRST), other, by, kept).metrics["subjects_scored_anew"] == 4


def test_more_pairs_than_the_budget_stop_with_what_each_block_gave(spark, by):
    class Narrow:
        value = by.value.__class__(**{**by.value.__dict__, "policy": by.value.policy.model_copy(update={"pair_budget": 1})})

    with pytest.raises(tiers.TooManyPairs, match=r"pair_budget: 1 .*slip: .* pairs of .*Lower the cap"):
        tiers.ask(subjects(spark), of_index(spark, by, FIRST), None, Narrow, kept)


def test_a_key_that_too_many_names_share_finds_nobody_and_is_told(spark, by):
    found, none = of_index(spark, by, FIRST), dict.fromkeys(by.value.policy.caps, 0)
    cut = tiers.Index(found.numbers, found.names, found.known, scored.blocked(found.known, none))
    blocks = tiers.ask(subjects(spark), cut, None, by, kept).metrics["blocks"]
    assert blocks
    assert all(block["pairs"] == 0 and block["pairs_cut"] >= block["keys_cut"] == block["keys"] for block in blocks)
