"""The parts of a summary, each a few lines of plain text that may be empty."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from jobs.answers import nights, releases
from jobs.answers.lateness import lateness
from jobs.answers.layout import clipped, counted, shown, table
from jobs.answers.match_words import of_tier
from jobs.answers.nights import Night
from jobs.declarations import Declarations
from jobs.stores.ledger import Ledger
from jobs.values.dates import Calendar

WIDE = 170
WHY = {"reject": 70, "flaw": 50}  # columns of the reasons, beside the name of a feed and how many more there are
FEW = 8
ORDER = ("standardise", "match", "assemble", "grade", "publish")
STATES = ("active", "ended", "suspended")
ALL_REFUSED = "python -m jobs sql --csv \"select * from ledger.deliveries where delivery_status <> 'received'\", and status"
ALL_FAILED = 'python -m jobs sql "select * from ledger.check_results where not success"'


def titled(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def opening(night: Night, runs: list[dict[str, Any]]) -> list[str]:
    """Which night, how it ended, and what of it was new."""
    last = runs[-1] if runs else None
    passed = last is not None and last["run_status"] == "passed"
    if last is None:
        how = "NOT BEGUN"
    elif not passed:
        how = f"{(last['run_status'] or 'interrupted').upper()} at {last['stage']}"
    else:
        ended = last["stage"] == "publish"
        how = releases.ended(night.ledger, last["inputs_hash"]) if ended else f"UNFINISHED after {last['stage']}"
    new = f"{len(night.delivery_metrics):,} deliveries with {sum(row['rows_received'] for row in night.delivery_metrics):,} rows"
    made = [stage for stage, seconds in night.seconds.items() if seconds]
    return [f"NIGHT OF {night.as_of} · known until {shown(night.known_at)} (Shanghai) · {how}",
            f"new this time: {new if night.delivery_metrics else 'no deliveries'}; "
            f"stages done: {', '.join(made) or ('none, all stood already' if passed else 'none')}"]


# ---- what came in

def feeds(night: Night, admissions: list[dict[str, Any]]) -> list[str]:
    """Per feed, over all deliveries the night stands on: every row in has a row out."""
    told = nights.by_feed(admissions)
    if not told:
        return titled("FEEDS", ["no delivery is admitted yet: `python -m jobs land`"])
    late = late_by_feed(night.declarations, nights.taken(night.ledger, night.as_of, night.known_at), night.as_of)
    total = sum(told.values(), Counter())
    rows = [[name, counts["deliveries"], *(counts[column] for column in nights.COUNTS), late.get(name, "")]
            for name, counts in [*told.items(), ("all", total)]]
    head = ["feed", "deliveries", "rows", "kept", "rejected", "duplicate", "household", "person", "facts", "flaws", "deadline"]
    return titled("FEEDS  (rows = kept + rejected + duplicate + household + person)", table(head, rows))


def late_by_feed(declarations: Declarations, deliveries: list[dict[str, Any]], as_of: Any) -> dict[str, str]:
    """`3 late (up to 26.0 h), 1 missing`, `2 provisional` in a year without a calendar; `on time` where nothing is."""
    calendar = Calendar.load(declarations.folder / "codes" / "working_days.csv")
    told: dict[str, list[dict[str, Any]]] = {}
    for row in lateness(declarations, deliveries, calendar, as_of):
        told.setdefault(row["feed"], []).append(row)
    return {feed: said_late(rows) for feed, rows in told.items()}


def said_late(rows: list[dict[str, Any]]) -> str:
    late = [row["hours_late"] for row in rows if row["state"] == "late"]
    states = Counter(row["state"] for row in rows)
    parts = [f"{len(late)} late (up to {max(late):,.1f} h)"] if late else []
    return ", ".join([*parts, *(f"{states[name]} {name}" for name in ("missing", "provisional") if states[name])]) or "on time"


def reasons(night: Night, admissions: list[dict[str, Any]]) -> list[str]:
    told = nights.reasons(night.ledger, admissions)
    rows = [[feed, *(few(told[feed, kind], width) if (feed, kind) in told else "" for kind, width in WHY.items())]
            for feed in sorted({feed for feed, _ in told})]
    head = ["feed", "rejects: how often, field, reason", "flaws: how often, field, reason"]
    return titled("WHY rows were rejected, and values emptied or flagged", table(head, rows, longest=WHY["reject"] + 12))


def few(counts: Counter[str], width: int) -> str:
    """The most frequent that fit the width, and how many more there are."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    while len(counted(ordered)) > width and len(ordered) > 1:
        ordered.pop()
    rest = len(counts) - len(ordered)
    return counted(ordered) + (f" and {rest} more" if rest else "")


