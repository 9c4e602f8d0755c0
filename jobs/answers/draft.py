"""A feed's declaration proposed from example files, and what it makes of them."""
from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.example import made_up
from jobs.answers.drafting.proposal import Proposal, proposal_of, stood_in
from jobs.answers.drafting.report import as_data, as_text
from jobs.answers.drafting.retried import retried
from jobs.answers.drafting.trial import Account, tried
from jobs.answers.drafting.written import written
from jobs.answers.redraft import redraft
from jobs.declarations import DeclarationError, Declarations, load
from jobs.declarations.settings import Settings
from jobs.readers import Limits, Unreadable

UNNAMED = "new_feed"


class Draft(NamedTuple):
    """The proposal, what it made of the examples, and the text of its file."""

    proposal: Proposal
    account: Account
    text: str


def drafted(files: Sequence[Path], declared: Declarations, at: datetime, name: str = UNNAMED, category: str | None = None,
            known: Dictionary | None = None) -> Draft:
    """The draft of the feed whose examples these are, received at that moment."""
    limits = Limits()
    try:
        one = proposal_of(name, files, known or Dictionary(declared), declared, limits, category)
        account = tried(stood_in(one, declared), files, declared, limits, at)
    except Unreadable as error:
        raise DeclarationError(f"no example of a feed: {error}") from error
    return Draft(one, account, written(one, made_up(one, declared), declared))


def propose(settings: Settings, asked: Namespace, at: datetime) -> tuple[str, str]:
    """What is printed, and the report beside it: of a new feed from its files, of the new version of one that changed, or of
    files as a declared feed reads them."""
    declared = load(settings.config)
    refuse_mixed(asked)
    for file in asked.files:
        if not file.is_file():
            raise DeclarationError(f"{file}: no such file")
    if asked.feed and asked.files:
        return retried(asked.feed, asked.files, declared, at), ""
    if asked.feed:
        refuse_out(asked.out)
        return redraft(settings, declared, asked.feed, asked.delivery, asked.out, asked.json)
    return draft(asked.files, declared, at, asked.out, asked.category, asked.json)


def refuse_mixed(asked: Namespace) -> None:
    """Raises DeclarationError where what is asked for does not go together."""
    if not (asked.files or asked.feed) or (asked.feed and asked.category) or (asked.delivery and not asked.feed) or (
            asked.feed and asked.files and (asked.delivery or asked.out or asked.json)):
        raise DeclarationError("draft: FILE… of a new feed, with --category if need be; --feed and --delivery of one that is "
                               "declared; or --feed and FILE…, which are read as it says and nothing else")


def refuse_out(out: Path | None) -> None:
    """Raises DeclarationError where a file is there already, or no folder for one."""
    if out and out.exists():
        raise DeclarationError(f"--out: {out} is there already and is not overwritten")
    if out and not out.parent.is_dir():
        raise DeclarationError(f"--out: there is no folder {out.parent}")


def draft(files: Sequence[Path], declared: Declarations, at: datetime, out: Path | None, category: str | None,
          as_json: bool) -> tuple[str, str]:
    """What is printed, and the report beside it; the file is written where `out` says, and none is overwritten."""
    refuse_out(out)
    one = drafted(files, declared, at, out.stem if out else UNNAMED, category)
    if out:
        out.write_text(one.text, encoding="utf-8")
    if as_json:
        return json.dumps(as_data(one.proposal, one.account, declared, one.text), ensure_ascii=False, indent=1), ""
    report = as_text(one.proposal, one.account, declared)
    if not out:
        return one.text, report
    return (f"{out} is written; fill in what is `to fill`, decide what is `unsure`, move it to config/feeds/{out.stem}.yml, then "
            f"`python -m jobs draft --feed {out.stem} FILE…` reads files by it"), report
