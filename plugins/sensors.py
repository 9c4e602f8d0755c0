"""Waiting for a delivery that is owed: asked of the door, again and again, without keeping a worker."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from airflow.sdk import BaseSensorOperator, PokeReturnValue

from jobs.declarations.settings import ROOT
from plugins.connections import environment
from plugins.failures import Subject, failure, tail
from plugins.nights import business_date


class OwedSensor(BaseSensorOperator):
    """Done when the night of the day waits for nothing any more; its value is when the last thing waited for came.

    At each look it lands what it waits for, as the feed's own DAG looked once, at its own time, through the feed's `connections`.
    """

    def __init__(self, *, subject: Subject, connections: dict[str, str | None], **kwargs: Any) -> None:
        super().__init__(mode="reschedule", **kwargs)
        self.subject = subject
        self.connections = connections

    def poke(self, context: Any) -> PokeReturnValue:
        if context["params"].get("known_at"):
            return PokeReturnValue(True)  # a night that is told what it knows waits for nothing
        as_of = business_date(context["params"].get("as_of"), context["dag_run"].run_after).isoformat()
        told = self.owed(as_of)
        for one in told["awaited"]:
            self.log.info("waits for %s of %s (%s); owner: %s", one["feed"], one["covers"], one["if_late"], one["owner"])
            self.land(one["feed"])
        told = self.owed(as_of) if told["awaited"] else told
        return PokeReturnValue(not told["awaited"], told["came"])

    def owed(self, as_of: str) -> dict[str, Any]:
        done = door("owed", "--as-of", as_of, "--json")
        if done.returncode:
            raise failure(done.returncode, self.subject, [*done.stdout.splitlines(), *done.stderr.splitlines()])
        return json.loads(done.stdout)

    def land(self, feed: str) -> None:
        """What fails is said, and tried at the next look: it has come late already."""
        done = door("land", "--feed", feed, connection=self.connections.get(feed))
        for line in tail(done.stderr.splitlines()):
            self.log.info("%s", line)


def door(*words: str, connection: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "jobs", *words], cwd=ROOT, env={**os.environ, **environment(connection)},
                          capture_output=True, text=True, encoding="utf-8", check=False)
