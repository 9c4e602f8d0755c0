"""What the last release knew when it linked a fact: the subject's own words, its numbers' claims, its scores, the index then."""
from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.answers.declared import unfolded
from jobs.answers.evidence import Evidence
from jobs.answers.link_steps import Telling, telling

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CLAIMED = {"credit_code": "by_code", "organisation": "by_organisation", "registration_number": "by_registration",
           "tax_number": "by_tax", "suggestion": "by_repair"}


@dataclass(frozen=True)
class LinkEvidence:
    """The release's tables of matching, each at its snapshot, and the facts that it had admitted."""

    evidence: Evidence

    @cached_property
    def release(self) -> dict[str, Any]:
        return self.evidence.ledger.rows("select inputs, snapshots from credit.releases where release_id = :id",
                                         id=self.evidence.release["release_id"])[0]

    @property
    def remembers(self) -> bool:
        """Whether the release was made by an engine that keeps what it compared."""
        return "match_memory" in self.release["snapshots"]

    def table(self, name: str) -> DataFrame:
        return self.evidence.lake.read(name, self.release["snapshots"][name])

    def admitted(self, category: str) -> DataFrame:
        from jobs.facts import snapshots

        declared = self.evidence.declarations
        visible = snapshots.dated(self.evidence.admissions, category, declared.feeds)
        return self.evidence.lake.dated(f"facts.{category}", visible)

    def subject(self, link: dict[str, Any]) -> dict[str, Any] | None:
        """What the fact says of whom it is about, with whom the index knows by each number and by the name.

        None for a registration, which is about itself.
        """
        from pyspark.sql import functions as F

        from jobs.enterprises import exact, links

        all_ = self.table("links")  # which makes the Spark session that a column asks for
        of = F.col("fact_id") == link["fact_id"]
        row = all_.where(of & (F.col("category") == link["category"])).first()
        if not row or not row["subject"]:
            return None
        rows = small(self.admitted(link["category"]).where(of).orderBy("delivery_id", "row_no", "part").limit(1))
        said = exact.distinct(links.told(rows, self.evidence.declarations.categories[link["category"]]))
        told = said.select("subject", *exact.SUBJECT).first().asDict()
        numbers = [value for name in (*exact.NUMBERS, "suggestion") if (value := told[name])]
        numbers += [told["credit_code"][8:17]] if told["credit_code"] else []
        found = exact.known_by(small(said), small(self.table("identifiers").where(F.col("value").isin(numbers))),
                               small(self.table("names").where(F.col("name_key") == F.lit(told["name_key"]))))
        return {**found.first().asDict(), "subject": row["subject"], "said": told["subject"]}

    def entries(self, subject: str) -> dict[str, dict[str, Any]]:
        """What match_memory holds of the subject: by kind, a number's claim and the scores."""
        from pyspark.sql import functions as F

        rows = self.table("match_memory").where(F.col("subject") == subject).collect()
        return {row["kind"]: row.asDict(recursive=True) for row in rows}

    def known(self, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
        """Every name of these enterprises with what else the index compares, the current name first."""
        from pyspark.sql import functions as F

        from jobs.enterprises import index
        from jobs.facts.events import latest

        whose = small(self.table("links").where((F.col("category") == "registration") & F.col("enterprise_id").isin(ids))
                      .select("fact_id", "enterprise_id"))
        facts = [row["fact_id"] for row in whose.collect()]
        told = latest(small(self.admitted("registration").where(F.col("fact_id").isin(facts))))
        of = index.registered(told).join(whose, "fact_id")
        names = small(self.table("names").where(F.col("enterprise_id").isin(ids)))
        known = index.known(of, names).join(names.select("enterprise_id", "name_key", "name", "current"),
                                            ["enterprise_id", "name_key"])
        found: dict[str, list[dict[str, Any]]] = {one: [] for one in ids}
        for row in sorted((row.asDict() for row in known.collect()), key=lambda one: (not one["current"], one["name_key"])):
            found[row["enterprise_id"]].append(row)
        return found

    @contextmanager
    def telling(self) -> Iterator[Telling]:
        """The scorer as it was declared for the release, in today's words."""
        digest, now = self.release["inputs"]["declarations"], self.evidence.settings.config
        if digest == self.evidence.declarations.digest:
            yield telling(now, now)
            return
        rows = self.evidence.ledger.rows("select content from ledger.declarations where digest = :digest", digest=digest)
        with tempfile.TemporaryDirectory(prefix="explain-") as folder:
            yield telling(unfolded(rows[0]["content"], Path(folder)), now)


def small(frame: DataFrame) -> DataFrame:
    """The few rows of the frame, collected once: what is asked of them next shuffles no table."""
    return frame.sparkSession.createDataFrame(frame.toArrow())
