"""docker-compose.yml against the compose specification's schema and against our own settings."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for
from pydantic import BaseModel

from jobs.declarations.settings import ROOT, Settings, settings
from tests.production.composed import COMPOSE, OURS, SERVICES, VARIABLE, given

SECRET = re.compile(r"PASSWORD|SECRET|ACCESS_KEY|FERNET|ROOT_USER")


def in_production(service: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for key, value in given(SERVICES[service]["environment"]).items():
        monkeypatch.setenv(key, value)
    return settings()


def leaves(model: type[BaseModel], prefix: str = "CREDIT_") -> dict[str, Any]:
    """Every variable that Settings reads, with the field behind it."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        nested = isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        found |= leaves(field.annotation, f"{prefix}{name.upper()}__") if nested else {f"{prefix}{name.upper()}": field}
    return found


def test_the_file_is_what_the_compose_specification_allows() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    faults = validator_for(schema)(schema).iter_errors(COMPOSE)
    assert [f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in faults] == []


def test_all_components_are_there() -> None:
    assert set(SERVICES) == {"postgres", "minio", "spark-master", "spark-worker", "airflow-init", "airflow-api-server",
                             "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"}


@pytest.mark.parametrize("service", SERVICES)
def test_images_are_pinned_by_a_tag_that_says_a_version(service: str) -> None:
    _, _, tag = SERVICES[service]["image"].rpartition(":")
    assert re.search(r"\d", tag), SERVICES[service]["image"]


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "airflow-init"])
def test_what_keeps_running_has_a_health_check(service: str) -> None:
    assert {"test", "interval", "timeout", "retries"} <= set(SERVICES[service]["healthcheck"])


@pytest.mark.parametrize("service", SERVICES)
def test_what_waits_for_another_waits_for_its_health(service: str) -> None:
    for other, how in SERVICES[service].get("depends_on", {}).items():
        assert other in SERVICES
        assert how["condition"] == ("service_completed_successfully" if other == "airflow-init" else "service_healthy")


def test_a_secret_comes_from_a_variable_and_has_no_default() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            for variable, how, _ in VARIABLE.findall(str(value)):
                assert how == "?" or not SECRET.search(variable), f"{name}: {key} lets {variable} be empty"
            assert "${" in str(value) or not SECRET.search(key), f"{name}: {key} is written out"


@pytest.mark.parametrize("service", OURS)
def test_every_variable_set_is_a_setting(service: str) -> None:
    known = set(leaves(Settings))
    assert {key for key in SERVICES[service]["environment"] if key.startswith("CREDIT_")} - known == set()


@pytest.mark.parametrize("service", OURS)
def test_every_setting_that_production_needs_is_set(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded, production = settings(), in_production(service, monkeypatch)
    without_default = {key for key, field in leaves(Settings).items() if field.default is None}
    assert without_default - set(SERVICES[service]["environment"]) == set()
    assert production.home != embedded.home
    assert (production.objects.kind, production.objects.endpoint) == ("minio", "minio:9000")
    assert production.spark.master == "spark://spark-master:7077"
    assert production.warehouse.startswith("s3://")
    assert production.database_url.get_secret_value().endswith("@postgres:5432/credit")


@pytest.mark.parametrize("name", ["endpoint", "bucket", "access_key", "secret_key", "region"])
def test_a_bucket_half_described_is_refused_without_telling_its_secrets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    in_production("airflow-scheduler", monkeypatch)
    monkeypatch.delenv("CREDIT_OBJECTS__SECRET_KEY")
    monkeypatch.setenv("CREDIT_OBJECTS__SECRET_KEY", "stand-in")  # the end of what was given is what a message would show
    monkeypatch.delenv(f"CREDIT_OBJECTS__{name.upper()}")
    with pytest.raises(ValueError, match=f"objects.kind is minio, so {name} must be set") as refused:
        settings()
    assert "stand-in" not in str(refused.value)


def test_a_warehouse_in_a_bucket_needs_the_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_SPARK__WAREHOUSE", "s3://credit/warehouse")
    with pytest.raises(ValueError, match=r"so objects.kind must be minio"):
        settings()


def gigabytes(text: str) -> int:
    return int(re.fullmatch(r"(\d+)g", text)[1])


def test_an_executor_fits_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = given(SERVICES["spark-worker"]["environment"])
    production = in_production("airflow-scheduler", monkeypatch)
    assert gigabytes(production.spark.executor_memory) < gigabytes(worker["SPARK_WORKER_MEMORY"])


def test_driver_and_executors_are_one_image_and_the_worker_is_told_no_secret() -> None:
    assert SERVICES["spark-worker"]["image"] == SERVICES["airflow-scheduler"]["image"]  # Python at one path, the same code
    for name in ("spark-master", "spark-worker"):
        assert [key for key, value in SERVICES[name]["environment"].items() if ":?" in str(value)] == []


def test_the_worker_writes_where_it_may_and_clears_what_ended() -> None:
    worker = SERVICES["spark-worker"]["environment"]
    assert worker["SPARK_WORKER_DIR"].startswith("/tmp/")
    assert "-Dspark.worker.cleanup.enabled=true" in worker["SPARK_WORKER_OPTS"]


def test_every_airflow_process_shares_the_home_where_logs_releases_and_inbox_lie() -> None:
    for name in OURS:
        assert SERVICES[name]["volumes"] == [f"credit-home:{SERVICES[name]['environment']['CREDIT_HOME']}"], name


def test_the_addresses_name_services_of_this_file() -> None:
    environment = " ".join(given(SERVICES["airflow-scheduler"]["environment"]).values())
    named = set(re.findall(r"(?:@|//)?\b([a-z][a-z-]+):(?:5432|7077|9000|8080)\b", environment))
    assert named == {"postgres", "minio", "spark-master", "airflow-api-server"}


def dockerfile() -> list[str]:
    """Its instructions, one a line."""
    return (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()


def copied() -> set[str]:
    return {word for line in dockerfile() if line.startswith("COPY") for word in line.split()[1:-1]}


def test_the_image_is_built_from_the_locks_with_every_room_the_code_needs() -> None:
    assert copied() == {"pyproject.toml", "uv.lock", "jars.lock", "LICENSE", "config", "expectations", "jobs", "plugins", "dags",
                        "install"}
    assert any("uv sync --frozen" in line and "install/jars.py" in line for line in dockerfile())
    assert any("install/classes.py" in line for line in dockerfile())
    assert all((ROOT / path).exists() for path in copied())


def test_what_the_image_copies_is_sent_to_its_build_and_nothing_else() -> None:
    first, *rest = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert first == "*"
    assert {line.removeprefix("!") for line in rest if line.startswith("!")} == copied()


def test_code_is_compiled_before_the_image_gives_up_the_right_to_write_beside_it() -> None:
    lines = dockerfile()
    user = next(number for number, line in enumerate(lines) if line.startswith("USER"))
    assert any("uv sync" in line and "--compile-bytecode" in line for line in lines[:user])
    [compiled] = [line for line in lines[:user] if "compileall" in line]
    assert set(compiled.split()) >= {path for path in copied() if (ROOT / path).is_dir() and any((ROOT / path).rglob("*.py"))}
