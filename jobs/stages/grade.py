"""Grade: indicators as of the date, rules in force, findings, grades by scheme, lists."""
from __future__ import annotations

from functools import reduce
from typing import Any

from pyspark.sql import DataFrame

from jobs.facts import indicators
from jobs.judgements import lists, rules
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    declared = night.declarations
    figures = {name: one for scheme in declared.schemes.values() for name, one in scheme.measured.items()}
    covered = coverage(night)
    wide = indicators.measured(night.read("events"), night.read("enterprises"), figures, covered, night.as_of).persist()
    night.write("indicators", indicators.told(wide, figures, night.as_of))
    held = [rule for scheme in declared.schemes.values() for rule in rules.in_force(declared.rules.values(), scheme, night.as_of)]
    night.write("findings", rules.findings(wide, held))
    found = night.read("findings")
    graded = [rules.grades(wide, found, scheme, covered, night.as_of) for scheme in declared.schemes.values()]
    night.write("grades", reduce(DataFrame.unionByName, graded))
    night.write("list_entries", lists.entries(night.read("events"), found, declared.categories, night.as_of))
    wide.unpersist()
    return metrics(night, covered)


def coverage(night: Night) -> dict[str, list[str]]:
    """The categories of which anything was admitted, each with the feeds that delivered: what `no record` is said of."""
    feeds: dict[str, set[str]] = {}
    for row in night.admissions:
        feeds.setdefault(row["category"], set()).add(row["feed"])
    return {category: sorted(names) for category, names in sorted(feeds.items())}


def metrics(night: Night, covered: dict[str, list[str]]) -> dict[str, Any]:
    """Counts for the summary: grades by band, findings by rule, list entries by list and origin, and the coverage."""
    def counted(table: str, *by: str) -> list[dict[str, Any]]:
        return [row.asDict() for row in night.read(table).groupBy(*by).count().orderBy(*by).collect()]

    return {"grades": counted("grades", "scheme", "grade"), "findings": counted("findings", "rule_id"),
            "list_entries": counted("list_entries", "list", "origin"), "coverage": covered}
