"""The night: every calendar day after the cut-off, one at a time; a task is a stage is the command a person types."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG, Asset, CronTriggerTimetable, Param, chain, task

from jobs.declarations import load
from jobs.declarations.settings import settings
from plugins import stages
from plugins.nights import SHANGHAI, times
from plugins.operators import SparkStage
from plugins.sensors import OwedSensor

SETTINGS = settings()
DECLARED = load(SETTINGS.config)
TIMES = "{{ ti.xcom_pull(task_ids='fix_times')['%s'] }}"


@task(doc_md=stages.TIMES_PAGE)
def fix_times(params: dict[str, Any], dag_run: Any, ti: Any) -> dict[str, str]:
    """Business date and cut-off of this run, decided once: a cleared stage runs again for the same night."""
    came = ti.xcom_pull(task_ids="wait")
    return times(params, dag_run.run_after, dag_run.run_type == "scheduled", SETTINGS.night.cut_off, came)


def submit(stage: stages.Stage) -> SparkStage:
    """The task of one stage, its gate inside."""
    subject = stages.subject(stage, DECLARED)
    reads = [f"feed/{feed}" for feed in DECLARED.feeds] if stage.reads_feeds else stage.reads
    return SparkStage(
        task_id=stage.name, name=f"credit {stage.name}", settings=SETTINGS, subject=subject,
        arguments=[stage.name, "--as-of", TIMES % "as_of", "--known-at", TIMES % "known_at"],
        inlets=[Asset(name) for name in reads], outlets=[Asset(name) for name in stage.writes],
        doc_md=stages.runbook(stage, subject), execution_timeout=timedelta(hours=6),
    )


with DAG(
    dag_id="night", dag_display_name="夜间处理 night", description="From files as received to one published release",
    doc_md=stages.NIGHT_PAGE, tags=["night", "release"],
    schedule=CronTriggerTimetable(SETTINGS.night.schedule, timezone="Asia/Shanghai"),
    start_date=datetime(2026, 1, 1, tzinfo=SHANGHAI), catchup=False, max_active_runs=1,
    params={
        "as_of": Param(None, type=["null", "string"], format="date",
                       description="Business date; empty: the day of the run"),
        "known_at": Param(None, type=["null", "string"], format="date-time",
                          description="What is known until; empty: the cut-off (by schedule), the trigger (by hand)"),
    },
    default_args={"owner": stages.OWNER, "retries": 2, "retry_delay": timedelta(minutes=5)},
) as night:
    waiting = OwedSensor(
        task_id="wait", subject=stages.WAIT, doc_md=stages.WAIT_PAGE, poke_interval=120, timeout=86_400,
        connections={name: getattr(feed.transport, "connection", None) for name, feed in DECLARED.feeds.items()})
    chain(waiting, fix_times(), *[submit(stage) for stage in stages.STAGES])
