"""What people mean by a record and by an enterprise, and what is known of the record."""
from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from jobs.answers.decision_files import DecisionRefused
from jobs.answers.questions import released
from jobs.declarations import Declarations
from jobs.stores.ledger import Ledger

SUBJECT = ("subject_name", "credit_code", "organisation_code", "registration_number", "tax_number")
SHORTEST = 6  # characters that may stand for a whole id
SUBJECTS = """
    select a.id as asked, l.subject as meant from unnest(cast(:ids as text[])) a(id) join credit.links l on l.fact_id = a.id
    union select a.id, l.subject from unnest(cast(:ids as text[])) a(id) join credit.links l on l.subject = a.id
    union select a.id, q.subject from unnest(cast(:ids as text[])) a(id) join credit.review_queue q on q.review_id = a.id"""
BEGINNINGS = """
    select distinct a.id as asked, q.subject as meant from unnest(cast(:ids as text[])) a(id) join credit.review_queue q
      on starts_with(q.subject, a.id) or starts_with(q.fact_id, a.id) or starts_with(q.review_id, a.id)"""
ENTERPRISES = """
    select a.id as asked, e.enterprise_id as meant from unnest(cast(:ids as text[])) a(id)
      join credit.enterprises e on e.enterprise_id = a.id
    union select a.id, i.enterprise_id from unnest(cast(:ids as text[])) a(id) join credit.identifiers i on i.value = a.id"""


@dataclass(frozen=True)
class Meant:
    """What each word that was typed stands for, where it is one thing."""

    what: str
    found: dict[str, set[str]]

    @property
    def meant(self) -> dict[str, str]:
        return {asked: min(found) for asked, found in self.found.items() if len(found) == 1}

    def fault(self, asked: str) -> str | None:
        number = len(self.found.get(asked, ()))
        return None if number == 1 else f"{self.what} {asked!r}: {number or 'none'} of the last release is meant"


def looked_up(ledger: Ledger, what: str, sql: str, ids: Collection[str]) -> Meant:
    if not released(ledger):
        raise DecisionRefused("nothing is released yet, so there is no record to decide on: `python -m jobs night` first")
    found: dict[str, set[str]] = {}
    for row in ledger.rows(sql, ids=sorted(id for id in ids if id)):
        if row["meant"]:
            found.setdefault(row["asked"], set()).add(row["meant"])
    return Meant(what, found)


def subjects_of(ledger: Ledger, ids: Collection[str]) -> Meant:
    """The subjects of records; one that waits for a person may be named by the beginning of its id."""
    whole = looked_up(ledger, "record", SUBJECTS, ids)
    short = {id for id in ids if id and id not in whole.found and len(id) >= SHORTEST}
    return Meant("record", {**looked_up(ledger, "record", BEGINNINGS, short).found, **whole.found}) if short else whole


def enterprises_of(ledger: Ledger, ids: Collection[str]) -> Meant:
    """The enterprises of the index by id or by any number of theirs."""
    return looked_up(ledger, "enterprise", ENTERPRISES, ids)


def said_of(ledger: Ledger, declarations: Declarations, subjects: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of each subject the name and the numbers it stands for: as the review queue tells, else as its acts are served."""
    queued = ledger.rows("select distinct subject, said from credit.review_queue where subject = any(:ids) and said is not null",
                         ids=sorted(subjects))
    told = {row["subject"]: json.loads(row["said"]) for row in queued}
    others = ledger.rows("""select subject, category, array_agg(fact_id order by fact_id) as facts from credit.links
        where subject = any(:ids) group by 1, 2 order by 1, 2""", ids=sorted(set(subjects) - set(told)))
    for row in others:
        if found := as_served(ledger, declarations, row):
            told.setdefault(row["subject"], found)
    return told


def as_served(ledger: Ledger, declarations: Declarations, of: dict[str, Any]) -> dict[str, Any] | None:
    """The name and numbers of one of these facts, where it stands for an act that is served."""
    category = declarations.categories.get(of["category"])
    if category is None or of["category"] == "registration":
        return None
    names = [name for name in SUBJECT if name in category.fields]
    if not names:
        return None
    rows = ledger.rows(f"""select {', '.join(names)} from credit.{category.served_table} where fact_id = any(:facts)
                           order by fact_id limit 1""", facts=of["facts"])
    return {name: value for name, value in rows[0].items() if value} if rows else None
