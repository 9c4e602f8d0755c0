"""A night as production runs it: driver, Spark master, worker and executor are processes of their own, objects and warehouse
lie in a MinIO, and the settings are those of docker-compose.yml at other addresses."""
from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil
import pytest
from minio import Minio
from sqlalchemy.engine import make_url

import sample
from jobs.declarations.settings import ROOT, Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger
from sample.schedule import BY_HAND
from tests.object_store import Store
from tests.production.cluster import SMALL, cluster, process
from tests.production.composed import SERVICES, given

SECONDS = 1800
PASSWORD = "of-the-database-owner"
SIZES = {"CREDIT_SPARK__DRIVER_MEMORY": "1g", "CREDIT_SPARK__EXECUTOR_MEMORY": "1g", "CREDIT_SPARK__SHUFFLE_PARTITIONS": "2"}

pytestmark = pytest.mark.rehearsal


@dataclass(frozen=True)
class Rehearsal:
    """One home, a worker beside it, and the environment of every process of ours."""

    home: Settings
    worker: psutil.Popen
    environment: dict[str, str]
    store: Store
    seen: set[str]

    def types(self, *words: str) -> str:
        """What `python -m jobs WORDS` says; it ended well. Meanwhile everything is noted that `ps` would show of it."""
        log = self.home.home / f"{words[0]}.log"
        with process(log, self.environment | {"PYTHONPATH": str(ROOT)}, sys.executable, "-m", "jobs", *words) as door:
            end = time.monotonic() + SECONDS
            while door.poll() is None and time.monotonic() < end:
                self.note(door)
                time.sleep(0.2)
            said = log.read_text(encoding="utf-8")
            assert door.poll() == 0, said
        return said

    def note(self, door: psutil.Popen) -> None:
        for one in (*door.children(recursive=True), *self.worker.children(recursive=True)):
            try:
                self.seen.add(" ".join(one.cmdline()))
            except psutil.NoSuchProcess:
                continue  # it ended between being listed and being asked

    def rows(self, sql: str) -> list[dict]:
        with database.engine(self.home).connect() as connection:
            return Ledger(connection).rows(sql)

    def listed(self) -> list[str]:
        """Everything in the store, bucket first."""
        client = Minio(self.store.endpoint, access_key=self.store.user, secret_key=self.store.password, secure=False)
        return [f"{bucket.name}/{one.object_name}" for bucket in client.list_buckets()
                for one in client.list_objects(bucket_name=bucket.name, recursive=True)]


def environment(home: Settings, store: Store, master: str) -> dict[str, str]:
    """What docker-compose.yml tells the driver, with the addresses and sizes of this machine."""
    told = given(SERVICES["airflow-scheduler"]["environment"], MINIO_ROOT_USER=store.user, MINIO_ROOT_PASSWORD=store.password)
    where = make_url(home.database_url.get_secret_value()).set(password=PASSWORD)
    here = {"CREDIT_HOME": str(home.home), "CREDIT_DATABASE_URL": where.render_as_string(hide_password=False),
            "CREDIT_SPARK__MASTER": master, "CREDIT_OBJECTS__ENDPOINT": store.endpoint, **SIZES, **SMALL}
    return {key: value for key, value in told.items() if key.startswith("CREDIT")} | here


@pytest.fixture(scope="module")
def rehearsal(minio: Store, new_home: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    home = new_home()
    sample.village(home.home, enterprises=40, days=1, only=BY_HAND)
    with cluster(tmp_path_factory.mktemp("spark")) as (master, worker):
        one = Rehearsal(home, worker, environment(home, minio, master), minio, set())
        one.types("night", "--land", "--as-of", "2026-11-20")
        yield one


def test_a_night_on_a_cluster_makes_one_release_from_a_bucket(rehearsal: Rehearsal) -> None:
    [release] = rehearsal.rows("select release_id, as_of, release_status from credit.releases")
    assert rehearsal.rows("select count(*) as n from credit.enterprises")[0]["n"] > 20
    places = {key.split("/")[1] for key in rehearsal.listed() if key.startswith("credit/")}
    assert places == {"raw", "rows", "warehouse"}
    assert {path.name for path in rehearsal.home.home.iterdir()} >= {"inbox", "releases"}
    assert not [name for name in ("warehouse", "objects", "postgres") if (rehearsal.home.home / name).exists()]
    assert release["release_status"] == "published"


def test_an_enterprise_is_explained_from_rows_in_the_bucket(rehearsal: Rehearsal) -> None:
    [asked] = rehearsal.rows("select enterprise_id, fact_id from credit.events where category = 'penalty' limit 1")
    assert asked["fact_id"] in rehearsal.types("explain", asked["enterprise_id"], "--json")
    assert '"received"' in rehearsal.types("explain", asked["fact_id"], "--json")


def test_a_replay_has_the_same_hash_and_leaves_nothing_in_the_bucket(rehearsal: Rehearsal) -> None:
    before = rehearsal.listed()
    assert "same" in rehearsal.types("replay", "1")
    assert rehearsal.listed() == before


def test_no_command_line_shows_a_secret(rehearsal: Rehearsal) -> None:
    shown = "\n".join(rehearsal.seen)
    assert "org.apache.spark.deploy.SparkSubmit" in shown
    assert "CoarseGrainedExecutorBackend" in shown
    assert [secret for secret in (PASSWORD, rehearsal.store.user, rehearsal.store.password) if secret in shown] == []
