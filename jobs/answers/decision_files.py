"""Decisions from files: a table of people's decisions, or the filled 回填代码 of an organ; faults are told by row."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from jobs.answers import question_files
from jobs.answers.answered import Answered, answered
from jobs.answers.question_files import ANSWER, CANNOT_SAY, NONE_OF_THEM, NUMBERS, SHEET, WHO
from jobs.answers.questions import Question, questions
from jobs.declarations import DeclarationError, known
from jobs.declarations.organs import Organ
from jobs.enterprises.rulings import VERDICTS
from jobs.readers import Limits, Unreadable, read
from jobs.readers.spec import FormatSpec
from jobs.stores.ledger import Ledger

COLUMNS = {"record": ("record", "记录"), "enterprise": ("enterprise", "企业"), "verdict": ("verdict", "结论"),
           "because": ("because", "理由"), "by": ("by", "决定人"), "document": ("document", "文书号")}
NEEDED = ("record", "enterprise", "verdict")
IN_CHINESE = {"同一": "same", "不同": "different", "不确定": "unsure"}
TOLD = 40  # faults of one file

Row = dict[str, Any]


class DecisionRefused(DeclarationError):
    """A decision that cannot be entered, or a file with one such row; nothing of it is. Exit code 2."""


def refuse(faults: Sequence[str]) -> None:
    """Raises DecisionRefused where there is a fault."""
    if faults:
        more = [f"and {len(faults) - TOLD} more"] if len(faults) > TOLD else []
        raise DecisionRefused("\n".join(["nothing was entered:", *faults[:TOLD], *more]))


class Table(NamedTuple):
    """A file's header, what its messages call it, and its rows, each with its number from the first below the header."""

    header: tuple[str, ...]
    named: str
    rows: list[tuple[int, dict[str, str]]]


def table(path: Path, sheet: str | None = None) -> Table:
    """What a CSV or XLSX file holds; raises DecisionRefused where it cannot be read."""
    spec = FormatSpec(kind="xlsx", sheet=sheet) if path.suffix.lower() == ".xlsx" else FormatSpec(kind="csv", delimiter="detect")
    batches: list[pa.RecordBatch] = []
    if not path.is_file():
        raise DecisionRefused(f"{path}: there is no such file")
    try:
        reading = read(path, spec, batches.append, Limits())
    except Unreadable as error:
        raise DecisionRefused(f"{path}: {error.seen}") from error
    header = tuple(label.strip() for label in reading.header)
    rows = [(one["row_no"], dict(zip(header, map(text, one["cells"]), strict=False)))
            for batch in batches for one in batch.to_pylist()]
    if not rows:
        raise DecisionRefused(f"{path}: it has no row below its header")
    return Table(header, reading.header_of(str(path)), rows)


def text(cell: str | None) -> str:
    """What a cell says; the apostrophe that marks text in our own files is none of it."""
    return (cell or "").strip().removeprefix("'")


def decisions(path: Path, defaults: Row) -> list[Row]:
    """What each row decides, as it is typed; a column that the file lacks is what was typed beside it."""
    header, named, rows = table(path)
    labels = {name: next((label for label in known_as if label in header), None) for name, known_as in COLUMNS.items()}
    if missing := [COLUMNS[name] for name in NEEDED if labels[name] is None]:
        raise DecisionRefused(f"{named}: no column {' or '.join(missing[0])}; its columns: {known(header)}; "
                              f"known: {known(label for both in COLUMNS.values() for label in both)}")
    told, faults = [], []
    for number, cells in rows:
        said = {name: cells.get(label, "") for name, label in labels.items() if label}
        verdict = IN_CHINESE.get(said["verdict"], said["verdict"])
        if verdict not in VERDICTS:
            faults.append(f"{path.name} row {number}: verdict {verdict!r} is unknown; known: {known([*VERDICTS, *IN_CHINESE])}")
        told.append({**defaults, **{name: value for name, value in said.items() if value}, "verdict": verdict,
                     "where": f"{path.name} row {number}: "})
    refuse(faults)
    return told


# ---- an organ's answers

class Answers(NamedTuple):
    """The decisions that an organ's file makes, and how many of its rows say again what the organ decided before."""

    decisions: list[Row]
    known: int


