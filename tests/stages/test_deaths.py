"""A night that dies at every write of its stores, in a village of 200 enterprises.

One chain of deaths goes through the whole second night of the village, from landing to its release: the process dies, is
started again on what stands, and dies at the next moment it has not died at before; so every stage is begun again from whatever
the death before left. After every death: no release but the old one and the true one, each served whole, also for a reader who
stays; and the ledger has decided on none of the new deliveries or on all. At the end: the same releases, content and visible
rows of every lake table as in a home where nothing died.

The moment after one write is the moment before the next, and the chain takes it once; a row that waits in an open transaction
for the next commit is no moment of its own, the statements of the publication excepted. What only reads is done once and
remembered: the verdicts of the gates, and the frames that are copied to staging. `CREDIT_FAULTS=each` takes every moment before
and after every write, each in a home of its own that is then asked for everything, with nothing remembered (some hours).
"""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa
import pytest

from jobs.stages import gate, publish
from jobs.stages.run import Night
from jobs.stores import database
from jobs.stores.serving import copying
from tests.faults import Deaths, watched
from tests.standing import asked, reading, releases, served, standing
from tests.two_nights import BRINGS, FIRST, SECOND, night_of

DECIDED = "select count(*) as n from ledger.admissions"
WAITING = ("add", "withdraw", "create_raw", "make_basis", "write")
SHAPES = ("conform", "replace")  # writes that only a change of the tables' or views' shape needs


@pytest.fixture
def deaths() -> Iterator[Deaths]:
    with watched() as found:
        yield found


@contextmanager
def read_once() -> Iterator[None]:
    """The gates' verdicts and the frames for staging, each made at its first need and remembered."""
    verdicts: dict[str, Any] = {}
    frames: dict[str, dict[str, pa.Table]] = {}

    def checked(suite: Any, batch: Callable[[], Any], **how: Any) -> Any:
        if suite.suite not in verdicts:
            verdicts[suite.suite] = check(suite, batch(), **how)
        return verdicts[suite.suite]

    def copied(night: Night, table: Any) -> dict[str, pa.Table]:
        if table.name not in frames:
            frames[table.name] = {name: arrow(frame) for name, frame in read(night, table).items()}
        return frames[table.name]

    check, read = gate.checked, publish.frames
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "checked", checked)
        for name in ("of_spark", "of_metrics", "of_postgres"):
            patch.setattr(gate.batches, name, partial(partial, getattr(gate.batches, name)))
        patch.setattr(publish, "frames", copied)
        yield


def arrow(frame: Any) -> pa.Table:
    return frame if isinstance(frame, pa.Table) else frame.toArrow().cast(copying.schema_of(frame))


def leaves_something(moment: str) -> bool:
    """After a write, and not of a row that only the next commit would leave."""
    return moment.startswith("after ") and moment.split()[1] not in WAITING


def test_a_first_publication_dies_at_every_change_of_shape(graded, old, new_home, declared, deaths):
    home = new_home(graded)
    with read_once():
        died = deaths.chain(lambda moment: any(f" {name} " in moment for name in SHAPES), home,
                            lambda: night_of(home, declared, FIRST), lambda _: None)
    changes = ("conform live tables", *(f"replace {channel}" for channel in ("open", "market", "audit")))
    assert {moment.split(" #")[0] for moment in died} >= {
        f"{when}{change}" for change in changes for when in ("before ", "before commit, after ", "after commit, after ")}
    assert standing(home, *FIRST) == old[1]


def test_a_night_dies_at_every_write_and_its_release_is_the_true_one(old, true, new_home, declared, deaths):
    home = new_home(old[0])
    before, complete = asked(home, DECIDED)[0]["n"], (old[1].served, true.served)
    after = before + len(BRINGS)

    with reading(home) as reader, read_once():
        def look(moment: str) -> None:
            assert releases(home) == true.releases[:len(releases(home))], moment
            assert served(home) == complete[len(releases(home)) - 1], moment
            assert reader.sees() == reader.first, moment
            assert asked(home, DECIDED)[0]["n"] in (before, after), moment

        died = deaths.chain(leaves_something, home, lambda: night_of(home, declared, SECOND), look)
        assert reader.sees() == reader.first
    for name in ("put", "commit, after add deliveries", "append facts.penalty", "commit, after withdraw", "replace links",
                 "replace events", "replace grades", "commit, after add run_results", "send", "commit, after write penalties",
                 "write_table", "rename", "apply", "add_release", "commit, after add_release"):
        assert any(f" {name}" in moment for moment in died), f"nothing died at {name}"
    assert standing(home) == true


@pytest.mark.skipif(os.environ.get("CREDIT_FAULTS") != "each", reason="some hours: CREDIT_FAULTS=each")
def test_each_death_alone_leaves_a_night_that_can_be_done(old, true, new_home, declared, deaths):
    moments: list[str] = []
    home = new_home(old[0])
    assert deaths.until(lambda moment: bool(moments.append(moment)), home, lambda: night_of(home, declared, SECOND)) is None
    for moment in moments:
        home = new_home(old[0])
        with reading(home) as reader:
            assert deaths.until(moment.__eq__, home, lambda: night_of(home, declared, SECOND)) == moment  # noqa: B023
            assert served(home) in (old[1].served, true.served), moment
            assert reader.sees() == reader.first, moment
        night_of(home, declared, SECOND)
        assert standing(home) == true, moment
        database.drop(home, database.url(home).database)
