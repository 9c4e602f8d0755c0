"""Data Docs show every check of the night by key: no value, nothing loaded from elsewhere, the same pages each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.stages import gate
from jobs.stages.run import GateStopped
from tests.gates import rows
from tests.gates.night import delivery, passed

PHONE = "13812345678"


def pages(folder: Path) -> dict[str, str]:
    return {str(page.relative_to(folder)): page.read_text(encoding="utf-8") for page in sorted(folder.rglob("*.html"))}


@pytest.fixture
def stopped(night, spark):
    """A night whose standardise and match passed and whose assemble was stopped by a row that holds a telephone number."""
    first = night("standardise", deliveries=[delivery("d1")], delivery_metrics=[delivery("d1", reject_rate=0.3)])
    gate.held(first)
    second = night("match", rows.good(spark, "match"))
    gate.check(second, "match")
    wrong = rows.frame(spark, "events", [{}, {"event_id": "bad", "state": PHONE}])
    third = night("assemble", {**rows.good(spark, "assemble"), "events": wrong}, before=passed(second).inputs_hash)
    passed(first)
    with pytest.raises(GateStopped):
        gate.check(third, "assemble")
    return third


def test_pages_show_what_failed_by_key_in_all_stages(stopped, tmp_path):
    assert gate.write_docs(stopped, tmp_path) == 1 + len(rows.STAGES["match"]) + len(rows.STAGES["assemble"])
    told = "".join(pages(tmp_path).values())
    assert "event_id=bad" in told
    assert "delivery_id=d1" in told
    assert "one row in ten is more than dirt" in told
    assert PHONE not in told


def test_index_leads_to_every_suite(stopped, tmp_path):
    gate.write_docs(stopped, tmp_path)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{page}"' in index for page in pages(tmp_path) if page != "index.html")


def test_pages_load_nothing_from_elsewhere_and_are_the_same_each_time(stopped, tmp_path):
    for name in ("one", "two"):
        gate.write_docs(stopped, tmp_path / name)
    assert pages(tmp_path / "one") == pages(tmp_path / "two")
    assert not any(loads in page for page in pages(tmp_path / "one").values() for loads in ("<script", "<img", "<link"))
