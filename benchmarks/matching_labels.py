"""The engine on real names: labels derived from registry extracts and award notices, with every code hidden.

    python -m benchmarks.matching_labels FOLDER [--write FILE]      # FOLDER has registry/, labels/ as realdata/README.md tells

Four questions: is the same enterprise found by its name in another file, by its former name, is an award's winner found where the
registry has it, and is nobody linked where it has not, or where only an enterprise of one other character is there?
"""
from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from benchmarks.matching_engine import ask
from benchmarks.measure import written
from jobs.declarations.settings import ROOT, settings
from jobs.stores.lake import session
from jobs.values import codes, names

# Where each extract has name, code, former name and address; a missing column is not there.
COLUMNS = {
    "companies.csv": ("company_name", "taxpayer_identification_number", None, "registered_address"),
    "company_info.csv": ("name", "USCC", None, "location"),
    "company_info1.csv": ("company_name", "unified_social_credit_code", "former_name", "registered_address"),
    "ods_company_detail.csv": ("name", "USCC", None, "location"),
    "qcc_companies.csv": ("企业名称", "统一社会信用代码", None, "注册地址"),
}
WHO = ("truth_id", "credit_code", "organisation_code", "registration_number", "tax_number", "subject_name", "former_name",
       "registered_region", "registered_address", "legal_representative", "founding_date", "approval_date")  # fmt: skip
SAID = ("record_id", "credit_code", "organisation_code", "registration_number", "tax_number", "subject_name", "region", "address",
        "legal_representative", "event_date")  # fmt: skip


def registry(folder: Path, former: bool) -> pd.DataFrame:
    """The coded enterprises of all extracts as an index, each as the last file has it, with or without `former` names."""
    rows = {}
    for file, (name, code, once, address) in COLUMNS.items():
        for row in pd.read_csv(folder / "registry" / file, dtype=str, keep_default_na=False).to_dict("records"):
            good, called = codes.credit_code(row[code])[0], names.enterprise_name(row[name])[0]
            if good and called:
                told = [names.former_names(row[once])[0] if once else None, names.former_names_behind(row[name])[0]]
                before = "、".join(filter(None, told)) if former else None
                rows[good] = {"truth_id": good, "credit_code": good, "subject_name": called, "registered_address": row[address],
                              "former_name": before or rows.get(good, {}).get("former_name"), "registered_region": good[2:8],
                              "approval_date": pd.Timestamp("2025-01-01").date()}
    return pd.DataFrame(list(rows.values())).reindex(columns=WHO)


def asked(spark: SparkSession, folder: Path, index: pd.DataFrame, said: list[str]) -> list[dict[str, object]]:
    """What the engine answers to the names, in their order."""
    records = pd.DataFrame({"record_id": [f"{number:06d}" for number in range(len(said))], "subject_name": said})
    for frame, name, columns in ((index, "index", WHO), (records, "records", SAID)):
        shape = pa.schema([(one, pa.date32() if one.endswith("_date") else pa.string()) for one in columns])
        shaped = frame.reindex(columns=columns).astype(object)
        pq.write_table(pa.Table.from_pandas(shaped.where(shaped.notna(), None), shape, False), folder / f"{name}.parquet")
    ask(spark, SimpleNamespace(world=folder, matching=folder / "made.parquet", night=1, memory=folder / "memory",
                               config=ROOT / "config"))
    return pd.read_parquet(folder / "made.parquet").sort_values("record_id").to_dict("records")


def figures(question: str, answers: list[dict[str, object]], truths: list[str | None], said: list[str]) -> dict[str, object]:
    """Recall at one and precision of the links, and every case that went wrong or stayed open."""
    both = list(zip(answers, truths, said, strict=True))
    linked = [(one, truth) for one, truth, _ in both if one["linked"] is not None]
    known = [(one, truth) for one, truth, _ in both if truth]
    hard = [f"{name} -> {one['linked']} ({one['reason']}, {one['score']}, first {one['first_candidate']}); is {truth}"
            for one, truth, name in both if one["linked"] != truth]
    return {"question": question, "asked": len(both), "known": len(known), "linked": len(linked),
            "recall_at_1": share(sum(one["linked"] == truth for one, truth in known), len(known)),
            "recall_with_review": share(sum(truth == (one["linked"] or one["first_candidate"]) for one, truth in known),
                                        len(known)),
            "precision": share(sum(one["linked"] == truth for one, truth in linked), len(linked)), "hard": hard}


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.matching_labels", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("folder", type=Path)
    given.add_argument("--write", type=Path)
    arguments = given.parse_args()
    labels = arguments.folder / "labels"
    same, once, awards, apart = (pd.read_csv(labels / f"{name}.csv", dtype=str) for name in (
        "same_enterprise", "former_names", "awards_to_registry", "different_enterprise"))
    with_former, without = registry(arguments.folder, True), registry(arguments.folder, False)
    questions = [
        ("same enterprise, by the name of the other file", without, same["name_a"], same["code"]),
        ("former name that the index knows", with_former, once["former_name"], once["code"]),
        ("former name that the index does not know", without, once["former_name"], once["code"]),
        ("winners of awards", with_former, awards["winner_name"], awards["code"]),
        ("one character apart, the right one not in the index", with_former[~with_former.credit_code.isin(apart.code_a)],
         apart["name_a"], pd.Series([None] * len(apart))),
    ]
    made = []
    with tempfile.TemporaryDirectory(prefix="credit-labels-") as folder:
        spark = session(settings(home=Path(folder) / "home"))
        for question, index, said, truth in questions:
            truths = [None if pd.isna(one) else one for one in truth]
            answers = asked(spark, Path(folder), index, list(said))
            made.append(figures(question, answers, truths, list(said)))
            print(json.dumps({name: value for name, value in made[-1].items() if name != "hard"}, ensure_ascii=False))
            print(*(f"   {line}" for line in made[-1]["hard"][:40]), sep="\n")
        spark.stop()
    if arguments.write:
        told = [{name: value for name, value in one.items() if name != "hard"} for one in made]
        written(arguments.write, {"matching_labels": told})


if __name__ == "__main__":
    main()
