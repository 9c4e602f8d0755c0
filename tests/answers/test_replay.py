from collections.abc import Iterator

import pytest

from jobs.answers.releases import UnknownRelease
from jobs.judgements import lists
from jobs.stages.replay import ReplayDiffers, replay
from jobs.stores.lake import opened
from tests.released import Released, clock, quiet

TOUCHED = """
    select (select count(*) from credit.releases) as releases, (select count(*) from ledger.runs) as runs,
      (select count(*) from pg_database where datname like 'replay%') as databases,
      (select count(*) from pg_namespace where nspname like 'staging%') as stagings"""


@pytest.fixture
def untouched(village: Released) -> Iterator[None]:
    """What is real is the same after the test as before, and no scratch is left."""
    before = village.rows(TOUCHED)
    assert before[0]["databases"] == 0
    yield
    assert village.rows(TOUCHED) == before


@pytest.mark.usefixtures("untouched")
def test_a_release_rebuilt_is_the_same(village: Released) -> None:
    release = village.rows("select * from credit.releases order by sequence")[0]
    told = replay(village.settings, release["release_id"][:12], clock, quiet)
    assert told.startswith(f"same: release {release['release_id']}")
    assert release["content_hash"] in told
    assert "the same as then" in told


@pytest.mark.usefixtures("untouched")
def test_other_code_that_concludes_otherwise_is_told_with_its_tables(village: Released, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed = lists.proposed
    monkeypatch.setattr(lists, "proposed", lambda found: proposed(found.where("effect = 'points'")).limit(0))
    monkeypatch.setattr(lists, "imported", lambda *given: imported(*given).where("list != 'serious'"))
    monkeypatch.setattr("jobs.stages.replay.code_version", lambda: "another")
    with pytest.raises(ReplayDiffers) as raised:
        replay(village.settings, "1", clock, quiet)
    told = str(raised.value)
    assert "now another" in told
    assert "list_entries: " in told
    assert "only then (first " in told
    assert "penalties: " not in told


imported = lists.imported


def test_an_unknown_release_is_refused_with_those_there_are(village: Released) -> None:
    with pytest.raises(UnknownRelease, match=r"'999': 0 are meant; known by sequence: .*1 \("):
        replay(village.settings, "999", clock, quiet)


@pytest.mark.usefixtures("untouched")
def test_after_destruction_what_is_missing_is_named(village: Released) -> None:
    gone = village.rows("select delivery_id, facts from ledger.admissions where category = 'repair' and facts > 0 order by 1")[0]
    lake = opened(village.settings)
    whole = lake.snapshot("facts.repair")
    lake.spark.sql(f"delete from {lake.name('facts.repair')} where delivery_id = '{gone['delivery_id']}'")
    try:
        with pytest.raises(ReplayDiffers) as raised:
            replay(village.settings, "1", clock, quiet)
    finally:
        lake.spark.sql(f"call {lake.catalog}.system.rollback_to_snapshot('facts.repair', {whole})")
    assert f"{gone['delivery_id']} (repair_decisions): {gone['facts']} facts admitted, 0 there" in str(raised.value)
