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
    given = datetime.fromisoformat(text)
    if given.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone; write for example {text}+08:00")
    return given


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
        running(command(name), anew=name in ("standardise", "night"))
    asking(command)
    return door


def landing(taking: argparse.ArgumentParser) -> None:
    taking.add_argument("files", nargs="*", type=Path, metavar="FILE")
    taking.add_argument("--feed")
    taking.add_argument("--received-at", type=moment, help="when the files reached us (ISO with zone); default now")
    taking.add_argument("--covers", type=date.fromisoformat, help="the day the files cover; default the day in the file's name")
    taking.add_argument("--json", action="store_true")


def running(night: argparse.ArgumentParser, anew: bool) -> None:
    night.add_argument("--as-of", type=date.fromisoformat, help="business date; default the day of --known-at in Shanghai")
    night.add_argument("--known-at", type=moment, help="cut-off of what was known (ISO with zone); default now")
    if anew:
        night.add_argument("--anew", nargs="+", default=[], metavar="FEED|DELIVERY", help="decide these anew, held or admitted: "
                           "after a corrected declaration or cleaner; what earlier nights knew stays as it was")
    if night.prog.endswith(" night"):
        night.add_argument("--land", action="store_true", help="first take what the transports of all feeds hold")


def asking(command: Callable[[str], argparse.ArgumentParser]) -> None:
    taking_out = command("withdraw")
    taking_out.add_argument("event_key")
    taking_out.add_argument("--because", required=True)
    taking_out.add_argument("--document", required=True, help="number of the document that orders it")
    taking_out.add_argument("--channel", default="all")
    taking_out.add_argument("--effective-on", type=date.fromisoformat)
    taking_out.add_argument("--by", default=os.environ.get("USER", "unknown"))
    command("replay").add_argument("release")
    explaining = command("explain")
    explaining.add_argument("id")
    explaining.add_argument("--json", action="store_true")
    query = command("sql")
    query.add_argument("statement")
    query.add_argument("--csv", action="store_true")
    telling = command("describe")
    telling.add_argument("what", nargs="*", default=[], metavar="feed|field|rule|table NAME")
    telling.add_argument("--write", action="store_true", help="write docs/feeds.md and docs/tables.md")
