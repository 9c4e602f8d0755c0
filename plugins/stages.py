"""The stages of a night as a person on duty needs them: what each does, reads, writes, and what can go wrong."""
from __future__ import annotations

from dataclasses import dataclass

from jobs.declarations import Declarations
from plugins.failures import Subject
from plugins.runbooks import page

OWNER = "public-credit-operations"
FAILED_CHECKS = "`python -m jobs sql \"select * from ledger.check_results where not success\"`"


@dataclass(frozen=True)
class Stage:
    """One task of the night; `reads` and `writes` are assets, those of the feeds where `reads_feeds`."""

    name: str
    does: str
    declared: str
    writes: tuple[str, ...]
    wrong: tuple[str, ...]
    reads: tuple[str, ...] = ()
    reads_feeds: bool = False


STAGES = (
    Stage(
        "standardise", declared="config/feeds, config/categories, config/fields.yml", reads_feeds=True,
        does="Rows of undecided deliveries become typed facts, rejects and flaws; repairs write their withdrawals.",
        writes=("lake/facts", "lake/rejects", "lake/flaws"),
        wrong=("a delivery's rows do not balance, or its volume is out of range: it is **held**, the night goes on",
               "the suite over facts fails: the release stops")),
    Stage(
        "match", declared="jobs/enterprises", reads=("lake/facts",),
        does="Says which enterprise a fact is about and why, or that it does not know.",
        writes=("lake/enterprises", "lake/identifiers", "lake/names", "lake/links", "lake/reviews"),
        wrong=("the share of facts without an enterprise leaps: look at the newest registry deliveries first",)),
    Stage(
        "assemble", declared="config/survivorship.yml, config/regimes",
        reads=("lake/facts", "lake/links", "lake/enterprises"),
        does="Folds facts into events, gives each its ends as of the date, makes one file per enterprise.",
        writes=("lake/events", "lake/losing_values"),
        wrong=("an event has no regime in force on its date: complete config/regimes",)),
    Stage(
        "grade", declared="config/rules, config/schemes", reads=("lake/events", "lake/enterprises"),
        does="Applies the dated rules: indicators, findings, grades, list entries, each with its basis.",
        writes=("lake/indicators", "lake/findings", "lake/grades", "lake/list_entries"),
        wrong=("the grades move beyond their bounds: compare the releases before adopting a rule",)),
    Stage(
        "publish", declared="config/channels.yml, config/fields.yml",
        does="Loads staging, checks there, applies the difference and the release row in one transaction.",
        reads=("lake/enterprises", "lake/events", "lake/losing_values", "lake/findings", "lake/grades",
               "lake/list_entries"),
        writes=("credit/release",),
        wrong=("the gate over the served tables fails: consumers keep the last release",)),
)

WAIT = Subject("Waiting for what is owed", "config/feeds (if_late: wait_until)", "nothing", OWNER, "python -m jobs owed")
WAIT_PAGE = page(
    "wait", does="Waits for what feeds that declare `if_late: wait_until` owe on this day, at the longest until their time; then "
    "the night goes without it. A night of a past day, or one told what it knows, waits for nothing.",
    wrong=["the database cannot be reached (exit code 3): it asks again"],
    look=["`python -m jobs owed`: what is owed, since when, by whom"], subject=WAIT)

TIMES_PAGE = page(
    "fix_times", does="Decides business date and cut-off once, for all stages of this run.",
    wrong=["a parameter is no date or has no zone: trigger the run again with a right one"],
    look=["the parameters of the run, and this task's XCom"],
    subject=Subject("Deciding the times of the night", "config/settings.yml (night)", "nothing", OWNER,
                    "python -m jobs night --as-of DATE"))

NIGHT_PAGE = page(
    "night", does="standardise → match → assemble → grade → publish for one business date; each stage checks what it "
    "wrote. Without parameters: the day of the run in Shanghai, known until the cut-off; else trigger with `as_of`.",
    wrong=["a feed that declares `if_late: hold` owes a delivery (exit code 1): land it, clear publish",
           "a gate stops the release (exit code 1): the last one stands, repairs and withdrawals still take effect",
           "another run holds the lock (exit code 3): this one tries again",
           "yesterday's night still runs: this one waits its turn"],
    look=["the log of the red task: its last lines say what broke, where it is declared and who owns it",
          f"`python -m jobs status`; failed checks: {FAILED_CHECKS}"],
    subject=Subject("The night", "config/settings.yml (night)", "one release", OWNER,
                    "python -m jobs night --as-of DATE --known-at MOMENT"))


def subject(stage: Stage, declared: Declarations) -> Subject:
    """What the failure message of a stage names; its suites are those declared for it."""
    suites = [f"expectations/{suite.suite}.yml" for suite in declared.suites.values() if suite.stage == stage.name]
    return Subject(f"The stage {stage.name}", ", ".join([stage.declared, *suites]), ", ".join(stage.writes), OWNER,
                   f"python -m jobs {stage.name} --as-of DATE --known-at MOMENT")


def runbook(stage: Stage, about: Subject) -> str:
    look = ["the log of this task", f"what its gate said: {FAILED_CHECKS}"]
    return page(stage.name, stage.does, list(stage.wrong), look, about)
