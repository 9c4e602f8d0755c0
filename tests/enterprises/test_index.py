"""The enterprise index: names in time, what other feeds say, the life of enterprises, conflicts; and whose an act stays."""
from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from pyspark.sql import functions as F

from jobs.declarations import load
from jobs.declarations.matching import Believed, Indexing, index_faults
from jobs.declarations.settings import ROOT
from jobs.stages import match
from tests.acts import facts
from tests.enterprises.test_exact import enterprise

DECLARED = load(ROOT / "config")
CODES = {name: f"91340100MA0{name}000{place:02d}X" for place, name in enumerate("ABCDEFGHJKLMNPQ")}
IDS = {name: enterprise("credit_code", code) for name, code in CODES.items()}
WHOSE = {id: name for name, id in IDS.items()}
PARENT, SURVIVOR = "示例市宏图电子科技有限公司", "示例市恒通物流有限公司"


def registered(who: str, name: str, day: str, feed: str = "market_small_registry", **said) -> dict:
    return {"fact_id": f"r-{who}-{day}-{feed}", "feed": feed, "credit_code": CODES[who], "subject_name": name,
            "approval_date": day, **said}


REGISTERED = [
    registered("A", "示例市甲旧商贸有限公司", "2019-01-10", founding_date="2015-01-01"),
    registered("A", "示例市甲新商贸有限公司", "2024-05-01", founding_date="2015-01-01"),
    registered("B", "示例市甲旧商贸有限公司", "2024-08-02", founding_date="2024-08-01"),  # took the name that A gave up
    registered("C", "示例市同名实业有限公司", "2020-01-01"),
    registered("D", "示例市同名实业有限公司", "2021-01-01"),
    registered("E", "示例市戊新建设有限公司", "2025-01-01", registration_number="340100000000055"),
    registered("F", "示例市宏图电子科技有限公司合肥分公司", "2020-01-01"),
    registered("G", PARENT, "2020-01-01"),
    registered("H", "示例市恒远物流有限公司", "2020-01-01"),
    registered("J", SURVIVOR, "2020-01-01"),
    registered("K", "示例市安泰食品有限公司", "2020-01-01"),
    registered("L", "示例市安泰粮油有限公司", "2022-06-01"),
    registered("M", "示例市老码印务有限公司", "2020-01-01"),
    registered("N", "示例市老码印务有限公司", "2023-01-01"),
    registered("P", "示例市终了服装有限公司", "2018-01-01", registration_status="active"),
    registered("P", "示例市终了服装有限公司", "2023-09-09", registration_status="cancelled"),
    registered("Q", "示例市金桥纺织有限公司", "2024-01-01"),
    registered("Q", "示例市蓝海航运股份有限公司", "2024-01-01", "market_province_registry"),
]


def changed(who: str, name: str, item: str, before: str, after: str, day: str) -> dict:
    return {"fact_id": f"c-{who}-{item}", "feed": "registration_changes", "credit_code": CODES[who], "subject_name": name,
            "change_item": item, "value_before": before, "value_after": after, "change_date": day}


CHANGED = [
    changed("E", "示例市戊新建设有限公司", "name", "示例市戊旧建设有限公司", "示例市戊新建设有限公司", "2023-03-03"),
    changed("J", SURVIVOR, "merger", f"示例市恒远物流有限公司、{SURVIVOR}", SURVIVOR, "2024-04-04"),
    changed("K", "示例市安泰食品有限公司", "split", "示例市安泰食品有限公司", "示例市安泰食品有限公司、示例市安泰粮油有限公司",
            "2022-05-05"),
    changed("N", "示例市老码印务有限公司", "code_reissue", CODES["M"], CODES["N"], "2022-12-12"),
    # Of somebody who is not named so: nothing of it is believed.
    changed("C", "示例市毫不相干有限公司", "name", "示例市冒充有限公司", "示例市毫不相干有限公司", "2023-03-03"),
]


def penalised(fact: str, name: str, day: str | None = None, who: str | None = None, **said) -> dict:
    return {"fact_id": fact, "feed": "province_penalties", "subject_name": name, "decision_date": day,
            "credit_code": CODES[who] if who else None, **said}


