"""What a task says when it breaks: what broke, which declaration or table, who owns it, how to rerun."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from airflow.sdk.exceptions import AirflowException, AirflowFailException

MEANING = {
    0: "done",
    1: "a gate stopped the release; the last release stands and withdrawals still take effect",
    2: "a declaration or an argument is wrong",
    3: "something outside failed (database, object store, Spark, the feed's transport)",
}
FINAL = (1, 2)  # the same command on the same inputs ends the same way: no retry can help
# Java and Python end with 1 too when they break by themselves, which is no gate's doing; these lines give them away.
BROKE = ('Exception in thread "main"', "Could not create the Java Virtual Machine",
         "Error occurred during initialization of VM", "Traceback (most recent call last):")
SPARK_LOG = re.compile(r"^\d\d/\d\d/\d\d [\d:]{8} (TRACE|DEBUG|INFO|WARN)\b|^WARNING: |^Using Spark's default log4j")
SHOWN = 15


@dataclass(frozen=True)
class Subject:
    """What a task works on, as its failure message and its runbook name it."""

    what: str
    declaration: str
    tables: str
    owner: str
    command: str


def tail(lines: Iterable[str]) -> list[str]:
    """The last lines that the command itself wrote, without Spark's own chatter."""
    return [line for line in lines if line.strip() and not SPARK_LOG.match(line)][-SHOWN:]


def meaning(code: int) -> str:
    return MEANING.get(code, f"the process was ended from outside ({code})")


def message(code: int, subject: Subject, lines: Iterable[str]) -> str:
    """The whole failure on one screen."""
    said = "\n".join(f"    {line}" for line in tail(lines)) or "    (nothing)"
    return (f"{subject.what} broke with exit code {code}: {meaning(code)}.\n"
            f"  declared in   {subject.declaration}\n"
            f"  writes        {subject.tables}\n"
            f"  owner         {subject.owner}\n"
            f"  rerun         clear this task, or type: {subject.command}\n"
            f"  it said\n{said}")


def failure(code: int, subject: Subject, lines: Iterable[str]) -> AirflowException:
    """The exception to raise: final for exit codes 1 and 2, retried for every other."""
    lines = list(lines)
    broke = any(mark in line for line in lines for mark in BROKE)
    if code in FINAL and not broke:
        return AirflowFailException(message(code, subject, lines))
    return AirflowException(message(3 if code in FINAL else code, subject, lines))
