"""What every cleaner holds: it raises on nothing, names its reasons, and lets no personal number through."""

import inspect
import time
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.values import CLEANERS, REASONS, codes, dates, decisions, money, names, regions, text

WORDS = [
    "340102",
    "91110108551385082Q",
    "合肥市",
    "有限公司",
    "2020-04-09",
    "至",
    "罚款",
    "没收违法所得",
    "合计",
    "万元",
    "壹拾",
    "１２",
    "〔2023〕",
    "E+17",
    "（",
    "%",
    "-",
    ",",
    ".",
]
# Any string at all, lone surrogates and control characters too, and strings of pieces that cleaners look for.
ANY = st.text(st.characters(exclude_categories=())) | st.lists(st.sampled_from(WORDS) | st.text(max_size=3)).map("".join)
PLANTED = [
    "34010219900307007X", "34010219900307007x", "340102199003070010", "340102 19900307 0010", "13912345678", "139 1234 5678",
    "１３９１２３４５６７８", "+8613912345678", "6222021234567890128", "6222 0212 3456 7890 128",
]  # fmt: skip
AROUND = ["{}", "张三{}", "合肥寿山农业有限公司 {}", "（{}）", "〔2023〕{}号", "No.{}", "{};{}", "联系{}，勿扰"]
SECRETS = ("1990030700", "3912345678", "2021234567890")


@pytest.fixture(scope="module")
def call(divisions, industries):
    tables = {"regions.region_code": divisions, "regions.industry": industries}
    choices = {"text.choice": ["1", "2"], "text.choices": {"警告": "warning", "罚款": "fine"}}

    def run(name, value):
        more = {"table": tables[name]} if name in tables else {"choices": choices[name]} if name in choices else {}
        return CLEANERS[name](value, **more)

    return run


@pytest.mark.parametrize("name", CLEANERS)
def test_gives_a_value_or_a_known_reason_for_any_string(call, name):
    @settings(max_examples=100, deadline=None)
    @given(ANY)
    def holds(value):
        cleaned, reason = call(name, value)
        assert reason is None or reason in REASONS
        assert cleaned is None or isinstance(cleaned, str | int | Decimal | date | list)
        if isinstance(cleaned, str):
            assert cleaned.strip() == cleaned != ""
            cleaned.encode("utf-8")

    holds()


@pytest.mark.parametrize(
    "name", [n for n in CLEANERS if n not in ("text.choice", "text.choices", "dates.term_start", "money.currency")]
)
def test_cleaning_what_is_clean_changes_nothing(call, name):
    @settings(max_examples=100, deadline=None)
    @given(ANY)
    def holds(value):
        cleaned, _ = call(name, value)
        if isinstance(cleaned, str):
            assert call(name, cleaned)[0] == cleaned

    holds()


@pytest.mark.parametrize(
    "blank", ["", " ", "\u3000\t", "\ufeff", "-", "--", "/", "—", "无", "暂无", "N/A", "null", "NaN", "\\N", "***", "不详"]
)
@pytest.mark.parametrize("name", CLEANERS)
def test_blanks_and_placeholders_are_missing(call, name, blank):
    assert call(name, blank) == (None, None)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", CLEANERS)
def test_no_personal_number_gets_through(call, name, around):
    for number in PLANTED:
        cleaned, _ = call(name, around.replace("{}", number))
        digits = "".join(filter(str.isdigit, unicodedata.normalize("NFKC", str(cleaned))))
        assert not any(secret in digits for secret in SECRETS), f"{name} let {number} through in {around}"


def test_reason_codes_mean_one_thing():
    for module in (codes, names, dates, money, decisions, regions, text):
        for reason, (english, chinese) in module.REASONS.items():
            assert REASONS[reason] == (english, chinese), f"{reason} means two things"
            assert (english[-1], chinese[-1]) == (".", "。")


@pytest.mark.parametrize("module", [codes, names, dates, money, decisions, regions, text], ids=lambda module: module.__name__)
def test_every_reason_a_module_gives_stands_in_its_list(module):
    source = inspect.getsource(module)
    code = source[source.index("Cleaned") :] if module is text else source.split("\n}\n", 1)[1]
    assert {word for word in REASONS if f'"{word}"' in code} <= set(module.REASONS)


HOSTILE = [
    "&" + "amp;" * 20_000, ">" * 50_000 + "多", "（注销）" * 20_000, "甲公司" + "（注销）" * 400, "罚款1元，" * 10_000,
    "一" * 50_000 + "元罚款", "男," * 20_000, "1" * 50_000, "?qū)" * 10_000, "(" * 50_000, " 展开" * 20_000, "住" * 50_000,
    "2020年" * 20_000, "至" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:8])
@pytest.mark.parametrize("name", CLEANERS)
def test_no_cell_however_made_takes_long(call, name, value):
    started = time.process_time()
    call(name, value)
    assert time.process_time() - started < 2
