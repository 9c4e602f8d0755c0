"""Slips and questions as files for the organs, and how many each of them is to have."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jobs.answers import question_files, slip_files
from jobs.answers.layout import table
from jobs.answers.questions import Question
from jobs.answers.slip_lines import lines
from jobs.answers.slips import Slip
from jobs.declarations import Declarations
from jobs.declarations.organs import Organ
from jobs.stores.ledger import Ledger

HEAD = ("organ", "slips", "overdue", "lines rejected", "lines doubtful", "questions", "records asked about")


def hand_over(ledger: Ledger, declarations: Declarations, found: list[Slip], asked: list[Question], folder: Path) -> list[str]:
    """The folder holds a workbook and a CSV for every slip that is not closed and for the questions of every declared organ; told
    is a line an organ what is in them."""
    organs = {organ.code: organ for organ in declarations.organs.values()}
    open_ = [slip for slip in found if slip.status != "closed"]
    by_delivery = lines(ledger, declarations, open_)
    written = [path for slip in open_ for path in slip_files.write(folder, slip, by_delivery[slip.delivery_id], declarations)]
    for code in sorted({one.asked_organ_code for one in asked} & organs.keys()):
        mine = [one for one in asked if one.asked_organ_code == code]
        written += question_files.write(folder, organs[code], mine, declarations)
    files = f"{len(written):,} files in {folder}: a workbook and a CSV for each open slip, and 回填代码 for the questions of each"
    return [*by_organ(organs, open_, asked), files]


def by_organ(organs: Mapping[str, Organ], open_: Sequence[Slip], asked: Sequence[Question]) -> list[str]:
    """A table of how much each organ is to have, the most slips first."""
    slips: dict[str | None, list[Slip]] = {}
    for slip in open_:
        slips.setdefault(slip.organ.code if slip.organ else None, []).append(slip)
    questions: dict[str | None, list[Question]] = {}
    for one in asked:
        questions.setdefault(one.asked_organ_code, []).append(one)
    rows = [[called(organs, code), *counted(slips.get(code, []), questions.get(code, []))] for code in slips | questions]
    all_ = ["all", *counted(open_, asked)]
    return table(HEAD, [*sorted(rows, key=lambda row: (-row[1], -row[5], row[0])), all_]) if rows else []


def called(organs: Mapping[str, Organ], code: str | None) -> str:
    if code is None:
        return "(no organ answers for it)"
    return organs[code].zh if code in organs else f"{code} (not declared: no file of questions)"


def counted(slips: Sequence[Slip], questions: Sequence[Question]) -> list[int]:
    return [len(slips), sum(slip.status == "overdue" for slip in slips), sum(slip.lines("reject") for slip in slips),
            sum(slip.lines("doubt") for slip in slips), len(questions), sum(one.facts for one in questions)]
