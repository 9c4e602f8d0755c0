"""What is decided of whose record it is, what became of each decision, and who is waited for."""
from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from jobs.answers import questions
from jobs.answers.layout import table
from jobs.declarations import Declarations
from jobs.enterprises.rulings import rulings
from jobs.stores.ledger import Ledger

HEAD = ("decision", "record", "verdict", "enterprise", "by", "role", "decided at", "state")
COUNTS, SECOND = "counts", "links from the next night; an adverse fact waits for a second person"
CONTRADICTED, GONE, NOTED = "contradicted, counts for nothing", "of an enterprise that is not in the index", "noted"
TODAY = """
    select referent_id as asked, enterprise_id from credit.enterprise_referents where referent_id = any(:ids)
    union all select enterprise_id, enterprise_id from credit.enterprises where enterprise_id = any(:ids)"""


def today(ledger: Ledger, decisions: list[dict[str, Any]]) -> dict[str, str]:
    """By the enterprise that a decision was on, the one of the last release that bears its id or number."""
    ids = sorted({one["enterprise_id"] for one in decisions})
    if not questions.released(ledger):
        return dict(zip(ids, ids, strict=True))
    return {row["asked"]: row["enterprise_id"] for row in ledger.rows(TODAY, ids=ids)}


def states(ledger: Ledger, decisions: list[dict[str, Any]]) -> dict[str, str]:
    """What became of each decision that stands."""
    now = today(ledger, decisions)
    found = {one.subject: one for one in rulings(decisions, now)}
    return {one["decision_id"]: state(one, found.get(one["subject"]), one["enterprise_id"] in now) for one in decisions}


def state(one: dict[str, Any], ruling: Any, there: bool) -> str:
    if not there or ruling is None:
        return GONE
    if one["decision_id"] in ruling.contradicting:
        return CONTRADICTED
    if one["verdict"] == "unsure":
        return NOTED
    if one["verdict"] == "same" and one["role"] == "person" and not ruling.certain and not ruling.certain_for:
        return SECOND
    return COUNTS


def of(ledger: Ledger, made: list[dict[str, Any]], now: datetime) -> str:
    """The decisions just made, of whom, with what they come to; an enterprise that the engine never thought of is said."""
    told, names = states(ledger, ledger.match_decisions(now)), named(ledger, made)
    offered = {(row["subject"], row["candidate"]) for row in ledger.rows(
        """select subject, unnest(candidates) as candidate from credit.review_queue where subject = any(:ids)
           union select subject, enterprise_id from credit.links where subject = any(:ids)""",
        ids=sorted({one["subject"] for one in made}))}
    strange = " (it is none of the candidates)"
    return "\n".join(
        f"{one['decision_id']}  {record(one)}, {one['verdict']}: {names.get(one['enterprise_id'], one['enterprise_id'])}: "
        f"{told[one['decision_id']]}{'' if (one['subject'], one['enterprise_id']) in offered else strange}" for one in made)


def named(ledger: Ledger, decisions: list[dict[str, Any]]) -> dict[str, str]:
    """The name and the code of each enterprise decided on, as the last release has them."""
    found = ledger.rows("select enterprise_id, name, credit_code from credit.enterprises where enterprise_id = any(:ids)",
                        ids=sorted({one["enterprise_id"] for one in decisions})) if questions.released(ledger) else []
    return {row["enterprise_id"]: " ".join(filter(None, (row["name"], row["credit_code"]))) for row in found}


def told(ledger: Ledger, declarations: Declarations, now: datetime, as_json: bool) -> str:
    """Every decision that stands, those that contradict or wait first, and how many questions wait on whom."""
    decisions = ledger.match_decisions(now)
    became = states(ledger, decisions)
    names = named(ledger, decisions)
    rows = [{**one, "state": became[one["decision_id"]], "name": names.get(one["enterprise_id"])} for one in decisions]
    if as_json:
        asked = [{"question_id": one.question_id, **vars(one)} for one in questions.questions(ledger, now)]
        return json.dumps({"decisions": rows, "questions": asked, "waiting": questions.waiting(ledger)}, default=written,
                          ensure_ascii=False, indent=1)
    order = sorted(rows, key=lambda one: (one["state"] in (COUNTS, NOTED), one["state"], one["subject"], one["decision_id"]))
    lines = table(HEAD, map(shown, order)) if rows else ["nothing is decided yet"]
    return "\n".join([*lines, *questions.section(ledger, declarations, questions.today(now))])


def record(one: dict[str, Any]) -> str:
    said = one["said"]
    return said.get("name_key") or said.get("subject_name") or next(iter(said.values()), one["subject"])


def shown(one: dict[str, Any]) -> list[Any]:
    return [one["decision_id"], record(one), one["verdict"], one["name"] or one["enterprise_id"], one["decided_by"],
            one["organ_code"] or one["role"], one["decided_at"], one["state"]]


def written(value: date) -> str:
    return value.isoformat()
