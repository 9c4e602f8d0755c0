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
WITHDRAWN = "withdrawn"
ORDER = (CONTRADICTED, SECOND, GONE, COUNTS, NOTED, WITHDRAWN)
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


def told(ledger: Ledger, declarations: Declarations, now: datetime, with_withdrawn: bool, as_json: bool) -> str:
    """Every decision that stands, those that contradict or wait first, and how many questions wait on whom; withdrawn ones are
    counted, or told too."""
    withdrawn = ledger.withdrawn_decisions(now)
    rows = with_states(ledger, now, withdrawn if with_withdrawn else [])
    if as_json:
        asked = [{"question_id": one.question_id, **vars(one)} for one in questions.questions(ledger, now)]
        return json.dumps({"decisions": rows, "withdrawn": len(withdrawn), "questions": asked,
                           "waiting": questions.waiting(ledger)}, default=written, ensure_ascii=False, indent=1)
    lines = table(HEAD, map(shown, rows)) if rows else ["nothing is decided"]
    hidden = [f"{len(withdrawn):,} withdrawn, not shown: --all"] if withdrawn and not with_withdrawn else []
    return "\n".join([*lines, *hidden, *to_settle(rows), *questions.with_unit(ledger, declarations, now)])


def with_states(ledger: Ledger, now: datetime, withdrawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The decisions that stand and these withdrawn ones, with what became of each, in the order in which they are looked at."""
    standing = ledger.match_decisions(now)
    became, names = states(ledger, standing), named(ledger, [*standing, *withdrawn])
    rows = [{**one, "state": became.get(one["decision_id"], WITHDRAWN), "name": names.get(one["enterprise_id"])}
            for one in (*standing, *withdrawn)]
    return sorted(rows, key=lambda one: (ORDER.index(one["state"]), one["subject"], one["decision_id"]))


def to_settle(rows: list[dict[str, Any]]) -> list[str]:
    """What settles the decisions that contradict each other, a line a record."""
    against: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        if one["state"] == CONTRADICTED:
            against.setdefault(one["subject"], []).append(one)
    settled = [f"  {record(of[0])}: withdraw what is wrong of {', '.join(sorted(one['decision_id'] for one in of))}"
               for _, of in sorted(against.items())]
    return ["", "CONTRADICTED  until one side is withdrawn: python -m jobs decide --withdraw ID --because \"…\" --by NAME",
            *settled] if settled else []


def record(one: dict[str, Any]) -> str:
    said = one["said"]
    return said.get("name_key") or said.get("subject_name") or next(iter(said.values()), one["subject"])


def shown(one: dict[str, Any]) -> list[Any]:
    why = f" by {one['withdrawn_by']}: {one['withdrawn_because']}" if one["state"] == WITHDRAWN else ""
    return [one["decision_id"], record(one), one["verdict"], one["name"] or one["enterprise_id"], one["decided_by"],
            one["organ_code"] or one["role"], one["decided_at"], f"{one['state']}{why}"]


def written(value: date) -> str:
    return value.isoformat()
