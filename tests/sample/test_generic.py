"""A new feed needs its declaration alone: it delivers, in any format, and its truth is true."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

import sample
from jobs.declarations import load
from sample.district import District
from sample.generic import ACTING, VANISHED
from tests.sample.conftest import ROOT, deliveries_of, files_of, truth_of

# One declaration in each way that a file may look; labels of the first become paths, of the last two lines.
FORMS = {
    "of_json": {"kind": "json", "records": "data.list[]"}, "of_json_lines": {"kind": "jsonl", "container": "gzip"},
    "of_xml": {"kind": "xml", "records": "行", "encoding": "gb18030"},
    "of_page": {"kind": "html", "records": "2", "title_rows": 1}, "of_captioned_page": {"kind": "html", "records": "名录"},
    "of_zip": {"kind": "csv", "container": "zip", "members": "数据*.csv"},
    "of_text": {"kind": "text", "delimiter": "|", "encoding": "utf-16"},
    "of_any_delimiter": {"kind": "csv", "delimiter": "detect"},
    "of_old_workbook": {"kind": "xls", "title_rows": 2, "footer": ["^合计"], "sheets": "all"},
    "of_two_lines": {"kind": "xlsx", "title_rows": 1, "header_rows": 2, "sheets": "all", "footer": ["^填报单位", "^合计"]},
}  # fmt: skip
SEPARATORS = {"of_json": ".", "of_json_lines": ".", "of_xml": ".", "of_two_lines": "/"}


def declared_as(feed: str, form: dict, given: dict) -> dict:
    """The list of abnormal operations as another feed, with labels that an element may bear."""
    between = SEPARATORS.get(feed, "_")

    def label(old: str) -> str:
        plain = old.replace("（", "").replace("）", "")
        return f"列入{between}{plain[2:]}" if plain.startswith("列入") else plain

    fields = {name: source | {"label": label(source["label"])} for name, source in given["fields"].items()}
    examples = [one | {"row": {label(old): cell for old, cell in one["row"].items()}} for one in given["examples"]]
    named = {key: [label(old) for old in given[key]] for key in ("personal", "ignored")}
    transport = {"kind": "folder", "pattern": "*"}
    return {**given, **named, "feed": feed, "format": form, "transport": transport, "fields": fields, "examples": examples,
            "snapshot": "full" if feed == "of_text" else "increment"}  # fmt: skip


@pytest.fixture(scope="module")
def config(tmp_path_factory) -> Path:
    """The configuration with those feeds beside the others."""
    folder = tmp_path_factory.mktemp("declared")
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "expectations", folder / "expectations")
    given = yaml.safe_load((ROOT / "config/feeds/abnormal_list.yml").read_text(encoding="utf-8"))
    for feed, form in FORMS.items():
        text = yaml.safe_dump(declared_as(feed, form, given), allow_unicode=True)
        (folder / "config/feeds" / f"{feed}.yml").write_text(text, encoding="utf-8")
    return folder / "config"


@pytest.fixture(scope="module")
def made(config, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    sample.generate(folder, enterprises=100, facts=24_000, config=config)
    return folder


@pytest.fixture(scope="module")
def outcomes(config, made) -> dict[str, list[tuple[dict, dict]]]:
    """The truth and the outcome of every row of those feeds."""
    truth, pairs = truth_of(made), defaultdict(list)
    for file in files_of(made, load(config), FORMS):
        if file.path in truth:
            pairs[file.feed] += zip(truth[file.path], file.rows(), strict=True)
    return pairs


@pytest.mark.parametrize("feed", FORMS)
def test_each_row_becomes_what_the_truth_says(feed, outcomes):
    pairs = outcomes[feed]
    assert len(pairs) > 100
    rejects = [(line["field"], line["reason"]) if line["becomes"] == "reject" else (None, None) for line, _ in pairs]
    assert [line["becomes"].replace("duplicate", "fact") for line, _ in pairs] == [row["outcome"] for _, row in pairs]
    assert rejects == [(row["reject_field"], row["reject_reason"]) for _, row in pairs]


def test_every_kind_of_subject_and_of_dirt_is_among_them(outcomes):
    lines = [line for pairs in outcomes.values() for line, _ in pairs]
    assert {line["becomes"] for line in lines} == {"fact", "reject", "household", "natural_person", "duplicate"}
    assert {line["dirt"] for line in lines} >= {
        "name_only", "untidy_code", "wrong_digit", "contradiction", "nameless", "word_for_date", "not_given",
    }  # fmt: skip
    assert {line["tier"] for line in lines} >= {"", "1", "2", "3"}


def test_a_full_extract_says_again_what_stands_without_what_has_gone(made):
    truth, deliveries = truth_of(made), [one for one in deliveries_of(made) if one["feed"] == "of_text"]
    first, second = (
        {line["act"] for line in truth[one["path"]]} for one in deliveries if one["delivery_status"] == "received"
    )  # fmt: skip
    numbers = {act: int(act.rpartition("-")[2]) for act in first}  # of an act told of again the later row stands
    gone = {act for act, number in numbers.items() if number % VANISHED == 3 and number % ACTING != ACTING - 2}
    assert gone
    assert first - second == gone
    assert second - first


def test_accidents_hit_these_feeds_too(made):
    told = {(one["feed"] in FORMS, one["delivery_status"]) for one in deliveries_of(made)}
    assert told >= {(True, "received"), (True, "same"), (True, "quarantined")}


def test_an_organ_of_the_same_competence_decides_where_the_example_has_not_the_feeds_own(config):
    district = District(7, 100, 24_000, 10, sample.LAST_DAY, config)
    part = district.parts["of_text"][0]
    names = {cells["organ_name"] for cells, _ in district.generic["of_text"].rows(district.parts["of_text"], part)}
    sitting = [organ for organ in load(config).organs.values() if not organ.valid_to]
    assert len(names & {organ.zh for organ in sitting if "abnormal_listing" in organ.competence}) > 2
