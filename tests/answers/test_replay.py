"""A release rebuilt from its facts is the same; where it is not, or cannot be rebuilt, that is said with what differs."""
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from jobs.answers.releases import UnknownRelease
from jobs.declarations import Declarations, load
from jobs.declarations.settings import ROOT, Settings
from jobs.judgements import lists
from jobs.stages.replay import ReplayDiffers, replay
from jobs.stores.lake import opened
from tests.released import KNOWN_AT, Released, clock, quiet, read_anew, released, tonight

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


# ---- after a cleaner was changed and a delivery standardised anew

RELEASES = "select release_id, content_hash, as_of, supersedes from credit.releases order by sequence"
LATER = KNOWN_AT + timedelta(hours=1)


@pytest.fixture(scope="module")
def changed(declared: Declarations, tmp_path_factory: pytest.TempPathFactory) -> Declarations:
    """The declarations with another cleaner for one field."""
    folder = tmp_path_factory.mktemp("changed")
    for name in ("config", "expectations"):
        shutil.copytree(ROOT / name, folder / name)
    fields = folder / "config" / "fields.yml"
    before = fields.read_text(encoding="utf-8")
    after = before.replace("registered_address: {type: string, cleaner: text.plain,",
                           "registered_address: {type: string, cleaner: text.plain, options: {longest: 5},")
    assert after != before
    fields.write_text(after, encoding="utf-8")
    return load(folder / "config")


@pytest.fixture(scope="module")
def restated(new_home: Callable[..., Settings], declared: Declarations, changed: Declarations) -> Released:
    """A hamlet with one release, and a later one of the same day after its registries were standardised anew."""
    home = released(new_home(), declared, enterprises=40, days=1)
    read_anew(home.settings, changed, "market_province_registry", date(2026, 1, 1), LATER)
    tonight(home.settings, changed, known_at=LATER)
    return home


def test_a_delivery_standardised_anew_is_a_later_admission(restated: Released) -> None:
    rows = restated.rows("""
        select delivery_id, count(*) as n, count(distinct run_id) as runs, max(a.known_at) as newest from ledger.admissions a
        join ledger.deliveries using (delivery_id) where feed = 'market_province_registry' group by 1""")
    assert rows
    assert {(row["n"], row["runs"], row["newest"]) for row in rows} == {(2, 2, LATER)}
    first, second = restated.rows(RELEASES)
    assert first["content_hash"] != second["content_hash"]
    assert second["supersedes"] == first["release_id"]
    assert restated.rows("select 1 from credit.flaws where field = 'registered_address' and reason = 'too_long' limit 1")


def test_an_older_release_is_rebuilt_the_same_after_its_cleaner_was_changed(restated: Released) -> None:
    first, _ = restated.rows(RELEASES)
    assert replay(restated.settings, "1", clock, quiet).startswith(f"same: release {first['release_id']}")


def test_what_was_known_before_the_change_answers_as_before(restated: Released, declared: Declarations) -> None:
    before = restated.rows(RELEASES)
    tonight(restated.settings, declared)
    assert restated.rows(RELEASES) == before
