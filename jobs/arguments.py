"""What can be typed at the door: its commands and their arguments."""
from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

STAGES = {
    "standardise": "Rows of undecided deliveries become typed facts, rejects and flaws; then the gate that may hold deliveries.",
    "match": "The enterprise index, and which enterprise each fact is about, or why nobody knows; then its gate.",
    "assemble": "Acts from their reports, the ends of each as of the date, one header an enterprise; then its gate.",
    "grade": "Indicators, findings, grades and lists by the rules in force on the date; then its gate.",
    "publish": "What consumers read: staging, its gate, one release, its files and its Data Docs.",
}


def moment(text: str) -> datetime:
    """An ISO time with its zone."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write for example 2026-11-20T18:00:00+08:00") from error
    if given.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone; write for example {text}+08:00")
    return given


def day(text: str) -> date:
    """A day written YYYY-MM-DD."""
    return written(text, text, "YYYY-MM-DD")


def month(text: str) -> date:
    """The first day of a month written YYYY-MM."""
    return written(text, f"{text}-01", "YYYY-MM")


def written(text: str, whole: str, form: str) -> date:
    try:
        return date.fromisoformat(whole)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is none of the calendar; write {form}") from error


def parser(functions: dict[str, Callable[[argparse.Namespace], None]], about: str | None) -> argparse.ArgumentParser:
    """The door's parser: each command with the function that does it, whose first line is its help."""
    door = argparse.ArgumentParser(prog="python -m jobs", description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = door.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        function = functions["stage" if name in STAGES else name]
        told = STAGES.get(name, function.__doc__)
        added = commands.add_parser(name, help=told, description=told)
        added.set_defaults(function=function)
        return added

    for name in ("up", "down", "status"):
        command(name)
    landing(command("land"))
    for name in (*STAGES, "night"):
        running(command(name))
    asking(command)
    drafting(command("draft"))
    return door


def landing(taking: argparse.ArgumentParser) -> None:
    taking.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files of one feed; without, what transports hold")
    taking.add_argument("--feed", help="the feed whose files these are, as config/feeds/ names it")
    taking.add_argument("--received-at", type=moment, help="when the files reached us (ISO with zone); default now")
    taking.add_argument("--covers", type=day, help="the day the files cover; default the day in the file's name")
    taking.add_argument("--by", metavar="NAME", help="who hands the files over; asked for where the feed's transport is upload")
    taking.add_argument("--because", metavar="REASON", help="why they are handed over; with --by, in ledger.audit_log")
    taking.add_argument("--retract", metavar="DELIVERY", help="take this delivery back, as one landed under the wrong feed; "
                        "its id, or the beginning of it; with --because and --by")
    taking.add_argument("--json", action="store_true", help="the rows of the delivery ledger, for programs")


def running(night: argparse.ArgumentParser) -> None:
    night.add_argument("--as-of", type=day, help="business date; default the day of --known-at in Shanghai")
    night.add_argument("--known-at", type=moment, help="cut-off of what was known (ISO with zone); default now")
    if night.prog.endswith(" standardise"):
        night.add_argument("--feed", help="read deliveries of this feed anew, held or admitted, and no other: after a corrected "
                           "declaration or cleaner; what earlier nights knew stays as it was")
        night.add_argument("--since", type=day, help="the first day covered of those, YYYY-MM-DD")
    if night.prog.endswith(" night"):
        night.add_argument("--land", action="store_true", help="first take what the transports of all feeds hold")


def drafting(proposing: argparse.ArgumentParser) -> None:
    proposing.add_argument("files", nargs="*", type=Path, metavar="FILE", help="examples of one new feed, all laid out alike")
    proposing.add_argument("--feed", help="of this feed the new version that its newest delivery with an unknown header asks "
                           "for; with FILE, what becomes of the files' rows as it is declared")
    proposing.add_argument("--delivery", help="with --feed: this delivery instead; its id, or the beginning of it")
    proposing.add_argument("--out", type=Path, help="where it is written, as config/feeds/FEED.yml; never over a file")
    proposing.add_argument("--category", help="the category, where the columns do not decide it")
    proposing.add_argument("--json", action="store_true", help="the proposal, its evidence and the accounting, for programs")


def asking(command: Callable[[str], argparse.ArgumentParser]) -> None:
    owing = command("owed")
    owing.add_argument("--as-of", type=day, help="business date; default today in Shanghai")
    owing.add_argument("--json", action="store_true", help="the same for programs, and what the night of today waits for")
    command("words").add_argument("--json", action="store_true", help="the same for programs")
    returning(command)
    deciding(command("decide"))
    telling_all(command("bulletin"))
    scores = command("scorecard")
    whose = scores.add_mutually_exclusive_group()
    whose.add_argument("--feed", help="every figure of this feed")
    whose.add_argument("--organ", help="every figure of this organ, by its name (config/organs.yml, Chinese, English) or code")
    scores.add_argument("--month", type=month, help="YYYY-MM; default the month of the last release's date")
    scores.add_argument("--json", action="store_true", help="the same for programs")
    taking_out = command("withdraw")
    taking_out.add_argument("event_key", help="event_key of the act, as in `select event_key from events`; it stays withdrawn")
    taking_out.add_argument("--because", required=True, help="the reason, shown to who may ask for it")
    taking_out.add_argument("--document", required=True, help="number of the document that orders it")
    taking_out.add_argument("--channel", default="all", help="all (default), open, market, government or audit")
    taking_out.add_argument("--effective-on", type=day, help="the first day out, YYYY-MM-DD; default today")
    taking_out.add_argument("--by", default=os.environ.get("USER", "unknown"), help="who withdraws; default this user")
    going_back = command("rollback")
    going_back.add_argument("release", help="which is served again: its id, the beginning of it, or its sequence number")
    going_back.add_argument("--because", required=True, help="why, as ledger.audit_log keeps it")
    going_back.add_argument("--by", default=os.environ.get("USER", "unknown"), help="who goes back; default this user")
    training = command("train")
    running(training)
    training.add_argument("--terms-only", action="store_true", help="freeze only the frequencies; the weights stay")
    command("replay").add_argument("release", help="its id, the beginning of it, or its sequence number")
    matching = command("quality")
    matching.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the page (HTML) goes")
    matching.add_argument("--release", help="its id, the beginning of it, or its sequence number; default the last")
    matching.add_argument("--lang", choices=("zh", "en"), default="zh", help="default zh")
    explaining = command("explain")
    explaining.add_argument("id", help="of an enterprise, fact, review, event, grade, list entry, delivery; or its beginning")
    explaining.add_argument("--json", action="store_true", help="the same for programs")
    explaining.add_argument("--html", type=Path, metavar="FILE", help="of a fact or review: how it is linked, as a page too")
    explaining.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the page; default zh")
    resolving(command("resolve"))
    query = command("sql")
    query.add_argument("statement", help="over schema credit (what stands, withdrawn or not), open, market, audit and ledger")
    query.add_argument("--csv", action="store_true", help="every row, every cell whole")
    telling = command("describe")
    telling.add_argument("what", nargs="*", default=[], metavar="category|feed|field|item|organ|rule|table NAME")
    telling.add_argument("--lists", action="store_true", help="the data, application and act lists, as an office publishes them")
    telling.add_argument("--write", action="store_true", help="write docs/feeds.md and docs/tables.md")


def resolving(listed: argparse.ArgumentParser) -> None:
    listed.add_argument("file", metavar="FILE", help="CSV or workbook with a header; a name or number is enough: name/企业名称, "
                        "credit_code/统一社会信用代码, region/区划, date/日期; all in config/resolve.yml; - reads rows "
                        "one by one from standard input")
    listed.add_argument("--purpose", metavar="PURPOSE", help="what for, one of config/resolve.yml; it is logged")
    listed.add_argument("--by", default=os.environ.get("USER", "unknown"), help="who asks; default this user")
    listed.add_argument("--known-at", type=moment, help="ask the release known then (ISO with zone); default the last")
    listed.add_argument("--out", type=Path, metavar="FILE", help="where answers go, never over a file; default standard output")
    listed.add_argument("--json", action="store_true", help="a JSON record a row, for programs")


def telling_all(bulletin: argparse.ArgumentParser) -> None:
    period = bulletin.add_mutually_exclusive_group(required=True)
    period.add_argument("--days", type=int, metavar="N", help="the last N days, 5 for the five-day bulletin; never frozen")
    period.add_argument("--month", type=month, help="YYYY-MM: frozen by the first who asks, from the last release of then")
    bulletin.add_argument("--until", type=day, help="with --days: their last; default the last release's date")
    bulletin.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where page (HTML) and table (CSV) go")
    bulletin.add_argument("--lang", choices=("zh", "en"), default="zh", help="default zh; a frozen month has both")
    bulletin.add_argument("--restate", action="store_true", help="with --month: the last release tells it otherwise; both stand")
    bulletin.add_argument("--because", metavar="TEXT", help="with --restate: why, as the restatement says")


def returning(command: Callable[[str], argparse.ArgumentParser]) -> None:
    listing = command("slips")
    listing.add_argument("--feed", help="only those of this feed")
    listing.add_argument("--delivery", help="only that of this delivery: its id, or as much of its beginning as no other has")
    listing.add_argument("--overdue", action="store_true", help="only those past their reply clock")
    listing.add_argument("--to", type=Path, metavar="FOLDER", help="write a workbook and a CSV for each that is not closed")
    listing.add_argument("--json", action="store_true", help="the same with every line, for programs")
    disputing = command("dispute")
    disputing.add_argument("delivery", help="the delivery whose slip it is: its id, or the beginning of it")
    disputing.add_argument("--field", required=True, help="field of the line (字段代码), as the slip names it")
    disputing.add_argument("--reason", required=True, help="reason of the line (原因代码), as the slip names it")
    disputing.add_argument("--row", type=int, help="its row; without, every line of that field and reason in the delivery")
    disputing.add_argument("--because", required=True, help="what the organ says")
    disputing.add_argument("--document", required=True, type=Path, metavar="FILE", help="what it hands over to show it; kept")
    disputing.add_argument("--by", required=True, help="who disputes")
    ruling = command("rule")
    ruling.add_argument("dispute", help="its id, as `dispute` printed it")
    ruling.set_defaults(as_of=None, known_at=None)
    how = ruling.add_mutually_exclusive_group(required=True)
    how.add_argument("--upheld", action="store_true", help="the slip was right: the lines are open again")
    how.add_argument("--withdrawn", action="store_true", help="the rule was wrong, and is corrected by now: every delivery of "
                     "every feed that it hit is standardised anew at once")
    ruling.add_argument("--because", required=True, help="why")
    ruling.add_argument("--by", required=True, help="who rules")


def deciding(decision: argparse.ArgumentParser) -> None:
    decision.add_argument("record", nargs="?", help="what it is of: a subject, fact_id or review_id, or the beginning of one")
    how = decision.add_mutually_exclusive_group()
    how.add_argument("--same", metavar="ENTERPRISE", help="the record is of this enterprise: its id or a number of it")
    how.add_argument("--different", metavar="ENTERPRISE", help="it is not of this enterprise")
    how.add_argument("--unsure", metavar="ENTERPRISE", help="looked at, and it cannot be said")
    how.add_argument("--file", type=Path, help="many decisions: CSV or XLSX with columns record, enterprise, verdict, because")
    how.add_argument("--answers", type=Path, metavar="FILE", help="the filled 回填代码 of an organ's slip, with --organ")
    how.add_argument("--withdraw", metavar="ID", help="a decision counts no more, from the next night on; one person is enough")
    how.add_argument("--list", action="store_true", help="what is decided and what became of it; and who is waited for")
    decision.add_argument("--organ", help="with --answers: whose they are, by name (config/organs.yml, Chinese, English) or code")
    decision.add_argument("--because", help="why; in a file each row may say its own")
    decision.add_argument("--document", help="number of a document that shows it")
    decision.add_argument("--by", help="who decides, or who hands the file over")
    decision.add_argument("--all", action="store_true", help="with --list: withdrawn decisions too")
    decision.add_argument("--json", action="store_true", help="with --list: the same for programs")
