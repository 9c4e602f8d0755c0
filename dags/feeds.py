"""One DAG per file of config/feeds: it lands what the feed delivered, at the feed's own time of day."""
from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import DAG, Asset, CronTriggerTimetable

from jobs.declarations import load
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import settings
from plugins.failures import Subject
from plugins.nights import SHANGHAI
from plugins.operators import JobsCommand
from plugins.runbooks import feed_page


def landing(feed: Feed) -> Subject:
    """What the landing of this feed is, for its messages and its runbook."""
    return Subject(what=f"Landing the feed {feed.feed}", declaration=f"config/feeds/{feed.feed}.yml",
                   tables="ledger.deliveries, raw objects and their rows", owner=feed.owner,
                   command=f"python -m jobs land --feed {feed.feed}")


def every_day(schedule: str) -> str:
    """The declared time on every day: what comes late is landed for the next night, not on the feed's next turn."""
    minute, hour, *_ = schedule.split()
    return f"{minute} {hour} * * *"


def feed_dag(feed: Feed) -> DAG:
    """Lands this feed; one at a time, no catching up: what lies in the inbox is taken whenever it runs."""
    runbook = feed_page(feed, landing(feed))
    with DAG(
        dag_id=f"feed_{feed.feed}", dag_display_name=f"{feed.zh} {feed.feed}", description=feed.en, doc_md=runbook,
        schedule=CronTriggerTimetable(every_day(feed.schedule), timezone="Asia/Shanghai"),
        start_date=datetime(2026, 1, 1, tzinfo=SHANGHAI), catchup=False, max_active_runs=1,
        tags=["feed", feed.level, feed.category],
        default_args={"owner": feed.owner, "retries": 2, "retry_delay": timedelta(minutes=5)},
    ) as dag:
        JobsCommand(task_id="land", arguments=["land", "--feed", feed.feed], subject=landing(feed), doc_md=runbook,
                    connection=getattr(feed.transport, "connection", None), outlets=[Asset(f"feed/{feed.feed}")],
                    execution_timeout=timedelta(hours=1))
    return dag


for declared in load(settings().config).feeds.values():
    feed_dag(declared)