def not_admitted(night: Night) -> list[str]:
    told = refused(nights.refused(night.ledger, night.as_of, night.known_at))
    short = [clipped(line, WIDE) for line in told[:2 * FEW]]
    return titled("NOT IN THE RELEASE", short if short == told else [*short, f"all {len(told):,} of them, whole: {ALL_REFUSED}"])


def refused(rows: list[dict[str, Any]]) -> list[str]:
    """What was quarantined, refused or held: feed, file and why."""
    return [f"{row['state']:<11} {row['feed']}: {said_of(row)}" for row in rows]


def said_of(row: dict[str, Any]) -> str:
    """The file and why; most messages begin with the file already."""
    told = shown(row["message"] or row["reason"])
    return told if told.startswith(row["source_name"]) else f"{row['source_name']}: {told}"


UNREAD = {"warned": "LABELS NOBODY DECLARES (not read; declare or ignore them in config/feeds)",
          "refused": "COLUMNS REFUSED (not read; no line of config/catalogue.yml allows them to be collected)"}


def labels(night: Night, admissions: list[dict[str, Any]]) -> list[str]:
    """The columns that were not read, by why."""
    told = {title: nights.unread_labels(night.ledger, admissions, metric) for metric, title in UNREAD.items()}
    return [line for title, by_feed in told.items()
            for line in titled(title, [f"{feed}: {few(counts, WIDE - 30)}" for feed, counts in sorted(by_feed.items())])]


# ---- what was made of it

def links(metrics: dict[str, Any]) -> list[str]:
    told = [f"{of_tier(tier) if tier.isdigit() else 'linked to nobody'} {count:,}"
            for tier, count in sorted(metrics["tiers"].items())]
    pending = f"pending (adverse, linked in doubt; in no file, grade or list) {metrics['pending']:,}"
    conflicts = f"conflicts in the index (table index_conflicts) {sum(metrics['conflicts'].values()):,}"
    return titled("LINKS  of facts to enterprises", [" · ".join(told), f"{pending} · {conflicts}"])


def files(metrics: dict[str, Any]) -> list[str]:
    by_category: dict[str, Counter[str]] = {}
    for row in metrics["events"]:
        counts = by_category.setdefault(row["category"], Counter())
        counts.update({row["state"]: row["events"], "several": row["of_several_feeds"]})
    rows = [[name, *(counts[state] for state in STATES), counts["several"]] for name, counts in sorted(by_category.items())]
    lost = counted(metrics["losing_values"].items())
    return titled(f"CREDIT FILES  {metrics['enterprises']:,} enterprises · losing values kept: {lost}",
                  table(["events", *STATES, "of several feeds"], rows))


def judgements(metrics: dict[str, Any]) -> list[str]:
    bands: dict[str, list[str]] = {}
    for row in metrics["grades"]:
        bands.setdefault(row["scheme"], []).append(f"{row['grade']} {row['count']:,}")
    lines = [f"grades {scheme}: {' · '.join(told)}" for scheme, told in bands.items()]
    lines.append("findings: " + counted((row["rule_id"], row["count"]) for row in metrics["findings"]))
    entries = ((f"{row['list']} ({row['origin']})", row["count"]) for row in metrics["list_entries"])
    lines.append(f"list entries: {counted(entries)}")
    return titled("GRADES AND LISTS  (grades are previews, proposals are internal)", lines)


TOLD: dict[str, Callable[[dict[str, Any]], list[str]]] = {"match": links, "assemble": files, "grade": judgements}


def gates(ledger: Ledger, run_ids: list[str]) -> list[str]:
    """Each stage's suites in one line, then whatever did not hold, with why it stands."""
    results = nights.checks(ledger, run_ids)
    by_stage: dict[str, list[dict[str, Any]]] = {}
    for row in results:
        by_stage.setdefault(row["stage"], []).append(row)
    rows = [[stage, len({row["suite"] for row in told}), len(told), broken(told, "fail"), broken(told, "warn")]
            for stage, told in sorted(by_stage.items(), key=lambda pair: ORDER.index(pair[0]))]
    said = [f"{row['severity']} {row['suite']} {row['position']}: {row['expectation']}: {row['unexpected_count']:,} rows"
            f"{by_feed(row['keys'])}; {row['because']}" for row in results if not row["success"]]
    head = ["stage", "suites", "expectations", "failed", "warned"]
    return titled("GATES", [*table(head, rows), *(clipped(line, WIDE) for line in said)]) if rows else []


