"""The page a person reads in the Airflow UI when something broke: what it does, what can go wrong, how to rerun."""
from __future__ import annotations

from jobs.declarations.feeds import Feed
from plugins.failures import FINAL, MEANING, Subject


def exit_codes() -> str:
    rows = [f"| {code} | {said} | {'no' if code in FINAL else 'yes'} |" for code, said in MEANING.items() if code]
    return "\n".join(["| exit code | means | retried |", "|---|---|---|", "| 0 | done | |", *rows])


def bullets(lines: list[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def page(title: str, does: str, wrong: list[str], look: list[str], subject: Subject) -> str:
    """One runbook; every DAG and every task has the same six parts."""
    rerun = f"Clear the task here, or type `{subject.command}`: the same inputs make the same result once."
    places = [*look, f"declared in `{subject.declaration}`", f"writes {subject.tables}", f"owner: {subject.owner}"]
    return "\n\n".join([
        f"## {title}", f"**What it does.** {does}", "**What can go wrong.**", bullets(wrong), exit_codes(),
        f"**How to rerun.** {rerun}", "**Where to look.**", bullets(places)])


def feed_page(feed: Feed, subject: Subject) -> str:
    """The runbook of one feed, from its declaration."""
    due = f"{feed.deadline.time} (Asia/Shanghai) on working day {feed.deadline.working_days} after D"
    does = (f"Takes what `{feed.organ}` ({feed.level}) delivered: {feed.category}, {feed.snapshot}. "
            f"Legal basis: {feed.legal_basis}. "
            f"Delivers on `{feed.schedule}` (cron); looked for every day, so that what comes late is in the next night. "
            "Keeps the bytes as received, reads them once into rows, writes the delivery into the ledger. No Spark.")
    broken = ("a file cannot be read: it is **quarantined**, the task ends well, the night goes on without it; ask the "
              "organ for a good one and land again")
    connection = getattr(feed.transport, "connection", None)
    unreached = (f"connection `{connection}` cannot be reached or is not set (exit code 3): the task is retried, the other feeds "
                 "go on, nothing is lost; how to set it: `docs/transports.md`")
    by_hand = ("handed over by people: this task finds nothing; "
               f"`python -m jobs land --feed {feed.feed} FILE --by NAME --because REASON`")
    about = [unreached] if connection else [by_hand] if feed.transport.kind == "upload" else []
    absent = f"nothing came: the task ends well; day D is late after {due}, which the night's summary says"
    header = "the header changed: correct the labels in the declaration; its examples are tests"
    last = f"select * from credit.deliveries where feed = '{feed.feed}' order by received_at desc"
    look = ["the closing summary of the night for lateness (`jobs/answers/lateness.py`, over the ledger)",
            f"its deliveries: `python -m jobs sql \"{last}\"`"]
    return page(f"{feed.zh} · {feed.en}", does, [*about, broken, absent, header], look, subject)
