import csv
import random

import pytest
from stdnum.cn import uscc

from jobs.values import checks, codes

VALID = [
    "91110108551385082Q", "91110000600037341L", "91350100M000100Y43", "9144030071526726XG", "12440300MB2C92173E",
    "53640000MJX173680A", "91330604MA2XK01P0P", "93610125MA6TG77L72", "92330113MAC1WQ8R74", "N2330621MB12345T0U",
    "Y1330600MJ9876KY33", "91330604A4C12H3B70",
]  # fmt: skip
GOOD = VALID[0]


@pytest.mark.parametrize("code", VALID)
def test_credit_codes_of_the_standard_are_good(code):
    assert codes.credit_code(code) == (code, None)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(" 91110108551385082q ", id="case"),
        pytest.param("９１１１０１０８５５１３８５０８２Ｑ", id="full width"),
        pytest.param("91110108-5513850-82Q", id="hyphens"),
        pytest.param("91110108 551385082 Q", id="spaces"),
        pytest.param("\ufeff91110108551385082Q\u200b", id="invisible"),
        pytest.param("'91110108551385082Q", id="apostrophe"),
        pytest.param('="91110108551385082Q"', id="formula"),
        pytest.param("91110108.551385082.Q", id="dots"),
    ],
)
def test_a_credit_code_is_found_under_its_dirt(written):
    assert codes.credit_code(written) == (GOOD, None)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("9.13401E+17", "excel_float"),
        ("9.134010014914518e+17", "excel_float"),
        ("913401001491451797.0", "excel_float"),
        ("913401001491451000", "excel_float"),
        ("9111010855138508", "wrong_length"),
        ("340000000036433", "wrong_length"),
        ("91110108551385082I", "wrong_character"),
        ("9111O108551385082Q", "wrong_character"),
        ("91110108551385082汉", "wrong_character"),
        ("981101085513850823", "unknown_pair"),
        ("91110108551385083U", "organisation_check"),
        ("91110108551385082R", "total_check"),
    ],
)
def test_a_bad_credit_code_says_at_which_rung_it_fell(written, reason):
    assert codes.credit_code(written) == (None, reason)


@pytest.mark.parametrize(
    "written", ["0" * 18, "0" * 17 + "X", "1" * 18, "123456789012345678", "123456", "XXXXXXXXXXXXXXXXXX", "0"]
)
def test_placeholders_that_pass_check_digits_are_missing(written):
    assert codes.credit_code(written) == (None, None)


def test_a_complemented_check_is_kept_and_flagged():
    remainder = checks.credit_remainder(GOOD)
    complemented = GOOD[:17] + checks.CREDIT_ALPHABET[remainder]
    assert complemented != GOOD
    assert codes.credit_code(complemented) == (complemented, "check_complemented")


@pytest.mark.parametrize("division", ["320594", "320191", "310141"], ids=["Suzhou park", "Nanjing zone", "Pudong zone"])
def test_a_division_that_no_table_has_is_kept_and_flagged(divisions, division):
    zone = "91" + division + GOOD[8:17]
    zone += checks.credit_check(zone)
    assert codes.credit_code(zone, table=divisions) == (zone, "division_unknown")
    assert codes.credit_code(zone) == (zone, None)


@pytest.mark.parametrize("division", ["330104", "100000"], ids=["abolished 江干区", "the state's registrar"])
def test_divisions_once_in_use_are_known(divisions, division):
    code = "91" + division + GOOD[8:17]
    code += checks.credit_check(code)
    assert codes.credit_code(code, table=divisions) == (code, None)


def test_total_check_agrees_with_stdnum_on_enterprise_codes():
    pick = random.Random(32100)
    for _ in range(2000):
        body = "91" + "".join(pick.choices("0123456789", k=6)) + "".join(pick.choices(checks.CREDIT_ALPHABET, k=9))
        assert checks.credit_check(body) == uscc.calc_check_digit(body)


