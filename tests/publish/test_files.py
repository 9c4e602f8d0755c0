"""The files of a release: what they hold, what the manifest says of them, and what a killed night leaves."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from jobs.stages import publish
from jobs.stores.serving import delta, files
from tests.publish.lake import KNOWN, lake, penalty


@pytest.fixture
def folder(night):
    return night({}).settings.home / "releases"


def test_parquet_holds_the_served_rows_with_their_types(release, folder):
    event, fact = penalty(1, violation_facts="", penalty_basis=None, penalty_content='两行\n"引号", 逗号')
    made = release(lake((event, fact), penalty(2, penalty_kinds=[], fine_amount_yuan=None)))
    first, second = pq.read_table(folder / made["release_id"] / "penalties.parquet").to_pylist()
    assert (first["violation_facts"], first["penalty_basis"], first["penalty_content"]) == ("", None, '两行\n"引号", 逗号')
    assert first["penalty_kinds"] == ["warning", "fine"]
    assert first["fine_amount_yuan"] == Decimal("500.00")
    assert first["event_date"] == date(2026, 3, 2)
    assert first["suspended"] is False
    assert (second["penalty_kinds"], second["fine_amount_yuan"]) == ([], None)


def test_an_instant_is_the_same_instant_in_the_file(release, folder, connection):
    connection.execute(
        sa.text("""insert into ledger.deliveries (delivery_id, feed, covers, received_at, object_sha256, source_name,
        delivery_status) values ('d1', 'f', '2026-11-19', :known, 'x', 'x.csv', 'received')"""),
        {"known": KNOWN},
    )
    connection.commit()
    made = release(lake())
    (delivery,) = pq.read_table(folder / made["release_id"] / "deliveries.parquet").to_pylist()
    assert delivery["received_at"] == KNOWN
    assert delivery["delivery_status"] == "received"


def test_the_manifest_tells_every_file_and_the_release_row_tells_the_manifest(release, folder, connection):
    made = release(lake(penalty(1)))
    text = (folder / made["release_id"] / "manifest.json").read_bytes()
    manifest = json.loads(text)
    assert manifest["content_hash"] == made["content_hash"]
    assert {table["file"] for table in manifest["tables"].values()} == {
        path.name for path in (folder / made["release_id"]).glob("*.parquet")
    }
    for table in manifest["tables"].values():
        assert hashlib.sha256((folder / made["release_id"] / table["file"]).read_bytes()).hexdigest() == table["sha256"]
    assert manifest["tables"]["penalties"]["rows"] == 1
    assert connection.execute(sa.text("select manifest_sha256 from credit.releases")).scalar() == hashlib.sha256(text).hexdigest()


def test_content_hash_can_be_computed_from_the_files(release, folder):
    made = release(lake(penalty(1), penalty(2)))
    pairs = []
    for path in (folder / made["release_id"]).glob("*.parquet"):
        lines = "".join(
            f"{row['row_key']}\t{row['row_hash']}\n" for row in pq.read_table(path, columns=["row_key", "row_hash"]).to_pylist()
        )
        pairs.append((path.stem, hashlib.sha256(lines.encode()).hexdigest()))
    assert hashlib.sha256(json.dumps(sorted(pairs)).encode()).hexdigest() == made["content_hash"]


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing that catches Exception sees it."""


@pytest.mark.parametrize("step", ["write_table", "content_hash", "publish", "add_release", "analyze"])
def test_a_night_killed_at_any_step_is_one_whole_release_after_the_rerun(night, folder, connection, monkeypatch, step):
    def die(*_: object) -> None:
        raise Killed

    one = night(lake(penalty(1)))
    publish.prepare(one)
    room = files if hasattr(files, step) else delta
    with monkeypatch.context() as patched:
        patched.setattr(room, step, die)
        with pytest.raises(Killed):
            publish.apply(one)
    connection.rollback()
    publish.prepare(one)
    again = publish.apply(one)
    assert again["already_published"] == (step == "analyze")
    assert connection.execute(sa.text("select count(*) from credit.releases")).scalar() == 1
    assert connection.execute(sa.text("select count(*) from credit.penalties")).scalar() == 1
    assert [path.name for path in folder.iterdir()] == [again["release_id"]]
    assert connection.execute(sa.text("select count(*) from pg_namespace where nspname like 'staging%'")).scalar() == 0


def test_staging_left_by_a_killed_night_of_other_inputs_goes(night, connection):
    publish.prepare(night(lake(penalty(1))))
    made = publish.prepare(night(lake(penalty(2))))
    left = connection.execute(sa.text("select nspname from pg_namespace where nspname like 'staging%'")).scalars().all()
    assert left == [made["staging"]]