PENALISED = [
    penalised("A's day", "示例市甲旧商贸有限公司", "2020-02-01"),
    penalised("B's day", "示例市甲旧商贸有限公司", "2025-01-01"),
    penalised("nobody's day", "示例市甲旧商贸有限公司", "2024-06-15"),
    penalised("no day", "示例市甲旧商贸有限公司"),
    penalised("both's day", "示例市同名实业有限公司", "2025-01-01"),
    penalised("former name by a change", "示例市戊旧建设有限公司", "2022-01-01"),
    penalised("branch", "示例市宏图电子科技有限公司合肥分公司", "2025-01-01", "F"),
    penalised("branch by name", "示例市宏图电子科技有限公司合肥分公司", "2025-01-01"),
    penalised("merged", "示例市恒远物流有限公司", "2025-01-01", "H"),
    penalised("merged by name", "示例市恒远物流有限公司", "2025-01-01"),
    penalised("older code", "示例市老码印务有限公司", "2025-01-01", "M"),
    penalised("former", PARENT, "2025-01-01", "G", former_name="示例市宏图旧科技有限公司", registration_number="340100000000077"),
    penalised("former of another", "示例市毫不相干有限公司", "2025-01-01", "C", former_name="示例市不信有限公司",
              registration_number="340100000000088"),
    penalised("another number", "示例市戊新建设有限公司", "2025-01-01", "E", registration_number="340100000000099"),
    penalised("E's number", PARENT, "2025-01-01", "G", registration_number="340100000000055"),
]


class Small:
    """A night in memory: the facts given, and the tables that match writes."""

    declarations = DECLARED

    def __init__(self, spark, given: dict) -> None:
        self.tables, self.given, self.lake = {}, given, SimpleNamespace(spark=spark)
        self.as_of, self.known_at = date(2026, 11, 20), datetime(2026, 11, 20, 15, tzinfo=UTC)
        self.ledger = SimpleNamespace(match_decisions=lambda known_at: [], rows=lambda statement, **known: [])

    def facts(self, category, there=False):
        return self.given.get(category)

    def remembered(self, table):
        return None

    def read(self, table):
        return self.tables[table]

    def write(self, table, frame):
        self.tables[table] = frame.persist()


@pytest.fixture(scope="module")
def night(spark):
    told = {name: facts(spark, DECLARED, name, *rows).withColumn("name_key", F.col("subject_name")) for name, rows in (
        ("registration", REGISTERED), ("registration_change", CHANGED), ("penalty", PENALISED))}
    small = Small(spark, told)
    small.metrics = match.run(small)
    return small


def rows(night, table: str) -> list[dict]:
    return [row.asDict() for row in night.read(table).collect()]


@pytest.fixture(scope="module")
def names(night):
    return {(WHOSE[row["enterprise_id"]], row["name"]): row for row in rows(night, "names")}


@pytest.fixture(scope="module")
def links(night):
    return {row["fact_id"]: (WHOSE.get(row["enterprise_id"]), row["tier"], row["reason"], row["pending"])
            for row in rows(night, "links") if row["category"] == "penalty"}


def period(names, who, name):
    return names[who, name]["valid_from"], names[who, name]["valid_until"]


# ---- names

def test_a_name_has_the_period_that_registrations_and_changes_bound(names):
    assert period(names, "A", "示例市甲旧商贸有限公司") == (date(2015, 1, 1), date(2024, 5, 1))
    assert period(names, "A", "示例市甲新商贸有限公司") == (date(2019, 1, 10), None)  # after the other's last day
    assert period(names, "B", "示例市甲旧商贸有限公司") == (date(2024, 8, 1), None)
    assert period(names, "C", "示例市同名实业有限公司") == (None, None)
    assert period(names, "E", "示例市戊旧建设有限公司") == (None, date(2023, 3, 3))
    assert period(names, "E", "示例市戊新建设有限公司") == (date(2023, 3, 3), None)


def test_of_several_bearers_the_one_of_the_day_is_linked_and_an_adverse_fact_stays_in_doubt(links):
    assert links["A's day"] == ("A", 3, "unique_name_at_date", True)
    assert links["B's day"] == ("B", 3, "unique_name_at_date", True)


@pytest.mark.parametrize("case", ["nobody's day", "no day", "both's day"])
def test_where_not_exactly_one_can_have_borne_it_nobody_is_linked(links, case):
    assert links[case] == (None, None, "name_of_several", False)


def test_a_name_that_is_unique_over_all_time_stays_so(links):
    assert links["former name by a change"] == ("E", 3, "unique_name", True)


def test_pending_facts_of_a_day_wait_first_for_a_person(night):
    waiting = {row["fact_id"]: row["priority"] for row in rows(night, "reviews")}
    assert (waiting["A's day"], waiting["no day"]) == (1, 2)


# ---- what other feeds say

def test_a_former_name_and_a_number_beside_code_and_name_are_learnt_with_their_source(night, names):
    learnt = names["G", "示例市宏图旧科技有限公司"]
    assert (learnt["trust"], learnt["feeds"], learnt["fact_ids"]) == ("stated", ["province_penalties"], ["former"])
    assert not learnt["current"]
    numbers = {(WHOSE[row["enterprise_id"]], row["value"]): (row["trust"], row["feeds"]) for row in rows(night, "identifiers")}
    assert numbers["G", "340100000000077"] == ("stated", ["province_penalties"])
    assert numbers["E", "340100000000055"] == ("registry", ["market_small_registry"])


