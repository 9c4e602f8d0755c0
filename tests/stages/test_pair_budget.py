"""A night that would compare more pairs than somebody allowed: it ends with a clear message, and the last release stands."""
from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import sample
from jobs.declarations import load
from jobs.declarations.settings import ROOT, Settings
from jobs.enterprises.tiers import TooManyPairs
from jobs.stages.failures import OUTSIDE, refused
from sample.schedule import BY_HAND
from tests.released import landed, tonight
from tests.standing import asked


def test_a_night_over_its_pair_budget_ends_with_3_and_says_which_block_and_what_to_do(
        new_home: Callable[..., Settings], spark: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("config", "expectations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    policy = tmp_path / "config" / "matching" / "policy.yml"
    told = policy.read_text(encoding="utf-8")
    line = next(one for one in told.splitlines() if one.startswith("pair_budget:"))
    policy.write_text(told.replace(line, "pair_budget: 1"), encoding="utf-8")
    home, declared = new_home(), load(tmp_path / "config")
    sample.village(home.home, enterprises=60, days=1, only=BY_HAND)
    landed(home, declared)

    with pytest.raises(TooManyPairs) as stopped:
        tonight(home, declared)

    assert refused(stopped.value) == OUTSIDE == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "more than pair_budget: 1 in config/matching/policy.yml" in said
    assert "core: " in said
    assert "Lower the cap of the block that gives most, or raise the budget" in said
    assert asked(home, "select count(*) as n from credit.releases") == [{"n": 0}]
    stages = asked(home, "select stage, run_status from ledger.runs join ledger.run_results using (run_id) order by stage")
    assert {(row["stage"], row["run_status"]) for row in stages} == {("standardise", "passed"), ("match", "failed")}
