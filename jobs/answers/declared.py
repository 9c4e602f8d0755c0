"""What a changed declaration means for deliveries decided before: read by another one, or held to other bounds."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from jobs.answers.layout import SHANGHAI, table
from jobs.answers.sections import titled
from jobs.declarations import DeclarationError, Declarations, among
from jobs.declarations.bounds import unexplained
from jobs.declarations.feeds import Feed
from jobs.declarations.reading import digest
from jobs.stores.ledger import Ledger
from jobs.values.persons import KEYED

STALE = """
    select feed, count(*) as deliveries, min(covers) as since from (
      select distinct on (a.delivery_id) d.feed, d.covers, a.read_by
      from ledger.admissions a join ledger.standing(:known_at) d using (delivery_id)
      where a.known_at <= :known_at and d.covers <= :as_of
      order by a.delivery_id, a.known_at desc, a.run_id desc) newest
    join unnest(cast(:feeds as text[]), cast(:ended as date[]), cast(:until as date[]), cast(:digests as text[]))
      as version (of, ended, until, digest) on of = feed and covers > ended and covers <= until
    where read_by <> digest group by feed order by feed"""
BEFORE = """
    with last as (
      select distinct on (d.feed) d.feed, r.declarations_digest as digest
      from ledger.admissions a join ledger.deliveries d using (delivery_id) join ledger.runs r using (run_id)
      where d.feed = any(:feeds) order by d.feed, a.known_at desc, a.run_id desc)
    select last.feed, c.content ->> concat(cast(:folder as text), '/feeds/', last.feed, '.yml') as said
    from last join ledger.declarations c using (digest) where digest <> :digest"""


def told_tokens(declarations: Declarations, has_key: bool) -> list[str]:
    """Where tokens of persons are declared and no key is set, that nobody has one."""
    fed = {name for feed in declarations.feeds.values() for name in feed.fields}
    tokens = sorted(name for name in fed if declarations.fields[name].cleaner in KEYED)
    if has_key or not tokens:
        return []
    return [f"TOKENS  {', '.join(tokens)}: null everywhere, as CREDIT_PERSON_KEY (KEY_ID:SECRET) is not set; "
            "nothing is matched by it"]


def stale(ledger: Ledger, declarations: Declarations, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
    """For each feed the deliveries whose newest decision was made under another reading of their day: how many, the first day
    covered.

    Those decided before readings were recorded are not told.
    """
    told = [one for feed in declarations.feeds.values() for one in versions(feed, declarations)]
    feeds, ended, until, digests = map(list, zip(*told, strict=True))
    return ledger.rows(STALE, as_of=as_of, known_at=known_at, feeds=feeds, ended=ended, until=until, digests=digests)


def versions(feed: Feed, declarations: Declarations) -> Iterator[tuple[str, date, date, str]]:
    """Each version of the feed: the day on which the one before it ended, its own last day, and by what it reads."""
    days = [date.min, *(one.until for one in feed.earlier), date.max]
    for ended, until in pairwise(days):
        yield feed.feed, ended, until, digest(declarations, feed.feed, until)


def read_anew(ledger: Ledger, declarations: Declarations, feed: str | None, since: date | None) -> tuple[str, ...] | None:
    """The past deliveries that are read anew, by feed and first day covered: both are said, or neither."""
    if (feed is None) != (since is None):
        raise DeclarationError("--feed and --since go together: which deliveries of which feed are read anew")
    if feed is None or since is None:
        return None
    if feed not in declarations.feeds:
        raise DeclarationError(f"--feed: {feed!r} is unknown; {among(feed, declarations.feeds)}")
    return ledger.covering(feed, since)


def told_stale(rows: list[dict[str, Any]]) -> list[str]:
    """The stale deliveries, and what reads them anew: no night does that by itself."""
    lines = table(["feed", "deliveries", "covering since"], [[row["feed"], row["deliveries"], row["since"]] for row in rows])
    anew = [f"python -m jobs standardise --feed {row['feed']} --since {row['since']}" for row in rows]
    return titled("STALE  read under a declaration that has changed since; no night reads them anew",
                  [*lines, *anew] if rows else [])


def refuse_unexplained(ledger: Ledger, declarations: Declarations) -> None:
    """Raises DeclarationError where a bound of a feed is another than at its last decision and nothing says why."""
    folder = declarations.folder
    for row in ledger.rows(BEFORE, feeds=list(declarations.feeds), folder=folder.name, digest=declarations.digest):
        if row["said"] and (faults := unexplained(row["said"], declarations.feeds[row["feed"]])):
            raise DeclarationError(f"{folder / 'feeds' / row['feed']}.yml: volume: changed without a reason: "
                                   f"{'; '.join(faults)}; say it under volume.changed: {{since, bound, was, now, because}}")


# ---- full snapshots

def told_snapshots(metrics: dict[str, Any]) -> list[str]:
    """How complete the last full snapshot of each feed is, beside the one before it."""
    rows = [[*(row[name] for name in ("feed", "covers", "compared_with", "entries_before", "missing")),
             f"{row['share_missing']:.1%}"] for row in metrics.get("completeness", [])]
    return titled("SNAPSHOTS  what the last one no longer shows (select * from snapshot_changes)",
                  table(["feed", "covers", "compared with", "entries then", "missing", "share"], rows) if rows else [])


def known_until(asked: datetime | None, now: datetime) -> datetime:
    """What is known: now, or at the earlier moment asked for; a later one is refused (design law 4)."""
    if asked and asked > now:
        raise DeclarationError(f"--known-at {asked.isoformat()} is still to come; now is {now.isoformat()}")
    return asked or now


def business_date(asked: date | None, known_at: datetime, now: datetime) -> date:
    """The date asked for, else that of what is known; a day still to come is refused: it would be served before today."""
    today = now.astimezone(SHANGHAI).date()
    if asked and asked > today:
        raise DeclarationError(f"--as-of {asked} is still to come; today is {today}")
    return asked or known_at.astimezone(SHANGHAI).date()


def unfolded(content: dict[str, str], folder: Path) -> Path:
    """The configuration of declarations that were kept whole, as files again below `folder`."""
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / next(Path(name).parent for name in content if name.endswith("fields.yml"))