def answers(ledger: Ledger, path: Path, organ: Organ, now: datetime) -> Answers:
    """What the organ decides by its filled file: of each question the candidate chosen, none of them, or that it cannot say."""
    header, named, rows = table(path, SHEET)
    if missing := [name for name in (question_files.ID, ANSWER, WHO, *NUMBERS) if name not in header]:
        raise DecisionRefused(f"{named}: no column {missing[0]}: it is no {SHEET} of ours; its columns: {known(header)}")
    asked, before = {one.question_id: one for one in questions(ledger, now)}, answered(ledger, organ, now)
    told, faults, seen, again = [], [], set(), 0
    for number, cells in rows:
        id, where = cells[question_files.ID], f"{path.name} row {number}: "
        if not cells.get(ANSWER):
            continue
        if before.says_again(id, verdicts(cells)):
            again += 1
        elif id in seen:
            faults.append(f"{where}the question is answered in an earlier row")
        elif fault := wrong(cells, asked.get(id), organ, before):
            faults.append(where + fault)
        else:
            told += answer(asked[id], cells, where)
            seen.add(id)
    refuse(faults)
    refuse([] if told or again else [f"{path.name}: no row has an answer in {ANSWER}"])
    return Answers(told, again)


def verdicts(cells: dict[str, str]) -> dict[str, str]:
    """What a row says, by the number of each candidate that it says something of."""
    said = cells[ANSWER].upper()
    of_every = {NONE_OF_THEM: "different", CANNOT_SAY: "unsure"}.get(said)
    return dict.fromkeys((cells[name] for name in NUMBERS if cells.get(name)), of_every) if of_every else {said: "same"}


def because(cells: dict[str, str]) -> str:
    return cells.get(question_files.NOTE) or f"回填代码：{cells[ANSWER]}"


def wrong(cells: dict[str, str], question: Question | None, organ: Organ, before: Answered) -> str | None:
    """Why a row is no answer to a question of this organ."""
    id = cells[question_files.ID]
    if fault := otherwise(cells, question, before):
        return fault
    if question is None:
        return f"question {id!r} is unknown, or answered by others; `python -m jobs slips --to` writes those open"
    if question.asked_organ_code != organ.code:
        return f"question {id} is about an act of another organ, not of {organ.zh}"
    if not cells.get(WHO):
        return f"{WHO} is empty: an answer has a name"
    numbers = {one["number"] for one in shown_to(question, cells)}
    if cells[ANSWER] not in (NONE_OF_THEM, CANNOT_SAY) and cells[ANSWER].upper() not in numbers:
        return f"{cells[ANSWER]!r} is no candidate of question {id}; known: {known([*sorted(numbers), NONE_OF_THEM, CANNOT_SAY])}"
    return None if numbers else f"the candidates of question {id} are others by now; ask with a new file"


def otherwise(cells: dict[str, str], question: Question | None, before: Answered) -> str | None:
    """Why a row cannot stand beside what the organ answered before."""
    id = cells[question_files.ID]
    if back := before.taken_back(id, verdicts(cells), because(cells)):
        return (f"question {id} was answered so before and {back['withdrawn_by']} withdrew it ({back['withdrawn_because']}): "
                f"leave the row out; an organ that stands by it says why in {question_files.NOTE}")
    if question is None and id in before.standing:
        stand = ", ".join(sorted({one["decision_id"] for one in before.standing[id].values()}))
        return f"question {id} was answered otherwise before ({stand}): leave the row out, or withdraw that first"
    return None


def shown_to(question: Question, cells: dict[str, str]) -> list[Row]:
    """The candidates of the question that stand in the organ's row: what it does not see it says nothing of."""
    written = {cells.get(name, "") for name in NUMBERS}
    return [one for one in question.offered.values() if one["number"] in written]


def answer(question: Question, cells: dict[str, str], where: str) -> list[Row]:
    """The decisions that an answer is: on the one chosen, or on every candidate."""
    said = verdicts(cells)
    return [{"where": where, "record": question.subject, "enterprise": one["enterprise_id"], "verdict": said[one["number"]],
             "role": "organ", "organ_code": question.organ_code, "answered_by_organ": question.asked_organ_code, "by": cells[WHO],
             "because": because(cells)} for one in shown_to(question, cells) if one["number"] in said]