def test_every_single_wrong_character_is_found():
    for place in range(2, 18):
        for other in set(checks.CREDIT_ALPHABET) - {GOOD[place]}:
            wrong = GOOD[:place] + other + GOOD[place + 1 :]
            assert codes.credit_code(wrong)[0] is None or codes.credit_code(wrong)[1] == "check_complemented"


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("55138508-2", ("551385082", None)),
        ("ma2umadm-8", ("MA2UMADM8", None)),
        ("MB2C92173", ("MB2C92173", None)),
        ("551385083", (None, "organisation_check")),
        ("55138508", (None, "wrong_length")),
        ("55138508A", (None, "wrong_character")),
        ("000000000", (None, None)),
        ("91110108551385082Q", (None, "wrong_length")),
    ],
)
def test_organisation_code(written, cleaned):
    assert codes.organisation_code(written) == cleaned


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("110108012660422", ("110108012660422", None)),
        ("440301103448669", ("440301103448669", None)),
        ("110108002734659", ("110108002734659", None)),
        ("110108012660423", (None, "registration_check")),
        ("3401002001234", ("3401002001234", None)),
        ("340102NA001052X", ("340102NA001052X", "nonstandard")),
        ("3401021", ("3401021", "nonstandard")),
        ("34010200012345", ("34010200012345", "nonstandard")),
        ("34010200012345678", ("34010200012345678", "nonstandard")),
        ("1234567", (None, None)),
        ("12345", (None, "wrong_length")),
        ("企合皖总字第000123号", (None, "wrong_character")),
        ("340102600019348?", (None, "wrong_character")),
        ("123", (None, "wrong_length")),
        ("3.40102E+14", (None, "excel_float")),
        ("340102601112339.0", (None, "excel_float")),
        ("34010219900307007X", (None, "contains_personal_number")),
        ("13912345678", (None, "contains_personal_number")),
    ],
)
def test_registration_number(written, cleaned):
    assert codes.registration_number(written) == cleaned


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (GOOD, (GOOD, None)),
        ("110108551385082", ("110108551385082", None)),
        ("34010271526726X", ("34010271526726X", None)),
        ("110108551385083", (None, "organisation_check")),
        ("34010219900307007X", (None, "contains_personal_number")),
        ("34010219900307007X01", (None, "contains_personal_number")),
        ("34010219900307001001", (None, "contains_personal_number")),
        ("34010290030700101", (None, "contains_personal_number")),
        ("340102900307001", (None, "contains_personal_number")),
        ("91110108551385083U", (None, "organisation_check")),
        ("3401025513", (None, "wrong_length")),
    ],
)
def test_tax_number(written, cleaned):
    assert codes.tax_number(written) == cleaned


@pytest.mark.parametrize(
    "written",
    ["合市监罚〔2023〕12号", "合市监罚[2023]12号", "合市监罚【2023】12号", "合市监罚（2023）12号", "合市监罚(2023) 12 号",
     "合市监罚〔2023〕第012号", "合市监罚﹝２０２３﹞第12号", " 合市监罚 〔2023〕 0012 号", "合市监罚〔2023〕12"],
)  # fmt: skip
def test_one_document_number_has_one_spelling(written):
    assert codes.document_number(written) == ("合市监罚〔2023〕12号", None)


@pytest.mark.parametrize(
    "other",
    [
        "合市监罚〔2023〕120号",
        "合市监罚〔2022〕12号",
        "合市监罚字〔2023〕12号",
        "合市监罚〔2023〕12-1号",
        "合市监罚〔2023〕102号",
    ],
)
def test_different_document_numbers_stay_different(other):
    assert codes.document_number(other)[0] not in (None, "合市监罚〔2023〕12号")


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("当场处罚决定书", (None, "no_number")),
        ("张曌昶", (None, "no_number")),
        ("丁一凡", (None, "no_number")),
        ("国发第十二号", ("国发第十二号", None)),
        ("jy13401020012345", ("JY13401020012345", None)),
        ("无文号�", (None, "mojibake")),
        ("无", (None, None)),
    ],
)
def test_document_number_of_other_kinds(written, cleaned):
    assert codes.document_number(written) == cleaned


def test_parts_of_a_credit_code():
    assert codes.organisation_code_of(GOOD) == "551385082"
    assert codes.is_household("92330113MAC1WQ8R74")
    assert not codes.is_household(GOOD)


@pytest.mark.parametrize(
    ("file", "column", "valid", "missing"),
    [
        ("companies", "taxpayer_identification_number", 896, 104),
        ("company_info", "USCC", 945, 55),
        ("company_info1", "unified_social_credit_code", 712, 288),
        ("ods_company_detail", "USCC", 996, 4),
        ("qcc_companies", "统一社会信用代码", 999, 0),
    ],
)
def test_real_credit_codes_are_counted_as_measured(realdata, file, column, valid, missing):
    with open(realdata / "registry" / f"{file}.csv", encoding="utf-8", newline="") as rows:
        results = [codes.credit_code(row[column]) for row in csv.DictReader(rows)]
    assert sum(code is not None for code, _ in results) == valid
    assert results.count((None, None)) == missing


@pytest.mark.parametrize("clean", [codes.credit_code, codes.organisation_code, codes.registration_number, codes.tax_number])
def test_a_broken_encoding_is_said_of_a_number_too(clean):
    assert clean("锟斤拷锟斤拷") == (None, "mojibake")
