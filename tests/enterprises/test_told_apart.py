"""Homonyms are told apart by what stands beside the name, never guessed between; a link that something backs may differ more."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jobs.declarations.files import DeclarationError
from jobs.enterprises import dated, exact, index, model, reading, scored, tiers
from jobs.facts.keeping import kept
from jobs.values.names import name_key
from tests.acts import at, frame
from tests.enterprises.test_exact import IDS, REGISTERED, SUBJECT, A, B, C

SEATED = REGISTERED | dict.fromkeys(("registered_region", "registered_address", "legal_representative_token"), "string")
HOMONYM, ALONE = "合肥祥悦兴建材贸易有限公司", "合肥宏发隆装饰工程有限公司"
INDEX = [("ra", A, HOMONYM, "安徽省合肥市瑶海区长江东路18号1203室", "k1:match:aa"),
         ("rb", B, HOMONYM, "安徽省合肥市庐阳区阜阳北路7号", "k1:match:bb"),
         ("rc", C, ALONE, "安徽省合肥市蜀山区望江西路99号", "k1:match:cc")]
# what the subject says -> whose, reason; candidates in their order where nobody is answered
CASES = {
    "the address of one": ({"name": HOMONYM, "address": "合肥市瑶海区长江东路18号1203室"}, "A", "homonym_told_apart"),
    "the representative of one": ({"name": HOMONYM, "person": "k1:match:bb"}, "B", "homonym_told_apart"),
    "the place alone": ({"name": HOMONYM}, None, "name_of_several"),
    "the address of one, the representative of the other": (
        {"name": HOMONYM, "address": "安徽省合肥市瑶海区长江东路18号1203室", "person": "k1:match:bb"}, None, "name_of_several"),
    "a short name and its representative": ({"name": "合肥宏发隆", "person": "k1:match:cc"}, "C", "scored"),
    "a short name alone": ({"name": "合肥宏发隆"}, None, "name_close"),
    "a sister of one owner": (
        {"name": "合肥宏发隆物流有限公司", "person": "k1:match:cc", "address": "合肥市蜀山区望江西路99号"}, None, "name_close"),
    "code of one, name of another": ({"credit_code": A, "name": ALONE}, None, "credit_code_contradicts_name"),
}


@pytest.fixture(scope="module")
def by(spark):
    return model.sent(spark, Path("config").resolve())


@pytest.fixture(scope="module")
def members(spark):
    rows = [{"fact_id": fact, "feed": "registry", "credit_code": code, "subject_name": name, "name_key": name_key(name),
             "registered_region": "340102", "registered_address": address, "legal_representative_token": person,
             "event_date": "2026-01-01", "covers": "2026-11-20", "received_at": at("2026-11-20")}
            for fact, code, name, address, person in INDEX]
    return index.members(frame(spark, SEATED, rows)).persist()


@pytest.fixture(scope="module")
def answers(spark, by, members):
    said = [{"fact_id": case, "feed": "city", "category": "penalty", "adverse": True, "region": "340102",
             **{name: value for name, value in told.items() if name != "name"}, "name_key": name_key(told["name"])}
            for case, (told, *_) in CASES.items()]
    subjects = exact.distinct(frame(spark, SUBJECT, said)).persist()
    names = index.names(members)
    known = reading.read(index.known(members, names), by, known=True).persist()
    found = tiers.Index(index.identifiers(members), names, known, scored.blocked(known, by.value.policy.caps).persist())
    answer = tiers.ask(subjects, found, None, by, kept).answers
    return {row["fact_id"]: row for row in answer.join(subjects.select("subject", "fact_id"), "subject").collect()}


@pytest.mark.parametrize("case", CASES)
def test_who_is_meant_or_why_nobody(answers, case):
    _, whose, reason = CASES[case]
    assert (answers[case]["enterprise_id"], answers[case]["reason"]) == (IDS[whose], reason)
    assert answers[case]["tier"] == (tiers.exact.BY_SCORE if whose else None)


def test_candidates_stand_in_the_order_in_which_they_are_likely(answers):
    assert answers["the address of one, the representative of the other"]["candidates"][0] in (IDS["A"], IDS["B"])
    assert answers["code of one, name of another"]["candidates"] == [IDS["C"], IDS["A"]]  # one whole name is no slip of the other


def test_a_homonym_told_apart_that_did_not_bear_the_name_on_that_day_is_nobodys(spark):
    links = {**dict.fromkeys(("fact_id", "category", "subject", "enterprise_id", "score", "reason"), "string"), "tier": "int",
             "pending": "boolean", "adverse": "boolean"}
    told = [{"fact_id": day, "category": "penalty", "subject": "s", "enterprise_id": "A", "tier": 5, "score": "0.99",
             "reason": exact.TOLD_APART, "pending": True, "adverse": True} for day in ("2020-05-01", "2024-05-01")]
    said = [{"fact_id": day, "category": "penalty", "name_key": "甲", "event_date": day}
            for day in ("2020-05-01", "2024-05-01")]
    names = [{"name_key": "甲", "enterprise_id": "A", "valid_from": "2022-01-01", "valid_until": None},
             {"name_key": "甲", "enterprise_id": "B", "valid_from": None, "valid_until": None}]
    found = dated.at_date(
        frame(spark, links, told),
        frame(spark, {"fact_id": "string", "category": "string", "name_key": "string", "event_date": "date"}, said),
        frame(spark, {"name_key": "string", "enterprise_id": "string", "valid_from": "date", "valid_until": "date"}, names))
    assert {row["fact_id"]: (row["enterprise_id"], row["tier"], row["score"], row["pending"], row["reason"])
            for row in found.collect()} == {
        "2020-05-01": (None, None, None, False, "name_of_several"), "2024-05-01": ("A", 5, "0.99", True, exact.TOLD_APART)}


def test_a_name_that_is_remembered_is_not_taken_apart_anew_and_reads_the_same(spark, by, members):
    asked = index.known(members, index.names(members)).persist()
    first = reading.known(asked, None, by).persist()
    kept_ = reading.compared(first, by.value.version).persist()
    assert "person" not in kept_.columns
    assert not any(key.startswith("person:") for row in kept_.collect() for key in row["keys"])
    marked = kept_.withColumn("parts", kept_["parts"].substr(1, 0))  # who reads these shows that it did not take them apart
    again = {row["known"]: row for row in reading.known(asked, kept_, by).collect()}
    assert again == {row["known"]: row for row in first.collect()}
    assert {row["parts"] for row in reading.known(asked, marked, by).collect()} == {""}
    moved = asked.withColumn("region", asked["region"].substr(1, 4)).collect()
    assert len(moved) == 3
    elsewhere = reading.known(asked.withColumn("region", asked["region"].substr(1, 4)), marked, by)
    assert "" not in {row["parts"] for row in elsewhere.collect()}
    other = marked.withColumn("version", marked["version"].substr(1, 3))
    assert "" not in {row["parts"] for row in reading.known(asked, other, by).collect()}


@pytest.mark.parametrize(("line", "told"), [
    ("backs: {code: [nearby]}", r"backs.code: \['nearby'\] is no level of it; known: .*'near'"),
    ("backs: {telephone: [same]}", r"backs.telephone: \['same'\] is no level of it; known: .*'person'"),
    ("accept: {usually: 0.95, sam: 0.96}", r"accept.core: \['sam'\] is no level of it"),
])
def test_a_policy_that_names_no_level_is_refused(tmp_path, line, told):
    config = tmp_path / "config"
    shutil.copytree("config", config)
    policy, key = config / "matching" / "policy.yml", line.split(":")[0]
    text, skip = [], False
    for one in policy.read_text(encoding="utf-8").splitlines():
        skip = one.startswith(f"{key}:") or (skip and one.startswith(" "))
        text += [line] if one.startswith(f"{key}:") else [] if skip else [one]
    policy.write_text("\n".join(text) + "\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"policy\.yml: {told}"):
        model.scorer(config)
