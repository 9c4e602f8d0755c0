import pytest

from jobs.answers import documents
from jobs.answers.describe import KINDS, describe
from jobs.declarations import DeclarationError, Declarations
from jobs.declarations.settings import ROOT


@pytest.mark.parametrize("name", ["feeds.md", "tables.md"])
def test_the_committed_documents_say_what_is_declared_now(declared: Declarations, name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == documents.made(declared)[name], "run: python -m jobs describe --write"


def test_everything_declared_can_be_described(declared: Declarations) -> None:
    names = {"feed": declared.feeds, "field": declared.fields, "rule": declared.rules, "table": ["grades", "penalties"],
             "category": declared.categories, "organ": declared.organs, "item": declared.items}
    assert set(names) == set(KINDS)
    for kind, there in names.items():
        for name in there:
            assert name in describe(declared, [kind, name], False).splitlines()[0]


def test_a_feed_is_told_with_its_labels_deadline_and_what_is_dropped(declared: Declarations) -> None:
    told = describe(declared, ["feed", "city_penalties"], False)
    assert "18:00, working day 1 after the day covered" in told
    assert "罚款金额（万元）" in told
    assert "unit wan" in told
    assert "法定代表人, 法定代表人证件号码" in told


def test_a_name_in_chinese_or_a_code_is_as_good(declared: Declarations) -> None:
    organ = declared.organs["city_market_regulation"]
    by_name = describe(declared, ["organ", "city_market_regulation"], False)
    assert describe(declared, ["organ", organ.zh], False) == describe(declared, ["organ", organ.code], False) == by_name
    assert describe(declared, ["field", "统一社会信用代码"], False).startswith("credit_code · ")
    assert describe(declared, ["feed", declared.feeds["city_penalties"].zh], False).startswith("city_penalties · ")
    with pytest.raises(DeclarationError, match=r"'经营期限': 2 are called so: term_end, term_start"):
        describe(declared, ["field", "经营期限"], False)
    with pytest.raises(DeclarationError, match="did you mean '统一社会信用代码'"):
        describe(declared, ["field", "统一社会信用码"], False)


@pytest.mark.parametrize(("what", "said"), [
    pytest.param(["nothing"], "known: category, feed, field, item, organ, rule, table", id="kind"),
    pytest.param(["city_penalties"], "did you mean `describe feed city_penalties`?", id="a name without its kind"),
    pytest.param(["category", "penalties"], "penalty", id="category"),
    pytest.param(["feed", "city_penalty"], "city_penalties", id="feed"),
    pytest.param(["table", "grade"], "grades", id="table"),
    pytest.param(["organ", "city_commerce"], "city_industry_commerce", id="organ"),
    pytest.param(["item", "XK-SJ"], "XK-SJ-001", id="item"),
])
def test_what_is_not_declared_is_refused_with_what_is(declared: Declarations, what: list[str], said: str) -> None:
    with pytest.raises(DeclarationError, match=what[-1]) as raised:
        describe(declared, what, False)
    assert said in str(raised.value)


def test_an_organ_is_told_with_who_came_before_and_an_item_with_its_parts(declared: Declarations) -> None:
    told = describe(declared, ["organ", "city_market_regulation"], False)
    assert "inherits from  city_industry_commerce, city_quality_supervision, city_food_drug" in told
    assert "successor    city_market_regulation" in describe(declared, ["organ", "city_industry_commerce"], False)
    told = describe(declared, ["item", "CN-SJ-001"], False)
    assert [part for part in ("MB-SPJY-01", "H-SJ-001", "J-SJ-001", "国发〔2021〕7号") if part not in told] == []


def test_a_category_is_told_with_its_catalogue_line_and_its_checks(declared: Declarations) -> None:
    told = describe(declared, ["category", "penalty"], False)
    assert "national-2024.administration" in told
    assert "its absence is a flaw" in told
    assert "unit_slip" in told
