"""What a row's personal columns hold is masked in its texts."""
import pyarrow as pa
import pytest

from jobs.facts.columns import Cleaned
from jobs.facts.rows import masked, persons_of


@pytest.mark.parametrize(("cells", "text", "shown"), [
    ("张三", "张三经营的店", "***经营的店"), ("张三\x1f张三丰", "张三丰与张三合营", "***与***合营"),
    ("李四；王五", "王五申请", "***申请"),
    ("", "张三经营", "张三经营"), ("张", "张三经营", "张三经营")])
def test_of_a_name_that_begins_with_another_nothing_stays(cells: str, text: str, shown: str) -> None:
    field = Cleaned(pa.array([text]), pa.nulls(1, pa.string()), pa.array([text]))
    assert masked(field, [persons_of(cells)]).values.to_pylist() == [shown]
