"""A legal representative becomes a token in the fact and nothing else of the row; where it may be seen, it is not told."""
from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from jobs.answers.evidence import Evidence
from jobs.declarations import DeclarationError, load
from jobs.declarations.channels import classes
from jobs.declarations.load import check_feed
from jobs.declarations.settings import ROOT
from jobs.facts import events, outcomes
from jobs.facts.plan import plan
from jobs.facts.rows import cleaned_rows
from jobs.stores.serving.tables import served
from jobs.values.persons import Key, person_token

DECLARED = load(ROOT / "config")
TOKEN = "legal_representative_token"
KEY = Key("k1", b"a-secret-of-the-tests-only")
FED = sorted(name for name, feed in DECLARED.feeds.items() if TOKEN in feed.fields)
PERSON = "欧阳慕白"


def delivered(feed: str) -> dict:
    """A delivery with the header of the feed's first example."""
    received = datetime.fromisoformat("2026-11-20T18:00:00+08:00")
    return {"delivery_id": "d", "feed": feed, "covers": received.date(), "received_at": received,
            "header": list(DECLARED.feeds[feed].examples[0].row)}


def fact(feed: str, person: str, key: Key | None = KEY, **cells: str) -> dict:
    """What becomes of the feed's first example with this person in the column of the legal representative."""
    declared = DECLARED.feeds[feed]
    row = {**declared.examples[0].row, declared.fields[TOKEN].labels[0]: person}
    row |= {declared.fields[name].labels[0]: cell for name, cell in cells.items()}
    batch = pa.RecordBatch.from_arrays([pa.array([1], pa.int32()), pa.array([list(row.values())], pa.list_(pa.string()))],
                                       ["row_no", "cells"])
    return next(out for out in cleaned_rows(plan(DECLARED, delivered(feed), "r", key), batch) if len(out)).to_pylist()[0]


def test_registries_and_penalties_give_it():
    assert {DECLARED.feeds[name].category for name in FED} == {"registration", "penalty"}
    assert len(FED) >= 10


@pytest.mark.parametrize("feed", FED)
def test_the_name_is_a_token_and_no_fact_id_is_made_of_it(feed):
    told, other, without = fact(feed, PERSON), fact(feed, "丁二凡"), fact(feed, PERSON, None)
    assert told["outcome"] == "fact"
    assert told[TOKEN] == person_token(PERSON, key=KEY)[0] is not None
    assert PERSON not in str(told)
    assert other[TOKEN] not in (None, told[TOKEN])
    assert without[TOKEN] is None
    assert told["fact_id"] == other["fact_id"] == without["fact_id"]
    assert {**told, TOKEN: None} == without == {**other, TOKEN: None}


def test_the_name_is_masked_wherever_else_it_stands_in_the_row():
    told = fact("city_penalties", PERSON, remarks=f"由{PERSON}签收")
    assert told["remarks"] == "由***签收"
    assert told[TOKEN]


def test_it_is_served_in_no_channel_and_compared_in_no_losing_value():
    for table in served(DECLARED):
        assert TOKEN not in table.columns
    assert all(TOKEN not in events.compared_fields(name, DECLARED) for name in DECLARED.categories)


def test_what_would_be_told_of_a_bad_cell_is_its_mask_alone():
    assert outcomes.shows(plan(DECLARED, delivered("city_penalties"), "r"), TOKEN)(PERSON) == "***"


def test_an_explanation_leaves_it_out(monkeypatch):
    class Ledger:
        def rows(self, *_: object, **__: object) -> list[dict]:
            return []

    asked = Evidence(None, Ledger(), DECLARED, {})
    monkeypatch.setattr(Evidence, "labelled", lambda *_: DECLARED.feeds["city_penalties"].examples[0].row)
    told = fact("city_penalties", PERSON) | {"delivery_id": "d"}
    cells = asked.cells(told, {"covers": datetime(2026, 11, 20).date()})
    assert {"document_no"} <= {cell["field"] for cell in cells}
    assert TOKEN not in {cell["field"] for cell in cells}
    assert told[TOKEN] not in str(cells)


def test_a_feed_that_maps_it_must_drop_the_column_as_personal():
    feed = DECLARED.feeds["city_penalties"]
    with pytest.raises(DeclarationError, match="must stand under personal as well"):
        check_feed(feed.model_copy(update={"personal": []}), "city_penalties.yml: ", DECLARED)


def test_channels_may_not_name_it():
    with pytest.raises(DeclarationError, match="never served"):
        classes({"dictionary": [TOKEN]}, DECLARED, Path("channels.yml"))


def test_its_declaration_holds_no_key():
    told = yaml.safe_load((ROOT / "config" / "fields.yml").read_text(encoding="utf-8"))[TOKEN]
    assert told["sensitivity"] == "never"
    assert set(told["options"]) == {"purpose"}
