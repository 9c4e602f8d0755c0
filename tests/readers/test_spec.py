import re

import pytest
from pydantic import ValidationError

from jobs.readers import FormatSpec


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        pytest.param({"kind": "csv", "seperator": ";"}, "seperator", id="unknown key"),
        pytest.param({"kind": "xls"}, "'csv', 'text' or 'xlsx'", id="unknown kind"),
        pytest.param({"kind": "csv", "encoding": "latin-1"}, "'gb18030'", id="unknown encoding"),
        pytest.param({"kind": "csv", "delimiter": "||"}, "one ASCII character", id="two characters"),
        pytest.param({"kind": "csv", "delimiter": "，"}, "one ASCII character", id="full-width comma"),
        pytest.param({"kind": "csv", "delimiter": '"'}, "delimiter and quote are both", id="delimiter is the quote"),
        pytest.param({"kind": "csv", "sheet": "一"}, "format.sheet means nothing", id="sheet of a CSV"),
        pytest.param(
            {"kind": "xlsx", "delimiter": ";"}, "format.delimiter means nothing", id="delimiter of a workbook"
        ),
        pytest.param({"kind": "csv", "footer": ["(合计"]}, "not a regular expression", id="broken pattern"),
        pytest.param({"kind": "csv", "title_rows": -1}, "title_rows", id="negative title rows"),
    ],
)
def test_a_wrong_format_is_refused_with_the_key_and_the_value(spec, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        FormatSpec(**spec)


def test_a_format_survives_being_written_down():
    spec = FormatSpec(kind="xlsx", sheet="行政处罚", title_rows=1, footer=("^合计",))
    assert FormatSpec.model_validate(spec.model_dump()) == spec
