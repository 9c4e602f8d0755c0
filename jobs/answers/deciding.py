"""Decisions on whose record it is, as people type them: entered whole or not at all, listed, withdrawn."""
from __future__ import annotations

import hashlib
from argparse import Namespace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from jobs.answers import decision_files, decision_list
from jobs.answers.decision_files import DecisionRefused, Row, refuse
from jobs.answers.decision_subjects import enterprises_of, said_of, subjects_of
from jobs.declarations import Declarations, known, load
from jobs.declarations.organs import called
from jobs.declarations.settings import Settings
from jobs.enterprises.rulings import VERDICTS, person
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.objects import Objects, document_key, objects

PEN = sa.text("lock table ledger.match_decisions in share row exclusive mode")  # who checks and adds is alone with it
KEPT = ("verdict", "role", "organ_code", "answered_by_organ", "because", "document", "document_sha256")


def decide(settings: Settings, asked: Namespace, now: datetime) -> str:
    """What became of the decisions that were typed, or the list of those that stand."""
    database.up(settings)
    declarations = load(settings.config)
    with database.engine(settings).begin() as connection:
        ledger = Ledger(connection)
        if asked.list:
            return decision_list.told(ledger, declarations, now, asked.all, asked.json)
        connection.execute(PEN)
        if asked.withdraw:
            return withdraw(ledger, asked, now)
        if asked.answers:
            return answer(ledger, declarations, asked, objects(settings), now)
        return enter(ledger, declarations, typed(asked), now)


def typed(asked: Namespace) -> list[Row]:
    """The decisions as they were typed: those of a file, or one."""
    defaults = {name: getattr(asked, name) for name in ("because", "document", "by")} | {"role": "person", "where": ""}
    if asked.file:
        return decision_files.decisions(asked.file, defaults)
    verdict = next((name for name in VERDICTS if getattr(asked, name)), None)
    if not asked.record or not verdict:
        raise DecisionRefused("decide needs a record and one of --same, --different, --unsure with an enterprise; or --file, "
                              "--answers, --withdraw or --list")
    return [{**defaults, "record": asked.record, "enterprise": getattr(asked, verdict), "verdict": verdict}]


def answer(ledger: Ledger, declarations: Declarations, asked: Namespace, store: Objects, now: datetime) -> str:
    """What became of an organ's answers; what it says again is known, and nothing is entered for it."""
    refuse([] if asked.organ else ["--organ is missing: it says whose answers they are"])
    made, again = decision_files.answers(ledger, asked.answers, called(declarations.organs, asked.organ), now)
    known_ = [f"{again:,} answers say again what the organ decided before: known already, nothing entered"] if again else []
    if not made:
        return known_[0]
    kept = keep(store, asked.answers)
    return "\n".join([enter(ledger, declarations, [{**row, **kept} for row in made], now), *known_])


def keep(store: Objects, path: Path) -> Row:
    """The file is kept, as what an organ said."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if not store.has(document_key(sha256)):
        store.put(path, document_key(sha256))
    return {"document": path.name, "document_sha256": sha256}


# ---- entered

def enter(ledger: Ledger, declarations: Declarations, rows: list[Row], now: datetime) -> str:
    """The decisions are in the ledger, all or none; raises DecisionRefused with every row that cannot be."""
    subjects = subjects_of(ledger, {row["record"] for row in rows})
    enterprises = enterprises_of(ledger, {row["enterprise"] for row in rows})
    standing, faults, made = ledger.match_decisions(now), [], []
    for row in rows:
        if fault := empty(row) or subjects.fault(row["record"]) or enterprises.fault(row["enterprise"]):
            faults.append(row["where"] + fault)
            continue
        one = decision(row, subjects.meant[row["record"]], enterprises.meant[row["enterprise"]], now)
        if twice := said_before(one, [*standing, *made]):
            faults.append(f"{row['where']}{twice}")
        made.append(one)
    refuse(faults)
    said = said_of(ledger, declarations, {one["subject"] for one in made})
    made = [{**one, "said": said.get(one["subject"], {})} for one in made]
    ledger.add("match_decisions", made)
    for one in made:
        logged(ledger, now, one["decided_by"], "decide", one["decision_id"],
               {name: one[name] for name in ("subject", "enterprise_id", *KEPT)})
    return decision_list.of(ledger, made, now)


def empty(row: Row) -> str | None:
    missing = next((name for name in ("record", "enterprise", "by", "because") if not row.get(name)), None)
    return f"{missing} is empty; a decision says who decides and why" if missing else None


def decision(row: Row, subject: str, enterprise: str, now: datetime) -> Row:
    """The row of the ledger, all of what it says but of whom the record speaks."""
    told = {"subject": subject, "enterprise_id": enterprise, "decided_by": row["by"], "decided_at": now,
            **{name: row.get(name) for name in KEPT}}
    key = "|".join(str(told[name]) for name in ("subject", "enterprise_id", "verdict", "role", "organ_code", "decided_by",
                                                "decided_at"))
    return {"decision_id": hashlib.sha256(key.encode()).hexdigest()[:16], **told}


def said_before(one: Row, standing: list[Row]) -> str | None:
    """Why the same person may not say this too: one says one thing of a record and an enterprise, and names one enterprise."""
    mine = [each for each in standing if each["subject"] == one["subject"] and each["organ_code"] == one["organ_code"]
            and person(each["decided_by"]) == person(one["decided_by"])]
    clash = next((each for each in mine if each["enterprise_id"] == one["enterprise_id"]
                  or each["verdict"] == one["verdict"] == "same"), None)
    return clash and (f"{one['decided_by']} decided this record already ({clash['decision_id']}, {clash['verdict']}): another "
                      "person is asked, or that is withdrawn first")


def logged(ledger: Ledger, at: datetime, by: str, action: str, subject: str, detail: Row) -> None:
    ledger.add("audit_log", [{"at": at, "actor": f"person:{by}", "action": action, "subject": subject, "detail": detail}])


# ---- withdrawn

def withdraw(ledger: Ledger, asked: Namespace, now: datetime) -> str:
    """The decision counts from the next night on no more; one person is enough."""
    refuse([f"--{name} is missing: a withdrawal says who and why" for name in ("by", "because") if not getattr(asked, name)])
    standing = [one["decision_id"] for one in ledger.match_decisions(now)]
    meant = [id for id in standing if id.startswith(asked.withdraw)]
    if len(meant) != 1:
        raise DecisionRefused(f"--withdraw {asked.withdraw!r}: {len(meant)} decisions that stand are meant; "
                              f"known: {known(standing) or 'none'}")
    ledger.add("match_withdrawals", [{"decision_id": meant[0], "because": asked.because, "withdrawn_by": asked.by,
                                      "withdrawn_at": now}])
    logged(ledger, now, asked.by, "withdraw_decision", meant[0], {"because": asked.because})
    return f"withdrawn: {meant[0]}; the next night goes without it"

