"""Train: what the records with a code teach about how names are written, apart from any night; the model is a file for review."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pyspark.sql import DataFrame

from jobs.declarations.matching import FOLDER
from jobs.enterprises import decided, exact, index, model, reading, scored, tiers, training
from jobs.facts.events import latest
from jobs.facts.keeping import kept, let_go
from jobs.stages.match import acts
from jobs.stages.run import Night

HEAD = "# Written by `python -m jobs train`, never by hand; weights are thousandths of a bit, m and u the shares they rest on.\n"


def run(night: Night, terms_only: bool = False) -> dict[str, Any]:
    """Freezes the frequencies of the index under config/matching and, unless those alone are asked, learns weights anew.

    Nothing of a release changes: the next night scores by the new file, as by any changed declaration.
    """
    night.admissions = night.ledger.admitted(night.as_of, night.known_at)
    by = model.sent(night.lake.spark, night.declarations.folder)
    members = kept(index.members(latest(night.facts("registration", there=True))))
    names = kept(index.names(members))
    known = kept(reading.known(index.known(members, names), night.remembered("compared_names"), by))
    found = tiers.Index(index.identifiers(members), names, known, kept(scored.blocked(known, by.value.policy.caps)))
    facts = {name: frame for name in sorted(night.declarations.categories) if (frame := night.facts(name)) is not None}
    reports = None if terms_only else kept(latest(acts(night, facts)).select("fact_id", *exact.SUBJECT))
    decisions = night.ledger.match_decisions(night.known_at)
    ruled = decided.ruled(decisions, found.numbers, index.referents(found.numbers))
    pairs = decided.labels(night.lake.spark, ruled) if ruled else None
    told = learn(found, reports, night.declarations.folder, f"facts known on {night.known_at.date()}", pairs)
    let_go(members, names, known, found.blocks, *([reports] if reports is not None else []))
    return told


def learn(found: tiers.Index, reports: DataFrame | None, config: Path, trained_on: str,
          pairs: DataFrame | None = None) -> dict[str, Any]:
    """The frequencies of the index frozen under the configuration, and, with reports, weights learnt from those with a code
    and from those that people and organs decided (`pairs`); what was decided to be different alone teaches no weight.

    The frequencies come first, for what counts as a known brand or word depends on them.
    """
    counted = training.frequencies(found.known)
    folder = config / FOLDER
    (folder / "terms.csv").write_text(training.terms_csv(counted), encoding="utf-8")
    spark = found.known.sparkSession
    if reports is None:
        return yaml.safe_load((folder / "model.yml").read_text(encoding="utf-8"))
    sent = model.sent(spark, config, term_slope=1)
    labels = training.labelled(reports, tiers.answers_by_number(exact.distinct(reports), found, sent), found.names)
    if pairs is not None:
        said = training.decided(reports, pairs)
        labels = labels.join(said.select("subject"), "subject", "left_anti").unionByName(said)
    labels = kept(labels)
    told = kept(training.compared(labels, found, sent))
    learnt = training.lesson(told)
    made = training.model(learnt, trained_on=trained_on)
    (folder / "model.yml").write_text(HEAD + yaml.safe_dump(made, sort_keys=False, allow_unicode=True), encoding="utf-8")
    (folder / "report.md").write_text(training.report(made, learnt), encoding="utf-8")
    let_go(labels, told)
    return made


def told(made: dict[str, Any], folder: Path) -> str:
    """What was learnt, for who decides whether the next night may score by it."""
    levels = sorted((level["weight"] / model.THOUSANDTHS, f"{name}: {kind}")
                    for name, each in made["weights"].items() for kind, level in each.items())
    lines = [f"{bits:+8.2f} bits  {level}" for bits, level in [*levels[:5], *levels[-5:][::-1]]]
    return "\n".join([
        f"trained on {made['trained_on']}: {made['pairs']:,} pairs; prior {made['prior'] / model.THOUSANDTHS:+.2f} bits", *lines,
        f"written: {folder / 'matching'}/model.yml, terms.csv and report.md. Review them as any change to a declaration; "
        "the next night scores by them, and compares every subject anew."])
