"""The page a person reads in the Airflow UI when something broke: what it does, what can go wrong, how to rerun."""
from __future__ import annotations

from jobs.declarations.feeds import Feed
from plugins.failures import FINAL, MEANING, Subject


def exit_codes() -> str:
    rows = [f"| {code} | {said} | {'no' if code in FINAL else 'twice' if code else ''} |" for code, said in MEANING.items()]
    return "\n".join(["| exit code | means | retried |", "|---|---|---|", *rows])


def page(title: str, does: str, wrong: list[str], look: list[str], subject: Subject) -> str:
    """One runbook; every DAG and every task has the same six parts."""
    return "\n\n".join([
        f"## {title}", f"**What it does.** {does}",
        "**What can go wrong.**\n" + "\n".join(f"* {line}" for line in wrong), exit_codes(),
        f"**How to rerun.** Clear the task here, or type `{subject.command}`. A rerun is safe at any point: the same inputs "
        "make the same result once.",
        "**Where to look.**\n" + "\n".join(f"* {line}" for line in [*look, f"declared in `{subject.declaration}`",
                                                                     f"writes {subject.tables}", f"owner: {subject.owner}"]),
    ])


def feed_page(feed: Feed, subject: Subject) -> str:
    """The runbook of one feed, from its declaration."""
    due = feed.deadline
    return page(
        f"{feed.zh} · {feed.en}",
        f"Takes what `{feed.organ}` ({feed.level}) delivered: {feed.category}, {feed.snapshot}, under {feed.legal_basis}. Keeps "
        "the bytes as received, reads them once into rows, writes the delivery into the ledger. No Spark.",
        ["a file cannot be read: it is **quarantined**, the task ends well and the night goes on without it; ask the organ for a "
         "good one and land again",
         f"nothing was delivered: the task ends well; it is late when day D is not here by {due.time} on working day {due.working_days} "
         "after D (Asia/Shanghai), which is said by `python -m jobs status`",
         "the header changed: correct the labels in the declaration; its examples are tests"],
        ["`python -m jobs status` for lateness and the last deliveries",
         f"`python -m jobs sql \"select * from credit.deliveries where feed = '{feed.feed}' order by received_at desc\"`"],
        subject)
