"""Organs, items, the catalogue and the crosswalk of lists: what is wrong with them, or used beyond what it proves, is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jobs.declarations import DeclarationError, Declarations
from jobs.declarations.catalogue import Catalogue, NotCollected, check_collected, not_collected
from jobs.declarations.crosswalks import Term, by_spelling, list_kind
from jobs.declarations.feeds import Category
from jobs.declarations.files import read_map, read_one
from jobs.declarations.items import ItemList
from jobs.declarations.load import check
from jobs.declarations.organs import Organ, called, successor_on
from jobs.declarations.policies import Survivorship

ORGANS, ITEMS, CATALOGUE, TERMS = "organs.yml", "items.yml", "catalogue.yml", "crosswalks/list_terms.yml"
AWARD, PERMIT, SERIOUS = "categories/award.yml", "categories/permit.yml", "categories/serious_listing.yml"
WHOLE = {
    ORGANS: ("organs", read_map, Organ),
    ITEMS: ("listed", read_one, ItemList),
    CATALOGUE: ("catalogue", read_one, Catalogue),
    TERMS: ("list_terms", read_map, Term),
    "survivorship.yml": ("survivorship", read_one, Survivorship),
}
MARKET = "evidence: decided\nnamespace: market\nsensitivity: market"
OLD_BUREAU = "successor: city_market_regulation,\n   aliases: [示例市工商局]"
NEW_BUREAU = "valid_from: 2019-01-01, aliases: [示例市市监局, 市市场监督管理局]"
# file, text there, text instead, what the message says
WRONG = {
    "code that is not well formed": (
        ORGANS,
        "11340100MB0C001163",
        "11340100MB0C001164",
        ["city_industry_commerce.code: ", "GB 32100"],
    ),
    "code of two organs": (
        ORGANS,
        "11340100MB0C00132Q",
        "11340100MB0C001163",
        ["city_quality_supervision.code", "city_industry_commerce"],
    ),
    "successor nobody knows": (
        ORGANS,
        OLD_BUREAU,
        OLD_BUREAU.replace("regulation", "s"),
        ["city_industry_commerce.successor: 'city_market_s' is unknown; did you mean '"],
    ),
    "successor that begins too late": (
        ORGANS,
        NEW_BUREAU,
        NEW_BUREAU.replace("2019-01-01", "2019-01-02"),
        ["city_industry_commerce.successor", "begins on 2019-01-02, more than a day after 2018-12-31"],
    ),
    "successor of an organ in office": (
        ORGANS,
        NEW_BUREAU,
        f"successor: city_ecology, {NEW_BUREAU}",
        ["city_market_regulation.successor", "without valid_to"],
    ),
    "successors in a circle": (
        ORGANS,
        NEW_BUREAU,
        f"valid_to: 2020-01-01, successor: city_industry_commerce, {NEW_BUREAU}",
        ["city_market_regulation.successor", "leads back"],
    ),
    "successor of another level": (
        ORGANS,
        OLD_BUREAU,
        OLD_BUREAU.replace("city", "province"),
        ["'province_market_regulation' is of level province, not city"],
    ),
    "name of two organs at one time": (
        ORGANS,
        "aliases: [示例市质监局, ",
        "aliases: [示例市工商局, ",
        ["city_quality_supervision: the name '示例市工商局' is borne by"],
    ),
    "region that does not fit the level": (
        ORGANS,
        'level: city, region: "340100"',
        'level: city, region: "340000"',
        ["region: '340000' does not fit level city"],
    ),
    "organ that ends before it begins": (
        ORGANS,
        "valid_from: 1990-01-01, valid_to: 2018-12-31",
        "valid_from: 2019-06-01, valid_to: 2018-12-31",
        ["city_industry_commerce.valid_to: 2018-12-31 is before valid_from 2019-06-01"],
    ),
    "item of an unknown organ": (
        ITEMS,
        "organ: city_transport",
        "organ: city_traffic",
        ["XK-JT-001.organ: 'city_traffic' is unknown"],
    ),
    "item of another level": (
        ITEMS,
        "第三十五条, level: city",
        "第三十五条, level: province",
        ["XK-SJ-001.level: 'province' is not the level"],
    ),
    "commitment without a template": (ITEMS, "template: MB-SPJY-01, ", "", ["CN-SJ-001.template: missing", "一诺一模板"]),
    "commitment without a check": (ITEMS, "check: H-SJ-001, ", "", ["CN-SJ-001.check: missing"]),
    "commitment without supervision": (ITEMS, ", supervision: J-SJ-001", "", ["CN-SJ-001.supervision: missing"]),
    "template nobody declares": (
        ITEMS,
        "template: MB-SPJY-01, ",
        "template: MB-SPJY-09, ",
        ["CN-SJ-001.template: 'MB-SPJY-09' is unknown"],
    ),
    "template of two commitments": (
        ITEMS,
        "template: MB-SPJY-01, ",
        "template: MB-YBZSP-01, ",
        ["template 'MB-YBZSP-01' belongs to 2 items"],
    ),
    "template of a permit": (
        ITEMS,
        "measure: 质量信誉考核,",
        "measure: 质量信誉考核, template: MB-SPJY-01,",
        ["XK-JT-001.template: 'MB-SPJY-01' is only for items of kind commitment"],
    ),
    "items of one name": (
        ITEMS,
        "aliases: [道路货运经营许可]",
        "aliases: [食品经营许可]",
        ["the name '食品经营许可' is borne by XK-SJ-001"],
    ),
    "line of an unknown edition": (
        CATALOGUE,
        "national-2024.judicial: {edition: national-2024",
        "national-2024.judicial: {edition: national-2025",
        ["lines.national-2024.judicial.edition: 'national-2025' is unknown; did you mean '"],
    ),
    "line outside its edition": (
        CATALOGUE,
        "uses of credit information, valid_from: 2024",
        "uses of credit information, valid_from: 2023",
        ["lines.local-2024.query: 2023-03-01 to further notice is outside edition local-2024"],
    ),
    "line nobody wrote": (
        AWARD,
        "catalogue: local-2024.public_trading",
        "catalogue: local-2024.trading",
        ["award.yml: catalogue: line 'local-2024.trading' is unknown; did you mean '"],
    ),
    "field of a line nobody wrote": (
        PERMIT,
        "  remarks: {}",
        "  remarks: {catalogue: elsewhere}",
        ["permit.yml: fields.remarks.catalogue: line 'elsewhere' is unknown"],
    ),
    "required field that is not collected": (
        PERMIT,
        "permit_content: {required: true}",
        "permit_content: {required: true, catalogue: none}",
        ["permit.yml: fields.permit_content.catalogue: none"],
    ),
    "list nobody knows": (
        TERMS,
        "kind: organ_watch",
        "kind: attention",
        ["重点关注对象: kind 'attention' is unknown; known: abnormal"],
    ),
    "word of two lists": (
        TERMS,
        "aliases: [失信黑名单,",
        "aliases: [联合惩戒对象,",
        ["黑名单: '联合惩戒对象' is also written for 失信联合惩戒对象"],
    ),
    "meanings that overlap": (
        TERMS,
        "valid_from: 2020-05-01",
        "valid_from: 2020-04-30",
        ["legacy and serious overlap on 2020-04-30"],
    ),
    # ---- what was only alleged or declared, and what the market says
    "list of what was alleged": (
        SERIOUS,
        "evidence: decided",
        "evidence: alleged",
        ["serious_listing.yml: list_name: 'serious'", "only alleged"],
    ),
    "grade by what was declared": (
        PERMIT,
        "evidence: decided",
        "evidence: declared",
        ["supervision.yml: permits_in_force: over: 'permit' is only declared and may feed no grade"],
    ),
    "public view of what was declared": (
        AWARD,
        "evidence: decided",
        "evidence: declared",
        ["award.yml: sensitivity: 'open'", "only declared", "known: audit"],
    ),
    "view of the market of what was alleged": (
        AWARD,
        "evidence: decided",
        "evidence: alleged\nsensitivity: market",
        ["sensitivity: 'market'"],
    ),
    "header of what was declared": (
        "categories/registration.yml",
        "evidence: checked",
        "evidence: declared",
        ["registration.yml: the category is only declared and may tell no header field"],
    ),
    "public fact of the market": (
        AWARD,
        "evidence: decided",
        "evidence: decided\nnamespace: market",
        ["award.yml: sensitivity: 'open'", "of namespace market"],
    ),
    "grade by the market": (
        PERMIT,
        "evidence: decided",
        MARKET,
        ["supervision.yml: permits_in_force: over: 'permit' is of namespace market"],
    ),
    "list of the market": (
        SERIOUS,
        "evidence: decided",
        MARKET,
        ["serious_listing.yml: list_name: 'serious'", "of namespace market"],
    ),
    "public act ended by the market": (
        "categories/repair.yml",
        "evidence: decided",
        MARKET,
        ["repair.yml: targets: 'penalty'", "ends no public act"],
    ),
}


Change = Callable[..., Declarations]


@pytest.fixture
def change(declared: Declarations, tmp_path: Path) -> Change:
    """The declarations in which some texts of one file are others: read again is that file alone."""

    def changed(file: str, *texts: tuple[str, str], of: Declarations = declared) -> Declarations:
        text = (of.folder / file).read_text(encoding="utf-8")
        for before, after in texts:
            assert before in text
            text = text.replace(before, after, 1)
        path = tmp_path / Path(file).name
        path.write_text(text, encoding="utf-8")
        if file in WHOLE:
            name, read, model = WHOLE[file]
            return replace(of, **{name: read(path, model)})
        return replace(of, categories={**of.categories, path.stem: read_one(path, Category)})

    return changed


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_file_key_and_value(change: Change, what: str) -> None:
    file, before, after, said = WRONG[what]
    with pytest.raises(DeclarationError) as raised:
        check(change(file, (before, after)))
    assert [part for part in said if part not in str(raised.value)] == []


def test_what_the_market_says_tells_no_header_field(change: Change) -> None:
    market = change(AWARD, ("evidence: decided", MARKET))
    check(market)
    with pytest.raises(DeclarationError, match=r"preferences.registry.feeds: 'hubei_award_notices' is of category award"):
        check(change("survivorship.yml", ("feeds: [market_province", "feeds: [hubei_award_notices, market_province"), of=market))


# ---- who answers for an organ


@pytest.mark.parametrize(
    ("organ", "day", "answers"),
    [
        ("city_industry_commerce", date(2018, 12, 31), "city_industry_commerce"),
        ("city_industry_commerce", date(2019, 1, 1), "city_market_regulation"),
        ("yaohai_food_drug", date(2026, 11, 20), "yaohai_market_regulation"),
        ("province_food_drug", date(2026, 11, 20), "province_market_regulation"),
        ("city_fire", date(2026, 11, 20), "city_fire"),
    ],
)
def test_slips_go_to_who_is_in_office(declared: Declarations, organ: str, day: date, answers: str) -> None:
    assert successor_on(declared.organs, organ, day) == declared.organs[answers]


def test_through_several_hands_and_to_nobody_where_nobody_took_over(declared: Declarations) -> None:
    organs = dict(declared.organs)
    bureau, heir = organs["city_industry_commerce"], organs["city_market_regulation"]
    organs["city_market_regulation"] = heir.model_copy(update={"valid_to": date(2024, 12, 31), "successor": "city_data"})
    assert successor_on(organs, "city_industry_commerce", date(2025, 1, 1)) == organs["city_data"]
    organs["city_industry_commerce"] = bureau.model_copy(update={"successor": None})
    assert successor_on(organs, "city_industry_commerce", date(2025, 1, 1)) is None


# ---- what may be collected


def received(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=4, tzinfo=UTC)


def test_a_category_is_collected_from_the_first_day_of_its_line(declared: Declarations) -> None:
    check_collected(declared, "city_permits", received("2024-03-01"))
    with pytest.raises(
        NotCollected, match=r"permit.yml: catalogue: line 'national-2024.administration' .*not in force on 2024-02-29"
    ):
        check_collected(declared, "city_permits", received("2024-02-29"))


def test_the_day_is_that_of_shanghai(declared: Declarations) -> None:
    check_collected(declared, "city_permits", datetime(2024, 2, 29, 16, tzinfo=UTC))


def test_without_a_line_nothing_is_collected(change: Change) -> None:
    declared = change(AWARD, ("catalogue: local-2024.public_trading\n", ""))
    with pytest.raises(NotCollected, match=r"award.yml: catalogue: .* cites no line of config/catalogue.yml"):
        check_collected(declared, "hubei_award_notices", received("2026-11-20"))


def test_a_line_of_which_nothing_is_taken_allows_nothing(change: Change) -> None:
    declared = change(AWARD, ("local-2024.public_trading", "national-2024.professional"))
    with pytest.raises(NotCollected, match="none of it is collected"):
        check_collected(declared, "hubei_award_notices", received("2026-11-20"))


def test_a_field_may_have_a_line_of_its_own_or_none(change: Change) -> None:
    declared = change(
        PERMIT,
        ("  remarks: {}", "  remarks: {catalogue: none}"),
        ("  former_name: {}", "  former_name: {catalogue: national-2022.administration}"),
    )
    check(declared)
    permit = declared.categories["permit"]
    assert not_collected(declared.catalogue, permit, received("2026-11-20")) == {"remarks", "former_name"}
    assert not_collected(declared.catalogue, permit, received("2023-06-01")) == {"remarks"}


def test_every_category_cites_a_line_in_force(declared: Declarations) -> None:
    cited = {
        name: declared.catalogue.allows(category.catalogue, date(2026, 11, 20)) for name, category in declared.categories.items()
    }
    assert [name for name, allowed in cited.items() if not allowed and name != "operating_data"] == []


# ---- what lists were called


@pytest.mark.parametrize(
    ("term", "day", "said"),
    [
        ("黑名单", date(2019, 5, 1), ("legacy", None)),
        ("失信联合惩戒对象", date(2026, 5, 1), ("legacy", None)),
        ("拖欠农民工工资失信联合惩戒对象名单", date(2020, 4, 30), ("legacy", None)),
        ("拖欠农民工工资失信联合惩戒对象名单", date(2020, 5, 1), ("serious", None)),
        ("拖欠农民工工资失信联合惩戒对象名单", None, (None, "list_term_undated")),
        ("严重违法失信企业名单", None, ("serious", None)),
        ("经营(活动)异常名录", date(2026, 5, 1), ("abnormal", None)),
        (" 红 名 单 ", None, ("red", None)),
        ("灰名单", date(2026, 5, 1), (None, "unknown_list_term")),
    ],
)
def test_the_list_of_today(declared: Declarations, term: str, day: date | None, said: tuple[str | None, str | None]) -> None:
    assert list_kind(term, day, by_spelling(declared.list_terms)) == said


def test_a_meaning_that_had_not_begun_is_no_meaning(declared: Declarations) -> None:
    name = "拖欠农民工工资失信联合惩戒对象"
    later = declared.list_terms[name].model_copy(update={"meanings": declared.list_terms[name].meanings[1:]})
    assert list_kind(name, date(2019, 1, 1), by_spelling({name: later})) == (None, "list_term_of_another_time")


# ---- an organ as people call it

@pytest.mark.parametrize("asked", [
    "city_credit_centre", "12340100MB0C010125", "示例市公共信用信息中心", "（示例市）公共信用信息中心",
    "example city public credit information centre"])
def test_an_organ_is_meant_by_key_code_or_name(declared: Declarations, asked: str) -> None:
    assert called(declared.organs, asked) is declared.organs["city_credit_centre"]


def test_an_unknown_organ_is_told_with_those_of_a_close_name(declared: Declarations) -> None:
    with pytest.raises(DeclarationError, match="'示例市信用中心' is unknown; did you mean city_credit_centre 示例市公共信用信息"):
        called(declared.organs, "示例市信用中心")
    with pytest.raises(DeclarationError, match="'nobody' is unknown; known: baohe_"):
        called(declared.organs, "nobody")


def test_of_two_organs_that_bore_one_name_in_turn_neither_is_guessed(declared: Declarations) -> None:
    organs = dict(declared.organs)
    organs["city_data"] = organs["city_data"].model_copy(update={"aliases": [organs["city_credit_centre"].zh]})
    with pytest.raises(DeclarationError, match=r"is what 2 are called, say which; did you mean city_\w+ .*; city_\w+ "):
        called(organs, organs["city_credit_centre"].zh)
