"""A night on the real registry extracts and award feeds as they are; penalties of those enterprises are SYNTHETIC."""
from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jobs.declarations.settings import ROOT
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival
from tests.released import Released, quiet, tonight

REAL = Path(os.environ.get("CREDIT_REALDATA", ROOT.parent / "shared" / "realdata"))
RECEIVED_AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
FILES = {
    "market_farming_registry": "registry/companies.csv", "market_mixed_registry": "registry/company_info.csv",
    "market_builders_registry": "registry/company_info1.csv", "market_small_registry": "registry/ods_company_detail.csv",
    "market_province_registry": "registry/qcc_companies.csv", "hubei_award_notices": "awards/bidding_notices.csv",
    "fujian_award_trades": "awards/bidding_trades.csv",
}


def read(path: str) -> list[dict[str, str]]:
    with (REAL / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def synthetic_penalties(folder: Path, labels: list[str]) -> Path:
    """Ten penalties, marked synthetic, of ten enterprises of the real extract: by code, and once by name alone."""
    path = folder / "synthetic_penalties_20261120.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, labels, restval="")
        writer.writeheader()
        for number, firm in enumerate(read("registry/ods_company_detail.csv")[:10], 1):
            writer.writerow(
                {
                    "行政相对人名称": firm["name"],
                    "行政相对人类别": "法人及非法人组织",
                    "行政相对人代码_1(统一社会信用代码)": firm["USCC"] if number < 10 else "",
                    "行政处罚决定书文号": f"合成罚〔2026〕{number}号",
                    "违法行为类型": "合成数据",
                    "违法事实": "合成数据",
                    "处罚依据": "合成数据",
                    "处罚类别": "警告",
                    "处罚内容": "合成数据：警告",
                    "处罚决定日期": "2026-11-02",
                    "处罚有效期": "2099-12-31",
                    "公示截止期": "2027-11-02",
                    "处罚机关": "示例省市场监督管理局",
                    "数据来源单位": "示例省市场监督管理局",
                }
            )
    return path


@pytest.fixture(scope="module")
def real(new_home, declared, tmp_path_factory) -> Iterator[Released]:
    assert REAL.is_dir(), f"{REAL} is not there: set CREDIT_REALDATA to the folder of the real extracts"
    home = new_home()
    labels = [label for label in declared.feeds["province_penalties"].labels
              if label not in declared.feeds["province_penalties"].optional_labels]
    paths = {feed: REAL / path for feed, path in FILES.items()}
    paths["province_penalties"] = synthetic_penalties(tmp_path_factory.mktemp("penalties"), labels)
    arrived = [Arrival(feed, path, date(2026, 11, 20), RECEIVED_AT) for feed, path in paths.items()]
    land(arrived, declared, database.engine(home), objects(home), quiet)
    return Released(home, declared, tonight(home, declared), [])


def counts(real: Released) -> dict[str, dict[str, int]]:
    return {
        row.pop("feed"): row
        for row in real.rows("select d.feed, a.* from ledger.admissions a join ledger.deliveries d using (delivery_id)")
    }


def test_every_row_of_every_file_is_accounted_for(real):
    kinds = ("rows_facts", "rows_rejected", "rows_duplicate", "rows_household", "rows_natural_person")
    told = {feed: sum(row[kind] for kind in kinds) for feed, row in counts(real).items()}
    assert told == {**{feed: len(read(path)) for feed, path in FILES.items()}, "province_penalties": 10}


def test_failed_lookups_are_rejects_with_their_reason(real):
    rows = real.rows("select reason, count(*) as n from credit.rejects where feed = 'market_builders_registry' group by 1")
    assert rows == [{"reason": "lookup_failed", "n": 288}]


def test_households_are_counted_and_leave_nothing_else(real):
    assert counts(real)["market_farming_registry"]["rows_household"] == 529
    names = [row["company_name"] for row in read("registry/companies.csv") if row["company_type"] == "个体工商户"]
    assert real.rows("select name from credit.names where name = any(:names)", names=names) == []


def test_day_first_dates_come_out_right(real):
    told = {
        row["credit_code"]: row["founding_date"] for row in real.rows("select credit_code, founding_date from credit.enterprises")
    }
    said = {row["taxpayer_identification_number"]: row["establishment_date"].split("/") for row in read("registry/companies.csv")
            if row["establishment_date"] and row["taxpayer_identification_number"] in told}
    assert len(said) > 300
    assert {code: told[code] for code in said} == {code: date(int(y), int(m), int(d)) for code, (d, m, y) in said.items()}


def test_capital_is_decimal_yuan_with_its_currency_or_a_reason(real):
    row = real.rows(
        "select registered_capital, capital_currency from credit.enterprises where credit_code = '913401001491451797'"
    )[0]
    assert (f"{row['registered_capital']:.2f}", row["capital_currency"]) == ("97159600.00", "CNY")
    assert real.rows("select count(*) as n from credit.flaws where field = 'registered_capital' and reason = 'not_a_number'") == [
        {"n": 0}
    ]
    assert real.rows("select count(*) as n from credit.flaws where reason = 'foreign_currency'") == [{"n": 1}]


def test_enterprises_that_share_a_code_are_one_with_their_differing_values_kept(real):
    codes = {row[column] for path, column in (("registry/company_info.csv", "USCC"), ("registry/ods_company_detail.csv", "USCC"))
             for row in read(path)}
    shared = {row["USCC"] for row in read("registry/company_info.csv")} & {
        row["USCC"] for row in read("registry/ods_company_detail.csv")
    } - {""}
    assert len(codes) > 1000
    assert len(shared) == 227
    held = real.rows(
        "select credit_code, count(*) as n from credit.enterprises where credit_code = any(:codes) group by 1", codes=list(shared)
    )
    assert {row["n"] for row in held} == {1}
    lost = real.rows("select count(*) as n from credit.losing_values where field = 'registered_address'")
    assert lost[0]["n"] >= 30


def test_award_winners_that_equal_a_registry_name_link_and_no_others_do(real):
    labels = read("labels/awards_to_registry.csv")
    known = {row["winner_name"].strip() for row in labels if row["code"]}
    found = real.rows("""select distinct l.reason, l.enterprise_id is not null as linked, e.name
                         from credit.links l left join credit.enterprises e using (enterprise_id) where l.category = 'award'""")
    assert 40 <= len({row["name"] for row in found if row["linked"]}) <= len(known)
    assert {row["reason"] for row in found if not row["linked"]} <= {"name_not_in_registry", "name_close", "name_of_several"}


def test_a_penalty_by_name_alone_is_pending_and_a_mere_warning_is_not_shown(real):
    linked = (
        "select count(*) as n from credit.links where category = 'penalty' and enterprise_id is not null and pending = :pending"
    )
    assert real.rows(linked, pending=False) == [{"n": 9}]
    assert real.rows(linked, pending=True) == [{"n": 1}]
    assert real.rows("select count(*) as n from open.penalties") == [{"n": 0}]  # 令36: minor ones are in principle not shown
