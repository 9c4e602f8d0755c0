"""The stages of a night as a person on duty needs them: what each does, reads, writes, and what can go wrong."""
from __future__ import annotations

from dataclasses import dataclass

from jobs.declarations import Declarations
from plugins.failures import Subject
from plugins.runbooks import page

OWNER = "public-credit-operations"


@dataclass(frozen=True)
class Stage:
    """One task of the night; `reads` and `writes` are names of assets, and the feeds' own are read where `reads_feeds`."""

    name: str
    does: str
    declared: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    wrong: tuple[str, ...]
    reads_feeds: bool = False


STAGES = (
    Stage("standardise", "Rows of undecided deliveries become typed facts, rejects and flaws; repairs write their withdrawals.",
          "config/feeds, config/categories, config/fields.yml", (), ("lake/facts", "lake/rejects", "lake/flaws"),
          ("the row count of a delivery does not balance, or its volume is out of its range: it is **held**, the night goes on",
           "the suite over facts fails: the release stops"), reads_feeds=True),
    Stage("match", "Says which enterprise a fact is about and why, or that it does not know.", "jobs/enterprises",
          ("lake/facts",), ("lake/enterprises", "lake/identifiers", "lake/names", "lake/links", "lake/reviews"),
          ("the share of unlinked facts leaps: look at the newest registry deliveries first",)),
    Stage("assemble", "Folds facts into events, gives each its ends as of the date, makes one file per enterprise.",
          "config/survivorship.yml, config/regimes", ("lake/facts", "lake/links", "lake/enterprises"),
          ("lake/events", "lake/losing_values"), ("an event has no regime in force on its date: complete config/regimes",)),
    Stage("grade", "Applies the dated rules: indicators, findings, grades, list entries, each with its basis.",
          "config/rules, config/schemes", ("lake/events", "lake/enterprises"),
          ("lake/indicators", "lake/findings", "lake/grades", "lake/list_entries"),
          ("the distribution of grades moves beyond its bounds: compare the releases before adopting a rule",)),
    Stage("publish", "Loads everything into staging, checks there, applies the difference and the release row in one transaction.",
          "config/channels.yml, config/fields.yml",
          ("lake/enterprises", "lake/events", "lake/losing_values", "lake/findings", "lake/grades", "lake/list_entries"),
          ("credit/release",), ("the gate over the served tables fails: consumers keep the last release",)),
)

TIMES_PAGE = page(
    "fix_times", "Decides business date and cut-off once, for all stages of this run.",
    ["a parameter is no date or has no zone: trigger the run again with a right one"],
    ["the parameters of the run, and this task's XCom"],
    Subject("Deciding the times of the night", "config/settings.yml (night)", "nothing", OWNER, "python -m jobs night --as-of DATE"))

NIGHT_PAGE = page(
    "night", "standardise → match → assemble → grade → publish for one business date; each stage checks what it wrote. Without "
    "parameters: the day of the run in Asia/Shanghai, known until the cut-off. For another date, trigger with `as_of`.",
    ["a gate stops the release (exit code 1): the last release stands, repairs and withdrawals still take effect",
     "another run holds the lock (exit code 3): this one tries again", "yesterday's night still runs: this one waits its turn"],
    ["the log of the red task: its last lines say what broke, where it is declared and who owns it",
     "`python -m jobs status`; check results: `python -m jobs sql \"select * from ledger.check_results where not success\"`"],
    Subject("The night", "config/settings.yml (night)", "one release", OWNER, "python -m jobs night --as-of DATE --known-at MOMENT"))


def subject(stage: Stage, declared: Declarations) -> Subject:
    """What the failure message of a stage names; its suites are those declared for it."""
    suites = [f"expectations/{suite.suite}.yml" for suite in declared.suites.values() if suite.stage == stage.name]
    return Subject(what=f"The stage {stage.name}", declaration=", ".join([stage.declared, *suites]), tables=", ".join(stage.writes),
                   owner=OWNER, command=f"python -m jobs {stage.name} --as-of DATE --known-at MOMENT")


def runbook(stage: Stage, about: Subject) -> str:
    look = ["the log of this task; the gate's results: `python -m jobs sql \"select * from ledger.check_results where not success\"`"]
    return page(stage.name, stage.does, list(stage.wrong), look, about)