def by_feed(keys: list[dict[str, Any]]) -> str:
    """How many rows of which feed, where the check counts by feed."""
    counts = [(key["feed"], key["rows"]) for key in keys if {"feed", "rows"} <= set(key)]
    return f" ({counted(counts)})" if counts else ""


def broken(results: list[dict[str, Any]], severity: str) -> int:
    return sum(not row["success"] and row["severity"] == severity for row in results)


def release(night: Night, run: dict[str, Any] | None) -> list[str]:
    """The release of these inputs; where there is none, the one that stands."""
    wanted = run["inputs_hash"] if run and run["run_status"] == "passed" else None
    found = night.ledger.rows("""
        select * from credit.releases where release_id = :wanted or (cast(:wanted as text) is null and release_status = 'served')
        order by sequence desc limit 1""", wanted=wanted)
    if not found:
        return titled("RELEASE", ["none yet"])
    row = found[0]
    if not wanted:
        which = f"{row['release_id']} (sequence {row['sequence']}, as of {row['as_of']})"
        return titled("RELEASE", [f"the last one stands: {which}; withdrawals take effect"])
    return titled("RELEASE", [
        f"release       {row['release_id']}", f"sequence      {row['sequence']}  ({row['release_status']})",
        *releases.served_instead(night.ledger, row),
        f"content hash  {row['content_hash']}", f"supersedes    {row['supersedes'] or 'none'}",
        f"changes       {changes(night, row['release_id'])}",
        f"files         {(folder := night.settings.home / 'releases' / row['release_id'])}",
        f"checks        {folder / 'checks' / 'index.html'}"])


def changes(night: Night, release_id: str) -> str:
    rows = night.ledger.rows("""
        select table_name, change, count(*) from credit.release_delta where release_id = :id group by 1, 2""", id=release_id)
    total: Counter[str] = Counter()
    for row in rows:
        total[row["change"]] += row["count"]
    return f"{counted(total.items())} in {len({row['table_name'] for row in rows})} tables"


def seconds(night: Night, runs: list[dict[str, Any]]) -> list[str]:
    return titled("SECONDS", [" · ".join(took(run, night.seconds.get(run["stage"])) for run in runs)])


def took(run: dict[str, Any], seconds: float | None) -> str:
    """How long a stage took now; of one that stood already, how long it took then."""
    if seconds:
        return f"{run['stage']} {seconds:.1f}"
    then = f"{(run['finished_at'] - run['started_at']).total_seconds():.1f}" if run["finished_at"] else "not ended"
    return f"{run['stage']} {'stood already, took' if run['run_status'] == 'passed' else run['run_status']} {then}"


def following(night: Night, runs: list[dict[str, Any]]) -> list[str]:
    """What a person types next."""
    if not runs or runs[-1]["run_status"] != "passed" or runs[-1]["stage"] != "publish":
        told = clipped(shown(runs[-1]["message"]), WIDE) if runs else "no stage began"
        again = f"when the cause is gone: python -m jobs night --as-of {night.as_of} (what passed is not done again)"
        return titled("WHAT TO DO", [told, f"the whole message stands below; failed checks by row: {ALL_FAILED}", again])
    found = night.ledger.rows("""
        (select enterprise_id from credit.list_entries order by entry_id limit 1) union all
        (select enterprise_id from credit.events order by event_id limit 1) union all
        (select enterprise_id from credit.enterprises order by enterprise_id limit 1) limit 1""")
    example = [f"python -m jobs explain {row['enterprise_id']}" for row in found]
    asking = 'python -m jobs sql "select grade, count(*) from grades group by 1 order by 1"'
    return titled("NEXT", ["make ui   (the same night as Airflow shows it)", *example, asking, "python -m jobs describe"])


def next_stage(night: Night, stage: str) -> list[str]:
    after = ORDER[ORDER.index(stage) + 1:]
    command = f"{after[0]} --as-of {night.as_of} --known-at {night.known_at.isoformat()}" if after else "status"
    return titled("NEXT", [f"python -m jobs {command}"])