def test_what_stands_beside_another_name_or_against_a_registry_is_not_learnt(night, names):
    assert not {"示例市不信有限公司", "示例市冒充有限公司", "示例市毫不相干有限公司"} & {name for _, name in names}
    numbers = {(WHOSE[row["enterprise_id"]], row["value"]) for row in rows(night, "identifiers")}
    assert not {("C", "340100000000088"), ("E", "340100000000099"), ("G", "340100000000055")} & numbers


def test_feeds_that_only_allege_or_declare_are_believed_of_nothing():
    weak = {name for name, feed in DECLARED.feeds.items()
            if DECLARED.categories[feed.category].evidence in ("alleged", "declared")}
    assert weak
    assert not any(weak & set(DECLARED.indexing.feeds(kind, DECLARED)) for kind in DECLARED.indexing.believed)


def test_index_yml_names_only_what_is_declared():
    nobody = Believed(feeds=["nobody"], because="x")
    wrong = Indexing(believed={"tax_number": nobody}, ended={"gone": "deregistered"}, branch_types=[])
    assert len(list(index_faults(wrong, DECLARED))) == 2


# ---- life

def test_the_life_of_enterprises_is_told(night):
    told = {(WHOSE[row["enterprise_id"]], row["kind"], WHOSE.get(row["other_enterprise_id"])): (row["on_date"], row["fact_ids"])
            for row in rows(night, "lifecycle")}
    assert told == {
        ("F", "branch_of", "G"): (None, ["r-F-2020-01-01-market_small_registry"]),
        ("H", "merged_into", "J"): (date(2024, 4, 4), ["c-J-merger"]),
        ("L", "split_from", "K"): (date(2022, 5, 5), ["c-K-split"]),
        ("N", "code_reissued", "M"): (date(2022, 12, 12), ["c-N-code_reissue"]),
        ("P", "deregistered", None): (date(2023, 9, 9), ["r-P-2023-09-09-market_small_registry"]),
    }


@pytest.mark.parametrize(("fact", "whose"), [("branch", "F"), ("branch by name", "F"), ("merged", "H"), ("merged by name", "H"),
                                             ("older code", "M")])
def test_an_act_stays_with_the_branch_with_what_merged_and_with_the_older_code(links, fact, whose):
    assert links[fact][0] == whose


def test_nothing_that_judges_or_folds_acts_reads_the_life_of_enterprises():
    rooms = [path for room in ("facts", "judgements") for path in (ROOT / "jobs" / room).rglob("*.py")]
    assert not [path.name for path in rooms if "lifecycle" in path.read_text(encoding="utf-8")]
    assert "lifecycle" not in "".join((ROOT / "jobs" / "stages" / f"{one}.py").read_text(encoding="utf-8")
                                      for one in ("assemble", "grade"))


def test_older_ids_lead_to_what_is_and_to_what_was(night):
    found: dict[str, set] = {}
    for row in rows(night, "referents"):
        found.setdefault(row["referent_id"], set()).add((WHOSE[row["enterprise_id"]], row["kind"]))
    assert found[IDS["H"]] == {("H", "credit_code"), ("J", "merged_into")}
    assert found[IDS["K"]] == {("K", "credit_code"), ("L", "split_from")}
    assert found[IDS["M"]] == {("M", "credit_code"), ("N", "code_reissued")}
    assert found[IDS["N"]] == {("N", "credit_code")}


# ---- conflicts

def test_conflicts_are_listed_and_nothing_is_merged(night):
    told = {(row["kind"], row["value"]): ([WHOSE[one] for one in row["enterprise_ids"]], row["fact_ids"])
            for row in rows(night, "index_conflicts")}
    assert {key: sorted(whose) for key, (whose, _) in told.items()} == {
        ("name_of_several_codes", "示例市同名实业有限公司"): ["C", "D"],
        ("name_of_several_codes", "示例市老码印务有限公司"): ["M", "N"],
        ("code_of_several_names", CODES["Q"]): ["Q"],
        ("code_reissued", f"{CODES['M']}>{CODES['N']}"): ["M", "N"],
        ("registration_number_stated_otherwise", "340100000000099"): ["E"],
        ("registration_number_stated_otherwise", "340100000000055"): ["E", "G"],
    }
    assert all(facts for _, facts in told.values())
    assert night.metrics["conflicts"] == {"code_of_several_names": 1, "code_reissued": 1, "name_of_several_codes": 2,
                                          "registration_number_stated_otherwise": 2}
    assert {row["enterprise_id"] for row in rows(night, "identifiers")} == set(IDS.values())
