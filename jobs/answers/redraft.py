"""The new version of a feed whose files changed: drawn from the delivery that was held and those admitted before it."""
from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.drift import Drift, drift
from jobs.answers.drafting.drift_report import Redraft, as_data, as_text
from jobs.answers.drafting.heading import is_label
from jobs.answers.drafting.renewed import Renewal, examples, renewed
from jobs.answers.drafting.side_words import words
from jobs.answers.drafting.taken import Taken, batches, columns, taken
from jobs.answers.drafting.trial import Account, tried_again
from jobs.answers.drafting.version_text import marks, renewed_text
from jobs.declarations import DeclarationError, Declarations, among
from jobs.declarations.feeds import Feed
from jobs.declarations.files import Loader
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.values.names import is_probably_person

LEAST_NAME = 3  # letters: 单位 and 金额 look like names too


def redraft(settings: Settings, declared: Declarations, feed: str, delivery: str | None, out: Path | None,
            as_json: bool) -> tuple[str, str]:
    """What is printed, and the report beside it; the file is written where `out` says, and none is overwritten."""
    if feed not in declared.feeds:
        raise DeclarationError(f"--feed: {feed!r} is unknown; {among(feed, declared.feeds)}")
    database.up(settings)
    with database.engine(settings).connect() as connection:
        one = redrafted(settings, declared, taken(Ledger(connection), feed, delivery))
    if out and one.text:
        out.write_text(one.text, encoding="utf-8")
    if as_json:
        return json.dumps(as_data(one), ensure_ascii=False, indent=1), ""
    if out and one.text:
        return f"{out} is written; fill in what is to fill, then put it in the place of config/feeds/{feed}.yml", as_text(one)
    return one.text, as_text(one)


def redrafted(settings: Settings, declared: Declarations, of: Taken) -> Redraft:
    """The comparison, the proposal, and what it makes of the deliveries."""
    every, knows = declared.feeds[of.one["feed"]], Dictionary(declared)
    version = every.on(of.one["covers"])
    found = drift(version, columns(settings, of.before), columns(settings, [of.one]), of.one["header"], knows, declared)
    if why := of_data(found, knows):
        return Redraft(of, found, [], "", False, why, [], data=True)
    said = words(found, knows, declared)
    one = renewed(found, said, declared)
    if why := refused(every, of.one["covers"], one):
        return Redraft(of, found, said, "", False, why, accounts(settings, declared, every, of))
    text, feed = proposed(every, found, one, of.one["covers"] - timedelta(days=1), declared)
    return Redraft(of, found, said, text, one.versioned, "", accounts(settings, declared, feed, of))


def of_data(found: Drift, knows: Dictionary) -> str:
    """Why the header may be a row of data, of which nothing is shown."""
    fresh = [line.label for line in found.lines if line.state == "new"]
    none = not any(line.state in ("stayed", "exchanged") for line in found.lines)
    if any(not is_label(label) or (is_probably_person(label) and not knows.knows(label) and (none or len(label) >= LEAST_NAME))
           for label in fresh):
        return "labels of the header look like data; is it another line (format.title_rows, header_rows)?"
    return ""


def refused(every: Feed, covers: date, one: Renewal) -> str:
    """Why nothing is proposed."""
    if not (one.keys or marks(one)):
        return "the declaration in force has every label and word of this delivery"
    ends = every.earlier[-1].until if every.earlier else date.min
    if one.versioned and covers - timedelta(days=1) <= ends:
        return f"the day it covers, {covers}, is not after {ends}, when the version before the newest ended: is that day right?"
    return ""


def proposed(every: Feed, found: Drift, one: Renewal, until: date, declared: Declarations) -> tuple[str, Feed]:
    """The text of the file, and the feed that it says with stand-ins for what is to fill."""
    path = declared.folder / "feeds" / f"{every.feed}.yml"
    source = path.read_text(encoding="utf-8")
    feed = said(renewed_text(source, one, found.version, until), every)
    one.examples = list(examples(found.version, feed, found, declared)) if one.versioned else []
    return renewed_text(source, one, found.version, until), feed


def said(text: str, before: Feed) -> Feed:
    """The feed that a proposed text says: what is tried is what would be in the file."""
    told: dict[str, Any] = yaml.load(text, Loader)
    told["fields"] = {name: source for name, source in told["fields"].items() if source is not None}
    told["examples"] = told["examples"] or [before.examples[0].model_dump()]
    for version in told.get("earlier", ()):
        version["because"] = version["because"] or "to fill"
    return Feed.model_validate(told)


def accounts(settings: Settings, declared: Declarations, feed: Feed, of: Taken) -> list[tuple[dict[str, Any], Account]]:
    return [(row, tried_again(feed, row, batches(settings, row), declared)) for row in (of.one, *of.before)]
