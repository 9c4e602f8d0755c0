"""The two ways a task runs the door: as a command, and through spark-submit; both speak its exit codes."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException

from jobs.declarations.settings import ROOT, Settings
from plugins.connections import environment
from plugins.failures import Subject, failure

KEPT_LINES = 200


class JobsCommand(BaseOperator):
    """`python -m jobs ARGUMENTS` in the project's folder, its output in the task log; `connection` is told by environment."""

    template_fields: Sequence[str] = ("arguments",)

    def __init__(self, *, arguments: list[str], subject: Subject, connection: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.arguments = arguments
        self.subject = subject
        self.connection = connection
        self.process: subprocess.Popen[str] | None = None

    def execute(self, context: Any) -> None:
        said: deque[str] = deque(maxlen=KEPT_LINES)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jobs", *self.arguments], cwd=ROOT, text=True, encoding="utf-8",
            env={**os.environ, **environment(self.connection)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        for line in self.process.stdout or ():
            self.log.info("%s", line.rstrip())
            said.append(line.rstrip())
        if code := self.process.wait():
            raise failure(code, self.subject, said)

    def on_kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)


class SparkStage(SparkSubmitOperator):
    """One stage with its gate through spark-submit: the command a person types, on the master of `spark_default`."""

    def __init__(self, *, arguments: list[str], subject: Subject, settings: Settings, application: str | None = None,
                 **kwargs: Any) -> None:
        super().__init__(
            application=application or str(ROOT / "jobs" / "__main__.py"),
            application_args=arguments,
            # The JVM is there before our session is built, so what must be known at its start is said here.
            jars=",".join(str(jar) for jar in sorted(settings.jars.glob("*.jar"))),
            driver_memory=settings.spark.driver_memory,
            spark_binary=str(Path(sys.executable).parent / "spark-submit"),
            conf={"spark.log.level": "WARN",
                  "spark.driver.extraJavaOptions": settings.java_options},
            env_vars={"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable},
            deploy_mode="client",  # in cluster mode spark-submit does not hand on the exit code of the application
            **kwargs,
        )
        self.subject = subject

    def _get_hook(self) -> SparkSubmitHook:
        hook = super()._get_hook()
        hook._last_submit_log_lines = deque(maxlen=KEPT_LINES)  # its own 20 lines lose the head of a traceback
        return hook

    def execute(self, context: Any) -> None:
        try:
            super().execute(context)
        except AirflowException as error:
            code = self._hook._submit_sp.returncode if self._hook and self._hook._submit_sp else 0
            if not code:
                raise
            typed = replace(self.subject, command=" ".join(["python -m jobs", *self.application_args]))
            raise failure(code, typed, self._hook._last_submit_log_lines) from error
