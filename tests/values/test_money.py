import csv
from decimal import Decimal

import pytest

from jobs.values import money


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("5000000", "5000000.00"),
        ("500万人民币", "5000000.00"),
        ("9,715.96万(元)", "97159600.00"),
        ("9,715.96万（元）", "97159600.00"),
        ("500万元人民币", "5000000.00"),
        ("人民币500万元整", "5000000.00"),
        ("￥1,234.5", "1234.50"),
        ("¥ 1234.50元", "1234.50"),
        ("1,234.5", "1234.50"),
        ("１２３．５元", "123.50"),
        ("1.5亿元", "150000000.00"),
        ("3百万元", "3000000.00"),
        ("2千万", "20000000.00"),
        ("1.2万亿", "1200000000000.00"),
        ("0", "0.00"),
        ("0.00元", "0.00"),
        ("-0", "0.00"),
        (".5", "0.50"),
        ("2.0E7", "20000000.00"),
        ("1.2345E+7元", "12345000.00"),
        ("RMB 100", "100.00"),
        ("0.000001万元", "0.01"),
        ("0.005", "0.01"),
        ("333.3333333万", "3333333.33"),
        ("壹拾万元整", "100000.00"),
        ("拾万元整", "100000.00"),
        ("贰拾伍万叁仟元伍角陆分", "253000.56"),
        ("人民币壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整", "12345678.90"),
        ("壹亿贰仟万元", "120000000.00"),
        ("壹亿零伍拾元", "100000050.00"),
        ("伍佰万圆整", "5000000.00"),
        ("叁仟元正", "3000.00"),
        ("壹万零伍佰元", "10500.00"),
        ("柒角捌分", "0.78"),
        ("叁元零伍分", "3.05"),
        ("一百二十万", "1200000.00"),
        ("1万5千元", "15000.00"),
        ("一万亿元", "1000000000000.00"),
        ("壹拾万零伍佰元整", "100500.00"),
        ("1万5千", "15000.00"),
        ("2.5萬", "25000.00"),
        ("5.14億", "514000000.00"),
        ("５，０００．００元", "5000.00"),
    ],
)
def test_an_amount_in_its_spellings_is_exact_yuan(written, yuan):
    assert money.amount(written) == (Decimal(yuan), None)
    assert str(money.amount(written)[0]) == yuan


@pytest.mark.parametrize(
    ("written", "unit", "yuan"),
    [
        ("500", "wan", "5000000.00"),
        ("0.3", "wan", "3000.00"),
        ("500万", "wan", "5000000.00"),
        ("250000", "wan", "2500000000.00"),  # a large project in a column of 万元: as declared, and not guessed to be yuan
        ("2500000000", "yuan", "2500000000.00"),  # an award over a billion; a warning tells (expectations/facts_award.yml)
        ("500", "yuan", "500.00"),  # a capital under 1,000: likewise (expectations/facts_registration.yml)
        ("5000元", "wan", "5000.00"),
        ("1.000001", "wan", "10000.01"),
        ("伍佰", "wan", "5000000.00"),
        ("2", "yi", "200000000.00"),
    ],
)
def test_the_unit_of_the_feed_counts_where_the_cell_says_none(written, unit, yuan):
    assert money.amount(written, unit=unit) == (Decimal(yuan), None)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("-100", "negative"),
        ("−100元", "negative"),
        ("(1,234.00)", "negative"),
        ("面议", "not_a_number"),
        ("详见公告", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("1,23,456", "not_a_number"),
        ("100 200", "not_a_number"),
        ("100万-200万", "not_a_number"),
        ("500万比索", "not_a_number"),
        ("壹贰叁", "not_a_number"),
        ("一百五", "not_a_number"),
        ("叁万伍", "not_a_number"),
        ("万", "not_a_number"),
        ("元", "not_a_number"),
        ("85%", "percentage"),
        ("10万(美元)", "foreign_currency"),
        ("100万港币", "foreign_currency"),
        ("US$ 1,000", "foreign_currency"),
        ("500万日元", "foreign_currency"),
        ("99999999999999", "too_large"),
        ("1E400", "too_large"),
        ("9" * 40, "too_large"),
        ("9" * 400, "not_a_number"),
        ("13912345678", "contains_personal_number"),
        ("合肥�", "mojibake"),
        ("400余", "lower_bound"),
        ("400余元", "lower_bound"),
        ("5万多", "lower_bound"),
        ("5万余元", "lower_bound"),
        ("十余万元", "lower_bound"),
        ("500+", "lower_bound"),
        ("5万元以上", "lower_bound"),
        ("不少于50万元", "lower_bound"),
        ("壹万左右", "not_a_number"),
        ("?40", "digit_lost"),
        ("⑷5万", "digit_lost"),
        ("□5000元", "digit_lost"),
        ("5?00元", "digit_lost"),
    ],
)
def test_what_is_no_amount_of_yuan_says_why(written, reason):
    assert money.amount(written) == (None, reason)


