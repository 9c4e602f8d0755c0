"""Exit codes of a real process: 1 and 2 are final, every other is retried, and the message says what to do."""
from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from jobs.declarations.settings import settings
from plugins.failures import Subject, failure
from plugins.operators import JobsCommand, SparkStage

ABOUT = Subject("The stage match", "expectations/links.yml", "lake/links", "data office",
                "python -m jobs match --as-of DATE")


def stage(folder: Path, script: str) -> SparkStage:
    path = folder / "door.py"
    path.write_text(script, encoding="utf-8")
    return SparkStage(task_id="match", application=str(path), arguments=["match", "--as-of", "2026-11-20"],
                      subject=ABOUT, settings=settings())


@pytest.fixture(autouse=True)
def spark_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", json.dumps({"conn_type": "spark", "host": "local[1]"}))


@pytest.mark.parametrize(("code", "final"), [(1, True), (2, True), (3, False)])
def test_the_exit_code_of_a_submitted_application_decides_about_a_retry(tmp_path: Path, code: int, final: bool) -> None:
    script = f"import sys; print('links: 2 rows without a reason'); sys.exit({code})"
    with pytest.raises(AirflowException) as raised:
        stage(tmp_path, script).execute({})
    assert isinstance(raised.value, AirflowFailException) == final
    said = str(raised.value)
    for part in (f"exit code {code}", "links: 2 rows without a reason", *asdict(ABOUT).values()):
        assert part.replace("DATE", "2026-11-20") in said


def test_a_submitted_application_that_ends_well_raises_nothing(tmp_path: Path) -> None:
    script = "import sys, jobs.declarations; sys.exit(sys.argv[1:] != ['match', '--as-of', '2026-11-20'])"
    stage(tmp_path, script).execute({})


def test_an_exit_code_1_of_spark_submit_itself_is_not_a_gate(tmp_path: Path) -> None:
    unreachable = stage(tmp_path, "")
    unreachable.application = str(tmp_path / "absent.jar")
    with pytest.raises(AirflowException, match="something outside failed") as raised:
        unreachable.execute({})
    assert not isinstance(raised.value, AirflowFailException)


def test_a_wrong_argument_of_a_command_is_final() -> None:
    land = JobsCommand(task_id="land", arguments=["land", "--feed", "no_such_feed"], subject=ABOUT)
    with pytest.raises(AirflowFailException, match="no_such_feed"):
        land.execute({})


@pytest.mark.parametrize("code", [1, 2])
def test_a_traceback_is_a_fault_nobody_foresaw_and_no_gate(code: int) -> None:
    raised = failure(code, ABOUT, ["Traceback (most recent call last):", "KeyError: 'fact_id'"])
    assert not isinstance(raised, AirflowFailException)
    assert "exit code 3: something outside failed" in str(raised)


def test_a_killed_process_is_tried_again() -> None:
    raised = failure(137, ABOUT, [])
    assert not isinstance(raised, AirflowFailException)
    assert "ended from outside (137)" in str(raised)


def test_sparks_own_chatter_is_left_out_of_the_message() -> None:
    lines = ["26/11/20 21:31:07 WARN NativeCodeLoader: Unable to load", "", "enterprises: the key is not unique"]
    said = str(failure(1, ABOUT, lines))
    assert "the key is not unique" in said
    assert "NativeCodeLoader" not in said
