import pytest

from jobs.values import codes, misread

GOOD = "91110108551385082Q"


@pytest.mark.parametrize(
    ("damaged", "read"),
    [
        ("9111O1O8551385O82Q", GOOD),
        ("9lll0108551385082q", None),
        ("911I0I08551385082Q", GOOD),
        ("91ZZ0000600037341L", None),
        ("9111010855I385082Q", GOOD),
        ("91110108551385028Q", GOOD),
        ("91330604MAZXKO1POP", "91330604MA2XK01P0P"),
        ("913306O4A4CI2H3B7O", "91330604A4C12H3B70"),
        ("91110108SS13850BZQ", None),
        ("923301I3MAC1WQ8R74", None),
        ("9111010855138508ZQ", GOOD),
        ("91110108S51385082Q", GOOD),
        ("N2330621MB12345T0V", "N2330621MB12345T0U"),
        ("91350100M000100V43", "91350100M000100Y43"),
        ("V1330600MJ9876KV33", "Y1330600MJ9876KY33"),
        ("91350100M000100V44", None),  # neither U nor Y holds the checks
        (GOOD, None),
        ("91110108551385083U", None),
        ("91110108551385082", None),
        ("0" * 18, None),
        ("OOOOOOOOOOOOOOOOOO", None),
        ("甲" * 18, None),
        ("", None),
    ],
)
def test_a_damaged_code_has_a_suggestion_only_where_one_reading_holds(damaged, read):
    assert misread.suggestion(damaged) == read
    assert read is None or codes.credit_code(damaged)[0] is None


def test_what_is_suggested_for_a_swap_of_neighbours_is_the_code_itself():
    swapped = [GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :] for place in range(2, 17)]
    found = {misread.suggestion(code) for code in swapped if codes.credit_code(code)[0] is None}
    assert found <= {GOOD, None}
    assert GOOD in found


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (GOOD, "credit_code"),
        (" ９１１１０１０８５５１３８５０８２ｑ", "credit_code"),
        ("55138508-2", "organisation_code"),
        ("110108012660422", "registration_number"),
        ("110108551385082", "tax_number"),
        ("1101080126604", None),
        ("340102NA001052X", None),
        ("340102900307001", None),
        ("91110108551385082R", None),
        ("无", None),
        ("北京甲乙公司", None),
    ],
)
def test_the_kind_of_a_number_is_known_by_its_checks(written, kind):
    assert misread.kind_of(written) == kind
