"""What stood behind the index when the release was made, and what did not: feeds that never came, are late, or were held."""
from __future__ import annotations

from typing import Any

from jobs.answers import nights, owing
from jobs.declarations import Declarations
from jobs.stores.ledger import Ledger

OF_INDEX = ("registration", "registration_change")  # whose facts say who there is


def not_covered(ledger: Ledger, declared: Declarations, release: dict[str, Any]) -> list[dict[str, Any]]:
    """Each feed that lacks something in the release, with its state and the days that are lacking; those of the index first.

    never: nothing of it was ever read; late: due by then and not come; held, refused, quarantined: came and does not count.
    """
    as_of, known_at = release["as_of"], release["known_at"]
    came = {row["feed"] for row in nights.taken(ledger, as_of, known_at) if row["delivery_status"] == "received"}
    lacking: dict[tuple[str, str], set[Any]] = {(feed, "never"): set() for feed in declared.feeds.keys() - came}
    for one in owing.owed(owing.of_ledger(ledger, declared, as_of, known_at), known_at):
        lacking.setdefault((one.feed.feed, "late"), set()).add(one.covers)
    for row in nights.refused(ledger, as_of, known_at):
        lacking.setdefault((row["feed"], row["state"]), set()).add(row["covers"])
    told = [{"feed": feed, "state": state, "days": sorted(map(str, days)), "of_index": of_index(declared, feed)}
            for (feed, state), days in lacking.items()]
    return sorted(told, key=lambda one: (not one["of_index"], one["feed"], one["state"]))


def of_index(declared: Declarations, feed: str) -> bool:
    """Whether the index is made of the feed's facts."""
    return feed in declared.feeds and declared.feeds[feed].category in OF_INDEX


def in_words(lacking: list[dict[str, Any]]) -> str:
    """The feeds on one line: `city_registry late 2026-11-20`."""
    return "; ".join(" ".join([one["feed"], one["state"], *one["days"][-1:]]) for one in lacking)