def test_a_column_in_another_currency_gives_no_yuan():
    assert money.amount("100", currency="USD") == (None, "foreign_currency")
    assert money.amount("100万人民币", currency="USD") == (Decimal("1000000.00"), None)


def test_the_largest_amount_is_an_option():
    assert money.amount("101", most="100") == (None, "too_large")
    assert money.amount("100", most="100") == (Decimal("100.00"), None)


@pytest.mark.parametrize("round_capital", ["13539000000", "15218000000", "13912345678元", "13,912,345,678"])
def test_a_large_capital_is_no_telephone(round_capital):
    assert money.amount(round_capital)[1] is None


@pytest.mark.parametrize(
    ("written", "default", "code"),
    [
        ("500万人民币", None, "CNY"),
        ("9,715.96万(元)", None, "CNY"),
        ("10万(美元)", None, "USD"),
        ("100万港元", None, "HKD"),
        ("港币", None, "HKD"),
        ("人民币元", None, "CNY"),
        ("usd", None, "USD"),
        ("￥", None, "CNY"),
        ("欧元", "CNY", "EUR"),
        ("500", None, None),
        ("500", "CNY", "CNY"),
        ("-", "CNY", None),
    ],
)
def test_currency(written, default, code):
    assert money.currency(written, default=default) == (code, None)


@pytest.mark.parametrize("written", ["比索", "法币", "人民币或美元"])
def test_unknown_currencies(written):
    assert money.currency(written, default="CNY") == (None, "unknown_currency")


@pytest.mark.parametrize(
    ("written", "counted"),
    [("432人", (432, None)), ("1,024", (1024, None)), ("0", (0, None)), ("12.0", (12, None)), ("12.5", (None, "not_a_number")),
     ("-3", (None, "negative")), ("13912345678", (None, "too_large")), ("少于50人", (None, "not_a_number")),
     ("34 个", (34, None)), ("34個", (34, None)), ("2.5万家", (25000, None)), ("1.23456万人", (None, "not_a_number")),
     ("400 余条", (None, "lower_bound")), ("55000多條", (None, "lower_bound")), ("?40 家", (None, "digit_lost")),
     ("⑷?萬余家", (None, "digit_lost")), ("锟斤拷", (None, "mojibake")), ("-", (None, None))],
)  # fmt: skip
def test_counts(written, counted):
    assert money.count(written) == counted


@pytest.mark.parametrize(
    ("file", "column", "amounts", "missing", "foreign"),
    [
        ("companies", "registered_capital", 650, 350, 0),
        ("company_info", "registed_capital", 1000, 0, 0),
        ("company_info1", "registered_capital", 1000, 0, 0),
        ("company_info1", "paid_in_capital", 1000, 0, 0),
        ("ods_company_detail", "registed_capital", 961, 39, 0),
        ("qcc_companies", "注册资本", 985, 14, 1),
    ],
)
def test_real_capital_is_yuan_or_a_reason_in_every_row(realdata, file, column, amounts, missing, foreign):
    with open(realdata / "registry" / f"{file}.csv", encoding="utf-8", newline="") as rows:
        results = [money.amount(row[column]) for row in csv.DictReader(rows)]
    assert sum(value is not None for value, _ in results) == amounts
    assert results.count((None, None)) == missing
    assert results.count((None, "foreign_currency")) == foreign
