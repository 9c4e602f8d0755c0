"""The questions of the last release: whose record is it? Which organ is asked, who is offered, and for how long they wait."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jobs.answers.layout import SHANGHAI
from jobs.declarations import Declarations
from jobs.enterprises.rulings import EVERY
from jobs.stores.ledger import Ledger

UNIT = "a question is one subject, however many records say the same of it, asked of each organ apart: a row of its 回填代码"
FEW = 4  # organs named in a line
# A question is as old as the release that first told the review behind it.
TOLD = """
    (select d.key, max(r.as_of) as told_on from credit.release_delta d join credit.releases r using (release_id)
     where d.table_name = 'review_queue' and d.change = 'insert' group by d.key)"""
OPEN = f"""
    select q.subject, q.organ_code, q.asked_organ_code, min(q.said) as said, min(q.offered) as offered, count(*) as facts,
      min(q.priority) as priority, min(told.told_on) as since, array_agg(distinct q.category order by q.category) as categories,
      array_agg(distinct coalesce(q.document_no, '—') || coalesce(' ' || q.event_date, '')) as documents
    from credit.review_queue q left join {TOLD} told on told.key = q.row_key where q.waiting_on = 'organ'
    group by q.subject, q.organ_code, q.asked_organ_code order by priority, facts desc, subject, organ_code"""
ENTERPRISES = """
    select enterprise_id, name, coalesce(credit_code, organisation_code, registration_number) as number,
      registered_region as region from credit.enterprises where enterprise_id = any(:ids)"""
WAITING = f"""
    select q.waiting_on, q.asked_organ_code, min(told.told_on) as since, count(*) as facts,
      count(distinct case q.waiting_on when 'organ' then q.subject || '|' || q.organ_code else coalesce(q.subject, q.fact_id) end)
        as questions
    from credit.review_queue q left join {TOLD} told on told.key = q.row_key
    group by 1, 2 order by waiting_on, questions desc, asked_organ_code"""


@dataclass(frozen=True)
class Question:
    """Whose are the records behind one subject, asked of the organ whose acts they are; `offered` by enterprise id."""

    subject: str
    organ_code: str
    asked_organ_code: str
    said: dict[str, str]
    offered: dict[str, dict[str, Any]]
    facts: int
    since: date | None
    categories: list[str]
    documents: list[str]

    @property
    def question_id(self) -> str:
        return id_of(self.subject, self.organ_code)


def id_of(subject: str, organ_code: str) -> str:
    """The id of what an organ is asked of a subject, whichever release asks."""
    return hashlib.sha256(f"{subject}|{organ_code}".encode()).hexdigest()[:16]


def released(ledger: Ledger) -> bool:
    """Whether a release serves the review queue."""
    return ledger.rows("select to_regclass('credit.review_queue') is not null as there")[0]["there"]


def questions(ledger: Ledger, now: datetime) -> list[Question]:
    """What organs are asked and did not answer by now, what weighs most first."""
    if not released(ledger):
        return []
    found = ledger.rows(OPEN)
    answered: dict[tuple[str, str], set[str]] = {}
    for one in ledger.match_decisions(now):
        if one["role"] == "organ":
            which = EVERY if one["verdict"] == "same" else one["enterprise_id"]
            answered.setdefault((one["subject"], one["organ_code"]), set()).add(which)
    ids = sorted({id for row in found for id in row["offered"]})
    known = {row["enterprise_id"]: row for row in ledger.rows(ENTERPRISES, ids=ids)}
    return [made for row in found if (made := question(row, known, answered)).offered]


def question(row: dict[str, Any], known: dict[str, dict[str, Any]], answered: dict[tuple[str, str], set[str]]) -> Question:
    said = answered.get((row["subject"], row["organ_code"]), set())
    offered = {id: known[id] for id in row["offered"] if id in known and not {id, EVERY} & said}
    return Question(row["subject"], row["organ_code"], row["asked_organ_code"], json.loads(row["said"]), offered, row["facts"],
                    row["since"], row["categories"], row["documents"])


def waiting(ledger: Ledger) -> list[dict[str, Any]]:
    """By who is waited for and, of organs, by the one that is asked: how many questions of the release about how many records,
    and since which release's date."""
    return ledger.rows(WAITING) if released(ledger) else []


def section(ledger: Ledger, declarations: Declarations, on: date, now: datetime) -> list[str]:
    """What a summary says of them, in two lines; nothing where no release tells any."""
    rows = waiting(ledger)
    if not rows:
        return []
    names = {organ.code: organ.zh for organ in declarations.organs.values()}
    of = {whom: [row for row in rows if row["waiting_on"] == whom] for whom in ("organ", "us")}
    asked, open_ = total(of["organ"], "questions"), len(questions(ledger, now))
    answered = f", {open_:,} open and {asked - open_:,} answered since the release" if open_ < asked else ""
    theirs = f"{counted(of['organ'])}{answered}{oldest(of['organ'], on)}{by_organ(of['organ'], names)}"
    return ["", f"QUESTIONS  wait on organs: {theirs}",
            f"  whose record is it?  wait on us: {counted(of['us'])}{oldest(of['us'], on)}"]


def with_unit(ledger: Ledger, declarations: Declarations, now: datetime) -> list[str]:
    """The same as of today, with what one question is."""
    told = section(ledger, declarations, today(now), now)
    return [*told, f"  {UNIT}"] if told else []


def total(rows: list[dict[str, Any]], what: str) -> int:
    return sum(row[what] for row in rows)


def counted(rows: list[dict[str, Any]]) -> str:
    return f"{total(rows, 'questions'):,} questions about {total(rows, 'facts'):,} records" if rows else "none"


def oldest(rows: list[dict[str, Any]], on: date) -> str:
    """For how many days the oldest of them waits."""
    since = min((row["since"] for row in rows if row["since"]), default=on)
    return f"; the oldest for {(on - since).days} days" if rows else ""


def by_organ(rows: list[dict[str, Any]], names: dict[str, str]) -> str:
    told = [f"{names.get(row['asked_organ_code'], row['asked_organ_code'])} {row['questions']:,}" for row in rows[:FEW]]
    return f" ({'; '.join(told)}{'; …' if len(rows) > FEW else ''})" if told else ""


def today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
