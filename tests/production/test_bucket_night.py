"""A night whose objects and whose warehouse lie in a bucket of a real MinIO differs from the embedded one only in settings."""
from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from minio import Minio

from jobs.answers.explain import explain
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings, settings
from jobs.stages.replay import replay
from jobs.stores import lake
from tests.object_store import Store
from tests.released import Released, clock, quiet, released

HASHES = "select content_hash from credit.releases order by sequence"


@pytest.fixture(scope="module")
def night(minio: Store, new_home: Callable[..., Settings], declared: Declarations) -> Released:
    """The suite's village once more, in a bucket that its Spark session was not started with."""
    spark = settings().spark.model_copy(update={"warehouse": "s3://night/warehouse"})
    return released(new_home(objects=minio.bucket("night"), spark=spark), declared)


def keys(minio: Store) -> list[str]:
    """Everything in the bucket."""
    client = Minio(minio.endpoint, access_key=minio.user, secret_key=minio.password, secure=False)
    return [one.object_name for one in client.list_objects(bucket_name="night", recursive=True)]


def test_it_makes_the_release_that_the_embedded_night_makes(night: Released, village: Released, minio: Store) -> None:
    assert night.rows(HASHES) == village.rows(HASHES) != []
    assert {key.partition("/")[0] for key in keys(minio)} == {"raw", "rows", "warehouse"}
    assert [name for name in ("warehouse", "objects") if (night.settings.home / name).exists()] == []


def test_an_enterprise_and_its_facts_are_explained_from_the_bucket(night: Released) -> None:
    [asked] = night.rows("select enterprise_id, fact_id from credit.events where category = 'penalty' order by event_id limit 1")
    assert asked["fact_id"] in explain(night.settings, asked["enterprise_id"], True)
    [told] = json.loads(explain(night.settings, asked["fact_id"], True))
    assert '"received"' in json.dumps(told)
    assert not [name for name in ("objects", "cache") if (night.settings.home / name).exists()]  # read where it lies


def test_its_replay_is_the_same_and_leaves_nothing_in_the_bucket(night: Released, minio: Store) -> None:
    before = keys(minio)
    assert replay(night.settings, "1", clock, quiet).startswith("same")
    assert keys(minio) == before


def test_a_session_is_started_without_a_secret(minio: Store) -> None:
    chosen = settings(objects=minio.bucket("night"), database_url="postgresql://credit:of-the-database@127.0.0.1:5432/credit",
                      spark=settings().spark.model_copy(update={"warehouse": "s3://night/warehouse"}))
    secrets = (minio.user, minio.password, "of-the-database")
    told_later = str(lake.catalog(chosen))
    assert [secret for secret in secrets if secret not in told_later] == []
    assert [secret for secret in secrets if secret in str(lake.configuration(chosen))] == []
